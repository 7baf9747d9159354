#!/usr/bin/env python3
"""One word for one thing: each struct tag is defined once, and what the documents of the tree name is there."""
import os
import re
import subprocess
import sys

DOCUMENTS = ["CONTRIBUTING.md"] + sorted("doc/" + name for name in os.listdir("doc"))
bad = 0


def complain(message):
    global bad
    bad += 1
    print(message)


def sources():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", "*.c", "*.h", "*.cc", "*.bats"],
                           capture_output=True, text=True, check=True).stdout.split()
    return {name: open(name, encoding="utf-8").read() for name in names if os.path.exists(name)}


def check_tags(tree):
    where = {}
    for name, text in tree.items():
        for tag in [] if name.endswith(".bats") else re.findall(r"^\s*struct (\w+) \{", text, flags=re.M):
            where.setdefault(tag, []).append(name)
    for tag, names in sorted(where.items()):
        if len(names) > 1:
            complain(f"struct {tag} is defined in {', '.join(names)}")


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
        return re.search(rf"\bstruct {member[1]}\b", all_text) and re.search(rf"\b{member[2]}\b", all_text)
    if tag := re.fullmatch(r"struct (\w+)", word):
        return re.search(rf"\bstruct {tag[1]}\b", all_text)
    return True


tree = sources()
everything = "\n".join(tree.values())
check_tags(tree)
for document in DOCUMENTS:
    for word in re.findall(r"`([^`\n]+)`", open(document, encoding="utf-8").read()):
        if not there(word, tree, everything):
            complain(f"{document}: there is no '{word}'")
for document in DOCUMENTS:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", open(document, encoding="utf-8").read()):
        if not os.path.exists(os.path.join(os.path.dirname(document), link)):
            complain(f"{document}: the link to '{link}' leads nowhere")
sys.exit(bad > 0)
