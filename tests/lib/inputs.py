#!/usr/bin/env python3
"""Compares doc/inputs.md with the tree: each program has a row, and each test that is named is there."""
import os
import re
import sys

text = open("doc/inputs.md", encoding="utf-8").read()
bad = 0


def complain(message):
    global bad
    bad += 1
    print(message)


rows = [line for line in text.splitlines() if line.startswith("| ") and "|---" not in line]
programs = " ".join(row.split("|")[2] for row in rows)
for name in sorted(os.listdir("cmd")):
    program = name.removesuffix(".c")
    if not re.search(rf"(?<![\w-]){re.escape(program)}(?![\w-])", programs):
        complain(f"doc/inputs.md: no row has '{program}'")
for path, title in re.findall(r"`(tests/[\w./-]+?)(?:: ([^`]+))?`", text):
    if not os.path.exists(path):
        if path != "tests/lint":
            complain(f"doc/inputs.md: there is no {path}")
        continue
    if title and title not in open(path, encoding="utf-8").read():
        complain(f"doc/inputs.md: {path} has no '{title}'")
sys.exit(bad > 0)
