#!/usr/bin/env python3
"""csvdiff.py SEED FILES: checks that `weir filter` reads and writes difficult CSV and TSV like Python's csv module.

Python is strict for CSV, so at the first mistake both have to stop agreeing: what weir reads before it is compared.
"""
import csv
import io
import json
import random
import subprocess
import sys

PIECES = ["a", "bc", "", " ", '"', '""', ",", ",", "\n", "\n", "\t", "\r\n", "\\", "\\t", "\u00e4", "\U0001f600", "0", "x" * 50]
COLUMNS = 5


def weir(args, data):
    run = subprocess.run(["weir", "filter", *args, "true"], input=data.encode(), capture_output=True)
    return run.returncode, run.stdout


def as_rows(out):
    """Rows of COLUMNS values from JSON lines, trailing nulls (fields that are not there) left out."""
    rows = []
    for line in out.decode().split("\n")[:-1]:
        row = list(json.loads(line).values())
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    return rows


def python_rows(data):
    """The rows, and whether all of them are well-formed."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(data, newline=""), strict=True):
            rows.append((row or [""])[:COLUMNS])
    except csv.Error:
        return rows, False
    return rows, True


def field(r):
    """A well-formed field of CSV, mostly a difficult one."""
    text = "".join(r.choice(PIECES) for _ in range(r.randrange(6)))
    if r.random() < 0.3:
        return "".join(c for c in text if c not in ',\n\r"')
    return '"' + text.replace('"', '""') + '"'


def hostile(r):
    if r.random() < 0.5:
        return "".join(r.choice(PIECES) for _ in range(r.randrange(60)))
    lines = (",".join(field(r) for _ in range(r.randrange(1, 8))) for _ in range(r.randrange(1, 200)))
    return "".join(line + r.choice(["\n", "\r\n"]) for line in lines)


def check(what, ok, *details):
    if not ok:
        sys.exit(f"{what} differs: {details!r}"[:3000])
    return 1


FIELDS = ["--fields", ",".join(f"${i + 1}" for i in range(COLUMNS))]


def check_csv(data):
    expected, good = python_rows(data)
    status, out = weir(["--input", "csv", "--format", "json", *FIELDS], data)
    seen = as_rows(out)
    check("csv", seen == expected if good else seen[: len(expected)] == expected, data, seen, expected)
    check("csv status", status == 65 if not good else status == 0, data, status)
    if good:  # unchanged, and written again
        check("csv copy", weir(["--input", "csv"], data)[1].decode() == data + ("\n" if data and data[-1] != "\n" else ""), data)
        wide = "".join(json.dumps({f"f{i}": v for i, v in enumerate(row)}) + "\n" for row in expected)
        paths = ["--fields", ",".join(f".f{i}" for i in range(COLUMNS))]
        text = weir(["--format", "csv", *paths], wide)[1].decode()
        padded = [row + [""] * (COLUMNS - len(row)) for row in expected]
        check("csv written", python_rows(text) == (padded, True), data, text)
        text = weir(["--format", "tsv", *paths], wide)[1].decode()
        back = as_rows(weir(["--input", "tsv", "--format", "json", *FIELDS], text)[1])
        check("tsv round trip", back == padded, data, text, back)
    return good


def check_tsv(data):
    data = data.replace("\\", "/").replace("\r", "")
    status, out = weir(["--input", "tsv", "--format", "json", *FIELDS], data)
    reader = csv.reader(io.StringIO(data, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    expected = [(row or [""])[:COLUMNS] for row in reader]
    check("tsv", status == 0 and as_rows(out) == expected, data, out, expected)


def main():
    seed, files = map(int, sys.argv[1:])
    csv.field_size_limit(1 << 30)
    r = random.Random(seed)
    good = 0
    for _ in range(files):
        data = hostile(r)
        good += check_csv(data)
        check_tsv(data)
    print(f"seed {seed}: {files} files, {good} well-formed, agree")
    sys.exit(not 0 < good < files)


main()
