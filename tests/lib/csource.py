"""A C file as circles.py needs it: its includes, definitions and calls, and the functions whose address it takes.

This is not a compiler: it reads the C of this tree (clang-format has laid it out, a macro defines no function, and only
types of functions are typedef'd), so that the lint needs no build.  tests/cli/circles.bats compares its calls with those
that the linker sees.
"""
import re

KEYWORDS = set("if for while switch return sizeof do else case default goto typeof alignof defined".split())
TYPE_WORDS = set("void char short int long float double signed unsigned bool const struct union enum volatile".split())
ATTRIBUTES = re.compile(r"\b(?:static|inline|extern|MUST_CHECK|NORETURN|__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)|PRINTF_LIKE\s*\([^)]*\))")
POINTER = re.compile(r"([\w\s*]*?[\w*])\s*\(\s*\*\s*(?:const\s+)?(\w+)\s*(?:\[[^\]]*\])?\s*\)\s*\(")
TOKEN = re.compile(r"->|\.\.\.|[A-Za-z_]\w*|\S")


def plain(text):
    """The text without comments and without the contents of strings."""
    pattern = r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    return re.sub(pattern, lambda m: '""' if m[0][0] == '"' else "0" if m[0][0] == "'" else " ", text, flags=re.S)


def closing(text, start):
    """Where the bracket at START ends."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "([{":
            depth += 1
        elif text[i] in ")]}":
            depth -= 1
            if not depth:
                return i
    return len(text)


def split(params):
    """The parts that commas outside of brackets separate."""
    depth, parts, last = 0, [], 0
    for i, c in enumerate(params):
        depth += (c in "([") - (c in ")]")
        if c == "," and not depth:
            parts.append(params[last:i])
            last = i + 1
    return parts + [params[last:]]


def type_of(param):
    """A parameter's type without its name, in one spelling."""
    if pointer := POINTER.search(param):
        return signature(pointer[1], param[pointer.end():closing(param, pointer.end() - 1)]) + "*"
    words = TOKEN.findall(ATTRIBUTES.sub(" ", re.sub(r"\[[^\]]*\]", "*", param)))
    stars = "*" * words.count("*")
    words = [w for w in words if w not in "*&" and w != "const"]
    if len(words) > 1 and words[-1] not in TYPE_WORDS and words[-2] not in ("struct", "union", "enum"):
        words.pop()
    return " ".join(words) + stars


def signature(result, params):
    result = " ".join(w for w in TOKEN.findall(ATTRIBUTES.sub(" ", result)) if w != "const")
    return f"{result}({', '.join(type_of(p) for p in split(params))})"


class Function:
    def __init__(self, file, name, static, type_, body):
        self.file, self.name, self.static, self.type, self.body = file, name, static, type_, body
        self.calls, self.callbacks = set(), set()  # functions; (member or None, type) of those that it calls by a pointer

    def __repr__(self):
        return f"{self.name}() of {self.file}"


class Source:
    def __init__(self, path, text):
        self.path, self.functions, self.data, self.pointers = path, {}, "", {}
        self.taken, self.needs, self.variables = set(), set(), set()
        self.includes = re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, re.M)
        text = plain(text)
        self.text = text
        self.aliases = {m[2]: signature(m[1], m[3]) for m in re.finditer(r"typedef\s+([\w\s*]+?)(\w+)\(([^;]*)\);", text)}
        text = re.sub(r'extern\s*""\s*\{', " ", text)
        text = re.sub(r"^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?((?:\\\n|[^\n])*)", self.macro, text, flags=re.M)
        text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", "", text, flags=re.M)
        self.find_pointers(text)
        self.cut(text)

    def macro(self, match):
        """A macro is a function that others may call without saying so."""
        self.functions[match[1]] = Function(self.path, match[1], True, None, match[3].replace("\\\n", "\n"))
        return ""

    def find_pointers(self, text):
        """Members, parameters and variables that point to functions: {name: {type}}."""
        for m in POINTER.finditer(text):
            result = re.split(r"[;{},(]", m[1])[-1]
            if set(TOKEN.findall(result)) & {"return", "else"}:
                continue
            end = closing(text, m.end() - 1)
            self.pointers.setdefault(m[2], set()).add(signature(result, text[m.end():end]))

    def cut(self, text):
        """Cut the file into functions and data."""
        at = 0
        while at < len(text):
            brace, end = text.find("{", at), text.find(";", at)
            if brace < 0 or 0 <= end < brace:
                end = end + 1 if end >= 0 else len(text)
                self.declare(text[at:end])
                at = end
                continue
            head, close = text[at:brace].strip(), closing(text, brace)
            name = re.search(r"(\w+)\s*\(", ATTRIBUTES.sub(" ", head))
            if head.endswith(")") and "=" not in head and name:
                self.define(head, name[1], text[brace:close + 1])
                at = close + 1
            else:
                end = text.find(";", close)
                end = end + 1 if end >= 0 else len(text)
                self.declare(text[at:end])
                at = end

    def declare(self, text):
        """Data, types and prototypes; what is defined for other files is among `variables`."""
        self.data += text
        head = re.split(r"[={]", text)[0]
        if "=" in text and not re.search(r"\b(?:static|extern|typedef)\b|\(", head):
            self.variables.update(re.findall(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", head.strip()))

    def define(self, head, name, body):
        head = ATTRIBUTES.sub(lambda m: m[0] if m[0] == "static" else " ", head)
        opening = re.search(r"\b" + name + r"\s*\(", head)
        params = head[opening.end():closing(head, opening.end() - 1)]
        static = bool(re.search(r"\bstatic\b", head))
        result = head[:opening.start()].replace("static", " ")
        if name in self.functions:  # under another #if
            body += self.functions[name].body
        self.functions[name] = Function(self.path, name, static, signature(result, params), params + ";" + body)


def arguments(tokens, at):
    """How many arguments are in the brackets at AT."""
    depth, commas = 0, 0
    for i in range(at, len(tokens)):
        depth += (tokens[i] in "([{") - (tokens[i] in ")]}")
        commas += tokens[i] == "," and depth == 1
        if not depth:
            return commas + (i > at + 1)
    return commas


def takes(type_):
    """How many arguments a function of that type takes."""
    params = type_[type_.index("(") + 1:-1]
    return 0 if params in ("", "void") else len(split(params))


def names_in(text):
    """(name, with how many arguments it is called or -1, is it a member, the member that is set from it) of each word."""
    tokens = TOKEN.findall(text)
    into = None
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else ""
        if token in ";{},(":
            into = None
        elif token == "=" and i > 1 and tokens[i - 2] in ("->", ".") and tokens[i + 1:i + 2] != ["="]:
            into = before
        if not (token[0].isalpha() or token[0] == "_") or token in KEYWORDS or token in TYPE_WORDS:
            continue
        if before in ("struct", "union", "enum"):
            continue
        at = i + 1
        if tokens[at:at + 1] == ["["] and before in ("->", "."):  # thing->calls[i](…)
            while at < len(tokens) and tokens[at - 1] != "]":
                at += 1
        at += tokens[at:at + 2] == [")", "("]  # (*call)(…)
        called = arguments(tokens, at) if tokens[at:at + 1] == ["("] else -1
        yield token, called, before in ("->", "."), into
