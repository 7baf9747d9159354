#!/usr/bin/env python3
"""habits.py MANUAL: runs the tables of weir-expr(7)'s section COMPATIBILITY.

A row of two columns says how jq, Miller or SQL (DuckDB) writes an expression and how weir does: both must select the
same of the records below, and neither all nor none.  A row of four is an expression, a record, and its values for jq
and for weir.
"""
import json
import re
import subprocess
import sys

import duckdb

RECORDS = [
    {"id": 1, "s": "abc", "n": 7, "b": True, "m": 1, "o": {"c": "x"}, "items": [{"id": 7}], "first name": "Ada",
     "p": "x", "ts": "2026-11-22T10:30:00Z"},
    {"id": 2, "s": "Abd1", "n": -3, "b": False, "m": None, "o": {"c": "y"}, "items": [{"id": 8}], "first name": "Eve",
     "ts": "2026-11-22T09:30:00Z"},
    {"id": 3, "s": "x", "n": 2.5, "b": True, "m": 0, "o": {"c": "x"}, "items": [{"id": 9}], "first name": "Ada",
     "p": "y", "ts": "2199-01-01T00:00:00Z"},
    {"id": 4, "s": "ba", "n": 9, "b": False, "m": 2, "o": {"c": "z"}, "items": [{"id": 7}], "first name": "Ada L",
     "ts": "1999-01-01T00:00:00Z"},
]
LINES = "".join(json.dumps(r) + "\n" for r in RECORDS)


def output(*command, text=LINES):
    run = subprocess.run(command, input=text, capture_output=True, text=True)
    if (run.stderr or run.returncode) and not run.stderr.startswith("weir filter: no record had "):
        return "error: " + run.stderr.strip()
    return run.stdout.split("\n")[:-1]


def by_jq(text):
    return output("jq", "-c", text + " | .id")


def by_miller(text):
    return output("mlr", "--ijsonl", "--onidx", "filter", text, "then", "cut", "-f", "id")


def by_sql(text):
    return [str(row[0]) for row in database.sql(f"select id from records where {text} order by id").fetchall()]


def by_weir(text):
    return output("weir", "filter", "--strict", "--fields", ".id", "--format", "tsv", "--", text)


def rows(manual):
    """(there, columns) of the literal lines in the section."""
    section = re.search(r"^\.Sh COMPATIBILITY\n(.*?)^\.Sh ", manual, re.M | re.S)[1]
    for part in re.split(r"^\.Ss From ", section, flags=re.M)[1:]:
        for block in re.findall(r"^\.Bd -literal\n(.*?)^\.Ed", part, re.M | re.S):
            for line in block.splitlines():
                plain = line.replace("\\&", "").replace("\\e", "\\")
                yield part.split("\n")[0], re.split(r" {2,}", plain)


def differs(columns):
    """Why a row of four columns is wrong, or None."""
    text, record, jq, here = columns
    seen = output("jq", "-c", text, text=record)
    seen = "error" if isinstance(seen, str) else seen[0]
    if seen != jq:
        return f"jq says {seen}"
    if output("weir", "filter", "-c", "--", f"({text}) == {here}", text=record) != ["1"]:
        return "weir says something else"
    return None


def unlike(there, columns):
    """Why a row of two columns is wrong, or None."""
    seen = {"jq": by_jq, "Miller": by_miller, "SQL": by_sql}[there](columns[0])
    ours = by_weir(columns[1])
    if seen != ours:
        return f"there {seen}, here {ours}"
    if not 0 < len(ours) < len(RECORDS):
        return f"selects {len(ours)} of {len(RECORDS)}: it shows nothing"
    return None


database = duckdb.connect()
database.sql("create table records(id int, s text, n double, b bool, m int, ts timestamp)")
for r in RECORDS:
    database.execute("insert into records values (?, ?, ?, ?, ?, ?)", [r.get(k) for k in ("id", "s", "n", "b", "m")] +
                     [r["ts"].rstrip("Z")])
with open(sys.argv[1], encoding="utf-8") as file:
    table = list(rows(file.read()))
bad = 0
for where, cells in table:
    why = differs(cells) if len(cells) == 4 else unlike(where, cells) if len(cells) == 2 else "not 2 or 4 columns"
    if why:
        bad += 1
        print(f"{where}: {'   '.join(cells)}: {why}")
print(f"{len(table)} rows, {bad} wrong")
sys.exit(bad > 0 or len(table) < 50)
