#!/usr/bin/env python3
"""detect beside a straightforward implementation of its methods, on random records, plain and cut into batches.

usage: detectdiff.py SEED RECORDS     ($BUILD: the build tree; weir on PATH)
"""
import json
import math
import os
import random
import statistics
import subprocess
import sys

MOST = 1e6


def score_of(x, scale):
    x = abs(x)
    return 0.0 if x == 0 else x / scale if x < scale * MOST else MOST


class Baseline:
    def __init__(self):
        self.n, self.mean, self.var = 0, 0.0, 0.0
        self.freeze()

    def freeze(self):
        self.center, self.scale = self.mean, math.sqrt(self.var)

    def learn(self, x, alpha):
        w = max(alpha, 1 / (self.n + 1))
        d = x - self.mean
        self.mean += w * d
        self.var = (1 - w) * (self.var + w * d * d)
        self.n += 1

    def clip(self, x, most):
        return min(max(x, self.center - most), self.center + most)


class Zscore:
    frozen = True
    least = 30

    def __init__(self, limit=4, alpha=0.01, floor=0):
        self.limit, self.alpha, self.floor, self.b = limit, alpha, floor, Baseline()

    def freeze(self, n, each):
        self.b.freeze()

    def judge(self, r, judged):
        x, scale = r["v"], max(self.b.scale, self.floor)
        score = score_of(x - self.b.center, scale)
        if judged and scale > 0:
            x = self.b.clip(x, scale * self.limit)
        self.b.learn(x, self.alpha)
        return score


class Cusum:
    frozen = True
    least = 30

    def __init__(self, limit=5, k=0.5, alpha=0.001, floor=0):
        self.limit, self.k, self.alpha, self.floor, self.b = limit, k, alpha, floor, Baseline()
        self.up = self.down = 0.0

    def freeze(self, n, each):
        self.b.freeze()

    def judge(self, r, judged):
        x, scale, score = r["v"], max(self.b.scale, self.floor), None
        if judged:
            z = math.copysign(score_of(x - self.b.center, scale), x - self.b.center)
            self.up = max(0, self.up + z - self.k)
            self.down = max(0, self.down - z - self.k)
            score = min(max(self.up, self.down), MOST)
            if score > self.limit:
                self.up = self.down = 0.0
            if scale > 0:
                x = self.b.clip(x, scale * 4)
        self.b.learn(x, self.alpha)
        return score


class Mad:
    frozen = True
    least = 30

    def __init__(self, span=1000, floor=0):
        self.span, self.floor = span, floor
        self.values, self.next, self.median = [], 0, None

    def freeze(self, n, each):
        if each and n < self.next:
            return
        self.next = n + 1 + n % self.span // 16
        if len(self.values) < 8:
            return
        self.median = statistics.median(self.values)
        self.mad = statistics.median(abs(v - self.median) for v in self.values)
        if len(self.values) >= self.span:
            self.values = []

    def judge(self, r, judged):
        score = None
        if self.median is not None:
            score = score_of(0.6745 * (r["v"] - self.median), max(self.mad, self.floor))
        self.values.append(r["v"])
        return score


class Range:
    frozen = False
    least = 0
    counts = False

    def __init__(self, lo, hi):
        self.lo, self.hi = lo, hi

    def judge(self, r, judged):
        return max(self.lo - r["v"], r["v"] - self.hi, 0)


class Stuck:
    frozen = False
    least = 0

    def __init__(self):
        self.value, self.since, self.last = None, None, None

    def judge(self, r, judged):
        if self.last is not None and r["ts"] < self.last:
            return "late"
        if self.last is None or r["v"] != self.value:
            self.value, self.since = r["v"], r["ts"]
        self.last = r["ts"]
        return (r["ts"] - self.since) / 1000


class Velocity:
    frozen = False
    least = 0

    def __init__(self, what, window, limit):
        self.what, self.window, self.limit = what, window, limit
        self.all, self.newest = [], None

    def judge(self, r, judged):
        t = r["ts"]
        self.newest = t if self.newest is None else max(t, self.newest)
        if self.what == "distinct":
            inside = lambda ms: ms > self.newest - self.window
        else:
            width = -(-self.window // 64)
            inside = lambda ms: ms // width > self.newest // width - -(-self.window // width) - 1
        if not inside(t):
            return "late"
        self.all = [a for a in self.all if inside(a["ts"])] + [r]
        if self.what == "distinct":
            return min(len({a["w"] for a in self.all}), 2 * self.limit + 16)
        return len(self.all) if self.what == "count" else sum(a["v"] for a in self.all)


class New:
    frozen = False
    least = 1

    def __init__(self, keep=100):
        self.keep, self.known = keep, []

    def judge(self, r, judged):
        new = r["w"] not in self.known
        if not new:
            self.known.remove(r["w"])
        self.known = (self.known + [r["w"]])[-self.keep:]
        return 1 if new else 0


# METHOD, options, and what it is.
METHODS = [
    ("zscore", "--value .v", Zscore),
    ("zscore 3 0.2 floor=0.5", "--value .v", lambda: Zscore(3, 0.2, 0.5)),
    ("zscore alpha=0.001 limit=2", "--value .v --min-samples 5", lambda: Zscore(2, 0.001)),
    ("cusum", "--value .v", Cusum),
    ("cusum 8 0.25 0.05 0.1", "--value .v", lambda: Cusum(8, 0.25, 0.05, 0.1)),
    ("mad span=100", "--value .v", lambda: Mad(span=100)),
    ("mad 5 64 1", "--value .v", lambda: Mad(64, 1)),
    ("range -2.5 hi=12", "--value .v", lambda: Range(-2.5, 12)),
    ("range hi=12", "--value .v", lambda: Range(-math.inf, 12)),
    ("stuck 1s500ms", "--value .v --time .ts", Stuck),
    ("velocity count 10s 6", "--time .ts", lambda: Velocity("count", 10000, 6)),
    ("velocity count 30ms 1", "--time .ts", lambda: Velocity("count", 30, 1)),
    ("velocity sum(.v) 1m1s 200", "--time .ts", lambda: Velocity("sum", 61000, 200)),
    ("velocity distinct(.w) 20s 3", "--time .ts", lambda: Velocity("distinct", 20000, 3)),
    ("new .w", "", New),
    ("new .w keep=3", "--min-samples 10", lambda: New(3)),
]


def records(rng, count):
    """Series with noise, steps, spikes, stuck values, ties; clocks that sometimes run backwards."""
    now, level, last = 1700000000000, {}, {}
    for i in range(count):
        key = rng.choice("aaabbc") + str(rng.randrange(3))
        now += int(rng.expovariate(1 / 200))
        if rng.random() < 0.003:
            level[key] = rng.uniform(-20, 20)
        v = level.get(key, 10) + rng.gauss(0, 1)
        if rng.random() < 0.01:
            v += rng.choice([-1, 1]) * 10 ** rng.uniform(0.5, 4)
        if rng.random() < 0.2:
            v = last.get(key, v)
        last[key] = v = round(v, rng.choice([0, 3]))
        ts = now - (rng.randrange(15000) if rng.random() < 0.05 else 0)
        yield {"k": key, "v": v, "w": "w%d" % int(rng.expovariate(0.4)), "ts": ts}


def expect(make, least, recs, batch):
    """(score or None, n) of each record; BATCH None: a plain stream."""
    series = {}
    for i, r in enumerate(recs):
        s = series.setdefault(r["k"], {"m": make(), "n": 0, "frozen": 0, "batch": -1})
        m = s["m"]
        at = i if batch is None else i // batch
        if s["batch"] != at:
            s["batch"], s["frozen"] = at, s["n"]
            if m.frozen:
                m.freeze(s["n"], batch is None)
        n = s["frozen"] if m.frozen else s["n"]
        judged = n >= (m.least if least is None else least)
        score = m.judge(r, judged)
        if score == "late":
            yield None, n
            continue
        s["n"] += 1
        if not judged:
            score = None
        yield score, n if getattr(m, "counts", True) else 0


def close(a, b, error):
    return a == b or (a is not None and b is not None and abs(a - b) <= error * max(abs(a), abs(b), 0.1))


def run(name, options, recs, batch):
    command = ["weir", "detect", "--by", ".k", *options, name]
    text = "".join(json.dumps(r) + "\n" for r in recs)
    if batch is not None:
        marker = os.environ["BUILD"] + "/servers/marker"
        command = ["bash", "-o", "pipefail", "-c", '"$0" -n "$1" 2>/dev/null | "${@:2}" --state none | weir ack',
                   marker, str(batch), *command]
    run = subprocess.run(command, input=text, stdout=subprocess.PIPE, text=True)
    assert run.returncode in (0, 1), (command, run.returncode)  # 1: some came too late
    return run.stdout.splitlines()


def check(name, options, make, recs, batch):
    words = options.split()
    least = int(words[words.index("--min-samples") + 1]) if "--min-samples" in words else None
    out = run(name, words + ["--all"], recs, batch)
    assert len(out) == len(recs), (name, batch, len(out))
    # mad keeps up to 128 values exactly; this many in a batch become a sketch
    error = 0.04 if name[:3] == "mad" and batch == 500 else 2e-5
    unusual = []
    for i, (line, (score, n)) in enumerate(zip(out, expect(make, least, recs, batch))):
        seen = json.loads(line)["detect"]
        assert close(seen["score"], score, error) and seen["n"] == n and seen["rule"] == name, \
            f"{name}, batch {batch}, record {i}: {seen}, expected {score} {n}\n{line}"
        if seen["score"] is not None and seen["score"] > seen["limit"]:
            unusual.append(line)
    assert run(name, words, recs, batch) == unusual, (name, batch)
    return len(unusual)


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    recs = list(records(random.Random(seed), count))
    for name, options, make in METHODS:
        hits = [check(name, options, make, recs, batch) for batch in (None, 1, 7, 500)]
        print(f"{name}: {' '.join(map(str, hits))} of {count} unusual")
        assert max(hits) > 0, name


if __name__ == "__main__":
    main()
