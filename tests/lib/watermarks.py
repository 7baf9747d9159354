#!/usr/bin/env python3
"""watermarks.py WEIR: windows of a marked stream whose source has the time of its slowest partition, beside a model.

Partitions of records in nearly ascending order of time, read with different speed, in batches; some batches move nothing,
some hold nothing for us.  The rows of `weir aggregate` are those of the model, in one run and in several with a state.
"""
import datetime
import json
import random
import subprocess
import sys
import tempfile

from windows import HERE, run

BEGIN, SIZE, LATENESS = 1_000_000_000_000, 10_000, 2_000


def batches(r):
    """Lists of (partition, records, wm): what each batch reads; a record is (event time, key)."""
    parts = []
    for p in range(3):
        t, times = BEGIN, []
        for _ in range(120):
            t += r.choice([0, 100, 500, 3000])
            times.append(t)
        parts.append(times)
    at, newest, floor, said, out = [0] * 3, [None] * 3, 0, None, []
    while any(at[p] < 120 for p in range(3)):
        read = []
        for p in r.sample(range(3), r.randrange(3)):
            n = min(r.choice([0, 1, 40]), 120 - at[p])
            for time in parts[p][at[p] : at[p] + n]:
                newest[p] = max(newest[p] or 0, time)
                read.append((time - r.randrange(LATENESS) * r.choice([1, 1, 1, 9]), f"{p}{r.randrange(2)}"))
            at[p] += n
        left = [newest[p] or 0 for p in range(3) if at[p] < 120]
        moves = bool(read) or r.random() < 0.2  # a transaction's marker
        if moves:
            floor = max([floor] + [min(left)] if left else [floor])
            said = floor if left else None
        out.append((read if r.random() < 0.8 else [], moves, said))  # another filter may let no record pass
    return out


def model(stream):
    """The rows of windows that are closed, in order, by batch; and how many records were late."""
    newest = at = 0
    open_, rows, late = {}, [], 0
    for read, moves, said in stream:
        for time, key in read:
            newest = max(newest, time)
            end = time // SIZE * SIZE + SIZE
            if end <= at:
                late += 1
            else:
                open_[end, key] = open_.get((end, key), 0) + 1
        if moves and newest:
            at = max(at, min(newest, said if said is not None else newest) - LATENESS)
        closed = sorted(w for w in open_ if w[0] <= at)
        rows.append([(end, key, open_.pop((end, key))) for end, key in closed])
    return rows, late


def marked(stream, first, last, offset):
    """The marked stream of these batches of STREAM; and the offset after them."""
    script = ["S", f"R {first} 0:{offset if first else '-'}:{offset}"]
    for b in range(first, last):
        read, moves, said = stream[b]
        script += [json.dumps({"t": t, "k": k}) for t, k in read]
        to = offset + len(read) + moves
        script.append(f"B {b + 1} 0:{offset}:{to}" + (f" wm={said} slow=0" if said is not None else ""))
        offset = to
    text = "\n".join([*script, f"F {last}"]) + "\n"
    marks = [sys.executable, HERE + "/marks.py"]
    return subprocess.run(marks, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout, offset


def rows_of(out):
    """The rows of each batch."""
    rows = [[]]
    for line in out.split(b"\n")[:-1]:
        if not line.startswith(b"\x17"):
            row = json.loads(line)
            rows[-1].append((row["window_end"], row["k"], row["count"]))
        elif json.loads(line[1:])["k"] == "B":
            rows.append([])
    assert rows.pop() == [], "rows after the last batch"
    return rows


def stamp(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def check(weir, seed):
    stream = batches(random.Random(seed))
    wanted, late = model(stream)
    wanted = [[(stamp(end), key, n) for end, key, n in batch] for batch in wanted]
    command = [weir, "aggregate", "--window", f"tumbling {SIZE}ms", "--lateness", f"{LATENESS}ms", "--time", ".t", "-g", ".k", "count"]
    r, seen = random.Random(seed), 0
    for cuts in [], sorted(r.sample(range(1, len(stream)), 3)):
        with tempfile.TemporaryDirectory() as directory:
            rows, offset = [], 0
            for first, last in zip([0, *cuts], [*cuts, len(stream)]):
                data, offset = marked(stream, first, last, offset)
                status, out, err = run([*command, "--state", directory + "/state"], data)
                assert status in (0, 1), err
                rows += rows_of(out)
                assert cuts or not late or f"{late} of " in err, (late, err)
            assert rows == wanted, (seed, cuts, next((b, a, w) for b, (a, w) in enumerate(zip(rows, wanted)) if a != w))
    return sum(map(len, wanted)), late


if __name__ == "__main__":
    found = [check(sys.argv[1], seed) for seed in range(12)]
    rows, late = sum(rows for rows, _ in found), sum(late for _, late in found)
    assert rows > 500 and late > 20, (rows, late)
