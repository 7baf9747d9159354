#!/usr/bin/env python3
"""One word for one thing: each struct tag is defined only once, and everything that the documents name exists.  Comments,
manuals and documents do not use some turns of phrase that are not plain English."""
import os
import re
import sys

import csource

DOCUMENTS = ["CONTRIBUTING.md"] + sorted("doc/" + name for name in os.listdir("doc"))
MANUALS = sorted("man/" + name for name in os.listdir("man")) if os.path.isdir("man") else []
PHRASES = {
    r"(?<!there )\b(?:is|are|was|were) no (?!longer\b|more\b|later\b|better\b|or\b)[a-z]+": "is not a ...",
    r"\bbut for\b": "except",
    r"(?<!\bone )(?<!\banother )\b(?:pass|step)(?:es|ed|ing)? over\b": "skip",
    r"\ball the same\b": "nevertheless",
    r"\banew\b": "again",
    r"\bby turns\b": "in turn",
    r"\bcan not\b": "cannot",
}
bad = 0


def complain(message):
    global bad
    bad += 1
    print(message)


def sources():
    found = {}
    for folder, folders, names in os.walk("."):
        folders[:] = [f for f in folders if f not in ("build", ".git")]
        for name in names:
            if name.endswith((".c", ".h", ".cc", ".bats")):
                path = os.path.join(folder, name)[2:]
                found[path] = open(path, encoding="utf-8").read()
    return dict(sorted(found.items()))


def check_tags(tree):
    where = {}
    for name, text in tree.items():
        for tag in [] if name.endswith(".bats") else re.findall(r"^\s*struct (\w+) \{", text, flags=re.M):
            where.setdefault(tag, []).append(name)
    for tag, names in sorted(where.items()):
        if len(names) > 1:
            complain(f"struct {tag} is defined in {', '.join(names)}")


def prose(name, text):
    """The comments of C, each as a paragraph; all of a page.  A paragraph is one line."""
    if name.endswith((".c", ".h", ".cc")):
        text = "\n\n".join(re.findall(r"/\*.*?\*/|(?<!:)//[^\n]*", text, flags=re.S))
        text = re.sub(r"\n\s*\*(?=\s)", "\n", text)
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def check_phrases(name, text):
    for paragraph in prose(name, text):
        for phrase, plain in PHRASES.items():
            for found in re.finditer(phrase, paragraph, flags=re.I):
                complain(f"{name}: '{found[0]}': write {plain}")


def members(body):
    """The names of the members in the BODY of a struct, without braces; those of unnamed structs and unions in it, too."""
    inner, at = "", 0
    while (brace := body.find("{", at)) >= 0:
        end = csource.closing(body, brace)
        inner += body[brace + 1 : end] if re.match(r"\}\s*;", body[end:]) else ""
        body = body[:brace] + body[end + 1 :]
        at = brace
    found = members(inner) if inner else set()
    for declaration in re.sub(r"\(\s*\*\s*(\w+)\s*\)\s*\([^;]*", r"\1", body).split(";"):
        for one in declaration.split(","):
            found.update(re.findall(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?::\s*\w+\s*)?$", one.strip()))
    return found


def has_member(tag, member, tree):
    """Whether a struct TAG of the tree has this MEMBER."""
    for name, text in tree.items():
        head = None if name.endswith(".bats") else re.search(rf"\bstruct {tag} (?=\{{)", text)
        if not head:
            continue
        text = csource.plain(text[head.start() :])
        opening = text.index("{")
        if member in members(text[opening + 1 : csource.closing(text, opening)]):
            return True
    return False


def there(word, tree, all_text):
    """Whether WORD, which stands between backticks in a document, names something of the tree."""
    if re.search(r"[A-Z]{4}|\*", word):  # a pattern: NAME.c
        return True
    if re.fullmatch(r"[\w.-]+\.[ch]", word):
        return any(name.endswith("/" + word) for name in tree)
    if re.match(r"(cmd|common|tests|doc|man|completions|packaging)/", word):
        path = word.split(" ")[0].split(":")[0]
        return any(os.path.exists(path + end) for end in ("", ".c", ".h"))
    if call := re.fullmatch(r"(\w+)\(\)", word):
        return re.search(rf"\b{call[1]}\(", all_text)
    if member := re.fullmatch(r"(\w+)\.(\w+)", word):
        return has_member(member[1], member[2], tree)
    if tag := re.fullmatch(r"struct (\w+)", word):
        return re.search(rf"\bstruct {tag[1]}\b", all_text)
    return True


tree = sources()
everything = "\n".join(tree.values())
check_tags(tree)
for source, source_text in tree.items():
    if not source.endswith(".bats"):
        check_phrases(source, source_text)
for page in DOCUMENTS + MANUALS:
    check_phrases(page, open(page, encoding="utf-8").read())
for document in DOCUMENTS:
    for word in re.findall(r"`([^`\n]+)`", open(document, encoding="utf-8").read()):
        if not there(word, tree, everything):
            complain(f"{document}: there is no '{word}'")
for document in DOCUMENTS:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", open(document, encoding="utf-8").read()):
        if not os.path.exists(os.path.join(os.path.dirname(document), link)):
            complain(f"{document}: the link to '{link}' has no target")
sys.exit(bad > 0)
