#!/usr/bin/env python3
"""traps.py TRAPS.md: are all traps there, and does each test that the page names exist?  Prints what is wrong."""

import pathlib
import re
import subprocess
import sys

tests = pathlib.Path(__file__).resolve().parent.parent
rows = re.findall(r"^\| ([TF]\d+) \|[^|]*\| (.*) \|$", pathlib.Path(sys.argv[1]).read_text(), re.M)
known = {}


def names(file):
    """The names of the tests in FILE."""
    path = tests / file
    if file == "fault/matrix":
        return subprocess.run([path, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    if file == "model/run":
        return re.findall(r"^\tcatches \w+ (\w+)|caught: (\w+)", path.read_text(), re.M)
    if path.is_dir():
        return re.findall(r'"([^"\n]*)"', "".join(p.read_text() for p in path.iterdir()).replace("\\`", "`"))
    pattern = r'^@test "((?:[^"\\]|\\.)*)" \{$' if path.suffix == ".bats" else r"^\tTEST\((\w+)\);$"
    return re.findall(pattern, path.read_text(), re.M)


for trap, cell in rows:
    if not cell.strip():
        print(f"{trap}: nothing shows it")
    file = None
    for path, name in re.findall(r'`([a-z]+/[\w./-]+)`|"([^"]*)"', cell):
        if path:
            file = path
            if path not in known:
                known[path] = ["".join(n) for n in names(path)] if (tests / path).exists() else []
        elif file and not any(name and (n.startswith(name) or (file == "bench/rows" and name in n)) for n in known[file]):
            print(f"{trap}: {file} has no test \"{name}\"")
expected = [f"T{i}" for i in range(1, 20)] + [f"F{i}" for i in (*range(1, 14), 15, 16, 17)]
if [trap for trap, _ in rows] != expected:
    print("not all traps are there, each once and in their order")
