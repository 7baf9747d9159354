#!/usr/bin/env python3
"""detect killed after each batch, and within the next one, and started again from its state: the batches that got
their mark are those of a run without interruption, byte for byte.  The last batches again from a state give the same.

usage: detectresume.py SEED     (weir on PATH)
"""
import json
import os
import random
import shutil
import subprocess
import sys

from detectdiff import METHODS, records

MARKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "marks.py")
OPTIONS = ["--max-keys", "14", "--key-ttl", "40s", "--cooldown", "1s", "--time", ".ts", "--by", ".k"]


def stream(batches, start, last, torn):
    """The script of batches START to LAST; TORN: without an end, but with records of the next one."""
    at = sum(map(len, batches[:start]))
    lines = ["S t=1800000000000", "R 0 0:%s:%d" % (at if start else "-", at)]
    for i, batch in enumerate(batches[start:last], start + 1):
        lines += batch + ["B %d 0:%d:%d" % (i - start, at, at + len(batch))]
        at += len(batch)
    lines += batches[last][: len(batches[last]) // 2] if torn else ["F %d" % (last - start)]
    return subprocess.run([sys.executable, MARKS], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True, check=True).stdout


def detect(name, options, text, status):
    """What is written, batch by batch; what has no mark after it is left out."""
    words = [o for o in options.split() if o not in ("--time", ".ts")]
    command = "set -o pipefail; weir detect \"$@\" --state state 2>err | cat"
    r = subprocess.run(["bash", "-c", command, "bash", *OPTIONS, *words, name], input=text, stdout=subprocess.PIPE, text=True)
    assert r.returncode in (status, status or 1), (name, r.returncode, open("err").read())  # 1: some came too late
    out, batch = [], ""
    for line in r.stdout.splitlines(True):
        if line[0] != "\x17":
            batch += line
        elif '"k":"B"' in line:
            out.append(batch)
            batch = ""
    return out


def main():
    rng = random.Random(int(sys.argv[1]))
    recs = [json.dumps(r) for r in records(rng, 1500)]
    batches = []
    while recs:
        n = rng.choice([0, 1, 250, 400])
        batches.append(recs[:n])
        recs = recs[n:]
    batches.append([])
    for name, options, _ in METHODS[1::2]:  # each method is among these
        if name.startswith("range"):
            continue
        shutil.rmtree("state", ignore_errors=True)
        whole = detect(name, options, stream(batches, 0, len(batches) - 1, False), 0)
        assert len("".join(whole)) > 0, name
        shutil.rmtree("state")
        seen = []
        for i in range(len(batches) - 1):
            seen += detect(name, options, stream(batches, i, i + 1, True), 75)
        assert seen == whole, name
        half = len(batches) // 2
        again = detect(name, options, stream(batches, half, len(batches) - 1, False), 0)
        assert again == whole[half:], name
        print(f"{name}: {len(whole)} batches, {len(''.join(whole).splitlines())} records")


main()
