#!/usr/bin/env python3
"""traps.py TRAPS.md FINDINGS.md: are all traps and findings there, and does each test that the pages name exist?

Prints what is wrong.  A FINDINGS.md that is not there is right: nothing has been found yet.
"""
import pathlib
import re
import sys

import named

TRAPS = [f"T{i}" for i in range(1, 20)] + [f"F{i}" for i in (*range(1, 14), 15, 16, 17)] + [f"S{i}" for i in range(1, 10)] + [f"D{i}" for i in range(1, 7)] + [f"P{i}" for i in range(1, 6)]
FINDINGS = {
    "kafka": [f"F{i}" for i in range(1, 18)],
    "lake": [f"F{i}" for i in range(1, 20)],
    "records": ["A1", *(f"B{i}" for i in range(1, 22)), "C"],
    "security": ["C1", *(f"{k}{i}" for k, n in (("H", 3), ("M", 5), ("L", 11)) for i in range(1, n + 1))],
    "house": ["0"],
    "newuser": ["A"],  # of its thirty, those that are mended
}
IDS = r"[A-Z]?\d+|[A-Z]\b"


def traps(page):
    rows = re.findall(r"^\| ([TFSDP]\d+) \|[^|]*\| (.*) \|$", page, re.M)
    for trap, cell in rows:
        if not cell.strip():
            yield f"{trap}: nothing shows it"
        file = None
        for path, name in re.findall(r'`([a-z]+/[\w./-]+)`|"([^"]*)"', cell):
            if path:
                file = path
            elif file and not named.exists(file, name):
                yield f'{trap}: {file} has no test "{name}"'
    if [trap for trap, _ in rows] != TRAPS:
        yield "not all traps are there, each once and in their order"


def known(cell):
    """The findings that the first cell of a row names: "kafka F1", "lake F1, F3-F5", "records C, security C1"."""
    for review, text in re.findall(rf"({'|'.join(FINDINGS)})((?:[\s,/]|and|to|-|–|\([a-z, ]*\)|{IDS})+)", cell):
        for first, last in re.findall(rf"({IDS})(?:\([a-z, ]*\))?(?:(?:-|–| to )({IDS}))?", text):
            letter = first.rstrip("0123456789")
            if last:
                numbers = range(int(first[len(letter) :]), int(last.lstrip(letter)) + 1)
                yield from ((review, f"{letter}{n}") for n in numbers)
            else:
                yield review, first
                yield review, letter


def findings(page):
    seen = set()
    for line in page.splitlines():
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        ids = set(known(cells[0])) if line.startswith("| ") else set()
        if not ids:
            continue
        seen |= ids
        count, wrong = named.missing(line)
        yield from (f"{cells[0]}: {w}" for w in wrong)
        if not count:
            yield f"{cells[0]}: no test is named"
    for review, expected in FINDINGS.items():
        yield from (f"{review} {i}: has no row" for i in expected if (review, i) not in seen)


def main():
    print(*traps(pathlib.Path(sys.argv[1]).read_text()), sep="\n", end="")
    page = pathlib.Path(sys.argv[2])
    if page.exists():
        print(*findings(page.read_text()), sep="\n", end="")


main()
