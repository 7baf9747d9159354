#!/usr/bin/env python3
"""sessions.py WEIR: sessions of records in bad order are those of a straightforward model, and no two of a key overlap.

Each stream is read plain, cut into batches, in pieces with a state between them, and in parts whose results are merged.
"""
import datetime
import json
import random
import subprocess
import sys
import tempfile

from windows import stream

GAP, BEGIN = 5, 1_000_000_000


def events(r, n):
    t = BEGIN
    for _ in range(n):
        t += r.choice([0, 1, 2, 6]) * r.randrange(2)
        yield t - r.choice([0, 0, 1, 3, 4, 5, 8, 13]), r.choice("abc")


def model(records, lateness):
    """(rows, how many were late)"""
    rows, opened, closed, late, at = [], [], {}, 0, None
    for t, k in records:
        at = t - lateness if at is None else max(at, t - lateness)
        for s in [s for s in opened if s[1] + GAP <= at]:
            opened.remove(s)
            rows.append(s)
            closed[s[2]] = max(closed.get(s[2], s[1] + GAP), s[1] + GAP)
        mine = [s for s in opened if s[2] == k and s[0] - GAP < t < s[1] + GAP]
        if t < closed.get(k, t) or (not mine and t + GAP <= at):
            late += 1
            continue
        for s in mine:
            opened.remove(s)
        opened.append((min([t] + [s[0] for s in mine]), max([t] + [s[1] for s in mine]), k, 1 + sum(s[3] for s in mine)))
    return sorted((s, e + GAP, k, n) for s, e, k, n in rows + opened), late


def rows_of(out):
    rows = [json.loads(line) for line in out.split(b"\n") if line and not line.startswith(b"\x17")]
    return sorted((r["s"], r["e"], r["k"], r["count"]) for r in map(times, rows))


def times(row):
    for name, column in (("s", "window_start"), ("e", "window_end")):
        row[name] = int(datetime.datetime.fromisoformat(row[column].replace("Z", "+00:00")).timestamp())
    return row


def disjoint(rows):
    last = {}
    for start, end, k, _ in rows:
        assert start >= last.get(k, start), f"{k}: a session from {start}, one before it ends at {last[k]}"
        last[k] = end


def run(command, data):
    p = subprocess.run(command, input=data, capture_output=True)
    assert p.returncode in (0, 1), p.stderr
    return p.stdout, p.stderr


def check(weir, seed, lateness):
    r = random.Random(seed)
    records = list(events(r, 300))
    lines = [json.dumps({"t": t, "k": k}, separators=(",", ":")) for t, k in records]
    query = ["--window", f"session {GAP}s", "-g", ".k", "count"]
    command = [weir, "aggregate", *query, "--time", ".t", "--lateness", f"{lateness}s"]
    text = "".join(line + "\n" for line in lines).encode()
    wanted, late = model(records, lateness)
    disjoint(wanted)
    out, err = run(command, text)
    assert rows_of(out) == wanted, (rows_of(out), wanted)
    assert err == b"" if not late else err.startswith(f"weir aggregate: {late} of 300 records ".encode()), (late, err)
    out, err = run([*command, "--state", "none", "--watermark", "event"], stream(lines, sorted(r.sample(range(1, 300), 20))))
    assert rows_of(out) == wanted
    cuts = [0, *sorted(r.sample(range(1, 300), 6)), 300]
    with tempfile.TemporaryDirectory() as directory:
        pieces = b""
        for a, b in zip(cuts, cuts[1:]):
            pieces += run([*command, "--state", directory + "/s"], "".join(line + "\n" for line in lines[a:b]).encode())[0]
        # a much later record closes what is open
        pieces += run([*command, "--state", directory + "/s"], b'{"t":1100000000,"k":"d"}\n')[0]
        assert rows_of(pieces) == wanted
        parts = []
        for i in range(3):
            parts.append(f"{directory}/{i}")
            with open(parts[-1], "wb") as f:
                f.write(run([*command, "--partial"], "".join(line + "\n" for line in lines[i::3]).encode())[0])
        disjoint(rows_of(run([weir, "aggregate", "--merge", *query, *parts], b"")[0]))
    return late


total = sum(check(sys.argv[1], seed, lateness) for seed in range(12) for lateness in (0, 2, 7))
assert total > 100, total
