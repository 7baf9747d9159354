#!/usr/bin/env python3
"""stepdiff.py SEED RECORDS: step beside Miller's step on the same random records.

Differences that are meant: the first shift, delta and ratio of a key are null, where Miller has "-", 0 or 1; a
field that is null or empty is passed over, so that no record has one here.
"""
import json
import math
import random
import subprocess
import sys

STEPS = ["shift", "delta", "ratio", "sum", "count", "ewma 0.1", "ewma 0.75"]
MILLER = {"sum": "rsum", "count": "counter", "ewma 0.1": "ewma -d 0.1", "ewma 0.75": "ewma -d 0.75"}


def run(args, text):
    return subprocess.run(args, input=text, capture_output=True, check=True, text=True).stdout


def same(ours, theirs, first):
    if ours is None:
        return first
    if isinstance(ours, int) and isinstance(theirs, int):
        return ours == theirs
    return math.isclose(float(ours), float(theirs), rel_tol=1e-13, abs_tol=1e-13)


def check(step, by, records):
    text = "".join(json.dumps(r) + "\n" for r in records)
    program = f"step {step} .x" + (" by " + ", ".join("." + k for k in by) if by else "") + " as .r"
    ours = [json.loads(line) for line in run(["weir", "map", program], text).splitlines()]
    kind, *rest = MILLER.get(step, step).split()
    args = ["mlr", "--ijsonl", "--ojsonl", "step", "-a", kind, *rest, "-f", "x"] + (["-g", ",".join(by)] if by else [])
    theirs = [json.loads(line) for line in run(args, text).splitlines()]
    name = "x_" + kind + ("_" + rest[1] if rest else "")
    assert len(ours) == len(theirs) == len(records)
    seen = set()
    for i, (a, b) in enumerate(zip(ours, theirs)):
        key = tuple(a[k] for k in by)
        if not same(a["r"], b[name], key not in seen):
            sys.exit(f"{program}: record {i + 1}: {a['r']}, but Miller has {b[name]}")
        seen.add(key)


def main():
    r = random.Random(int(sys.argv[1]))
    records = [{"k": r.choice("abcdef"), "g": r.randrange(3),
                "x": r.choice([r.randrange(1, 1000), round(r.uniform(0.5, 100), 2)])} for _ in range(int(sys.argv[2]))]
    for step in STEPS:
        for by in ([], ["k"], ["k", "g"]):
            check(step, by, records)


main()
