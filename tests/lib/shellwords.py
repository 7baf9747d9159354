"""shellwords: the words in command position of a shell script, without running it.

Enough of bash's grammar for the scripts of this tree: quotes, substitutions, here-documents, case, [[ ]], arrays, functions,
and bats' @test.  What stands after a wrapper (`env`, `timeout 5`, `run`, `start_bg NAME`, …) is a command too, and so is
each command in the text of `bash -c '…'`, of run_sh and of their kind.
"""
import re

ASSIGNMENT = re.compile(r"\w+(\[.*?\])?\+?=", re.S)
KEYWORDS = set("if then elif else while until do done fi ! { } time coproc".split())
# Commands that run the command after them: how many operands come before it, and the letters of options with a value.
WRAPPERS = {
    "env": (0, "uCS"), "exec": (0, "a"), "command": (0, ""), "builtin": (0, ""), "nice": (0, "n"), "nohup": (0, ""), "setsid": (0, ""),
    "timeout": (1, "ks"), "xargs": (0, "nILPds"), "stdbuf": (0, "ioe"), "taskset": (1, ""), "unshare": (0, "RSG"), "prlimit": (0, ""),
    "setpriv": (0, ""), "strace": (0, "eoPsEX"), "parallel": (0, "jN"), "flock": (1, "w"), "tests/lib/watchman": (2, ""), "chroot": (1, ""),
    "run": (0, "f"), "run_logged": (0, ""), "start_bg": (1, ""), "wait_for": (1, ""), "fails": (0, ""), "attend": (0, ""),
    "stage": (2, ""),
}  # fmt: skip
# These words are followed by, or are options with, the text of a script.
SHELLS = {"bash", "sh", "dash", "script", "su", "zsh"}
TEXTS = {"run_sh", "eval", "trap", "--shell"}


class Script:
    """Yields (line, word) of a script; `functions` is what it defines."""

    def __init__(self, text, line=1):
        self.text, self.i, self.first, self.functions, self.out = text, 0, line, set(), []

    def commands(self):
        if not self.out and self.text:
            self.scan("")
        return self.out

    def line(self):
        return self.first + self.text.count("\n", 0, self.i)

    # --- the grammar ---------------------------------------------------------------------------

    def scan(self, closer, array=False):
        """Up to CLOSER, or to the end.  In an array the words are not commands."""
        state = State()
        while self.i < len(self.text):
            c = self.text[self.i]
            if closer and c == closer and state.depth == 0 and not state.pattern:
                break
            self.step(c, state, array)
        self.end_command(state, array)
        self.i += 1

    def step(self, c, state, array):
        if c in " \t":
            self.end_word(state)
            self.i += 1
        elif c == "#" and state.word is None:
            self.i = self.find("\n")
        elif c == "\n" or c in ";&|()":
            self.operator(c, state, array)
        elif c in "<>" and not state.test:
            self.redirection(c, state)
        else:
            state.word = (state.word or "") + self.piece(c)

    def operator(self, c, state, array):
        after = self.text[self.i + 1 : self.i + 2]
        word, bare = state.word, not state.words
        if c == "&" and after == ">":
            self.i += 1
            return
        if state.test and c in "()|&" or c == "\n" and array:
            self.end_word(state)
            self.i += 1
        elif c == "(" and word and word.endswith("=") and ASSIGNMENT.fullmatch(word):
            self.i += 1
            self.scan(")", array=True)
        elif c == "(" and after == ")" and word and bare:
            self.functions.add(word)
            state.word = None
            self.i += 2
        elif c == "(" and after == "(" and word is None:
            self.i += 2
            self.arithmetic()
        elif self.in_pattern(state):
            self.i += 1
            state.pattern = c != ")"
        else:
            self.end_command(state, array)
            state.depth += (c == "(") - (c == ")")
            self.i += 1
            if c == ";" and after in (";", "&") and after and state.cases:
                self.i += 1
                state.pattern = True
            if c == "\n" and state.heres:
                self.skip_heres(state)

    def in_pattern(self, state):
        """Still in the pattern of a case, when its word has ended?"""
        if state.pattern:
            self.end_word(state)
        return state.pattern

    def end_word(self, state):
        word, state.word = state.word, None
        if word is None:
            return
        if state.target:
            state.target = False
            return
        if state.pattern:
            if word == "esac":
                state.pattern, state.cases = False, state.cases - 1
            return
        state.words.append(word)
        if word == "[[" and len(state.words) == 1:
            state.test = True
        if word == "]]":
            state.test = False
        if word == "in" and state.words[0] == "case":
            state.pattern, state.cases, state.words = True, state.cases + 1, []
        elif state.words == ["esac"]:
            state.cases, state.words = state.cases - 1, []
        elif len(state.words) == 1 and word in KEYWORDS:
            state.words = []
            state.test = False

    def end_command(self, state, array):
        self.end_word(state)
        words, state.words, state.target = state.words, [], False
        if words and not array:
            self.judge(words)

    def redirection(self, c, state):
        if state.word is not None and (state.word.isdigit() or re.fullmatch(r"\{\w+\}", state.word)):
            state.word = None
        self.end_word(state)
        if self.text[self.i + 1 : self.i + 2] == "(":  # <( )
            self.i += 2
            self.scan(")")
            state.word = "$"
            return
        here = re.match(r"<<(-?)(?!<)\s*\\?(['\"]?)(\w+)\2", self.text[self.i :])
        if here:
            state.heres.append((here[3], here[1]))
            self.i += here.end()
            return
        self.i += re.match(r"<<<|[<>]{1,2}[&|>]?-?", self.text[self.i :]).end()
        state.target = self.text[self.i - 1] != "-"
        while self.text[self.i : self.i + 1] in (" ", "\t"):
            self.i += 1

    def skip_heres(self, state):
        for name, tabs in state.heres:
            while self.i < len(self.text):
                end = self.find("\n")
                line, self.i = self.text[self.i : end], end + 1
                if (line.lstrip("\t") if tabs else line) == name:
                    break
        state.heres = []

    # --- words -----------------------------------------------------------------------------------

    def piece(self, c):
        """What C begins, without quotes; a substitution is read as a script and stands as "$"."""
        text = self.text
        if c == "\\":
            self.i += 2
            return "" if text[self.i - 1] == "\n" else text[self.i - 1 : self.i]
        if c == "'":
            end = text.index("'", self.i + 1)
            begin, self.i = self.i + 1, end + 1
            return text[begin:end]
        if c == '"':
            return self.quoted()
        if c == "`":
            end = text.index("`", self.i + 1)
            begin, self.i = self.i + 1, end + 1
            self.nested(text[begin:end])
            return "$"
        if c == "$":
            return self.dollar()
        self.i += 1
        return c

    def dollar(self):
        rest = self.text[self.i : self.i + 3]
        if rest == "$((":
            self.i += 3
            self.arithmetic()
        elif rest.startswith("$("):
            self.i += 2
            self.scan(")")
        elif rest.startswith("${"):
            self.i += 2
            while self.text[self.i] != "}":
                self.piece(self.text[self.i])
            self.i += 1
        elif rest.startswith("$'"):
            end = re.compile(r"(?:[^\\']|\\.)*'", re.S).match(self.text, self.i + 2).end()
            begin, self.i = self.i + 2, end
            return self.text[begin : end - 1]
        else:
            self.i += 1
        return "$"

    def arithmetic(self):
        """Up to its "))"; substitutions in it are scripts."""
        depth = 0
        while depth or self.text[self.i : self.i + 2] != "))":
            c = self.text[self.i]
            depth += (c == "(") - (c == ")")
            if c in "$`":
                self.piece(c)
            else:
                self.i += 1
        self.i += 2

    def quoted(self):
        self.i += 1
        word = ""
        while self.text[self.i] != '"':
            c = self.text[self.i]
            if c == "\\":
                after = self.text[self.i + 1]
                word += after if after in '$`"\\' else "" if after == "\n" else c + after
                self.i += 2
            elif c in "$`":
                word += self.piece(c)
            else:
                word += c
                self.i += 1
        self.i += 1
        return word

    def find(self, what):
        at = self.text.find(what, self.i)
        return len(self.text) if at < 0 else at

    # --- commands --------------------------------------------------------------------------------

    def nested(self, text):
        inner = Script(text, self.line())
        try:
            self.out += inner.commands()
        except (ValueError, IndexError, AttributeError):
            return  # not a script after all
        self.functions |= inner.functions

    def judge(self, words):
        while words and ASSIGNMENT.match(words[0]):
            words = words[1:]
        if not words or words[0] in ("for", "select", "case", "function", "@test"):
            if words and words[0] == "function":
                self.functions.add(words[1])
            return
        name = words[0]
        self.out.append((self.line(), name))
        self.texts(name, words)
        if "-exec" in words and name == "find":
            self.judge(words[words.index("-exec") + 1 :])
        if name in WRAPPERS:
            self.judge(behind(words, *WRAPPERS[name]))

    def texts(self, name, words):
        if name in SHELLS:
            at = next((i for i, w in enumerate(words) if re.fullmatch(r"-\w*c", w)), None)
            if at is not None and at + 1 < len(words):
                self.nested(words[at + 1])
        for i, word in enumerate(words[:-1]):
            if word in TEXTS and (i == 0 or word == "--shell"):
                self.nested(words[i + 1])


class State:
    """Of one level of the grammar: the command that is being read."""

    def __init__(self):
        self.words, self.word, self.heres = [], None, []
        self.depth = self.cases = 0
        self.test = self.pattern = self.target = False


def behind(words, operands, valued):
    """The command that stands after a wrapper."""
    i = 1
    while i < len(words) and (words[i].startswith("-") or ASSIGNMENT.match(words[i])):
        if words[i] == "--":
            i += 1
            break
        i += 2 if re.fullmatch(rf"-[{valued or '-'}]", words[i]) else 1
    return words[i + operands :]
