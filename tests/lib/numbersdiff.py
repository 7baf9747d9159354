"""Exact numbers of aggregate beside Python's integers and fractions.

usage: numbersdiff.py SEED RECORDS
Writes random numbers of all sizes, runs `weir aggregate` over them in several ways (also in parts that are joined), and
compares every number exactly.  Exit status 1 and a line for each difference.

What a number is, as common/data/number.h says: its text, except one with a fraction or an exponent below 2^53, which
is the double next to it.  Sums take every number with a fraction or an exponent for a double.
"""

import json
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

bad = 0


def differ(what, seen, wanted):
    global bad
    if seen != wanted:
        bad += 1
        print(f"{what}: {seen}, not {wanted}")


def digits(rng, least, most):
    n = rng.randint(least, most)
    return str(rng.randint(10 ** (n - 1), 10**n - 1))


def number(rng):
    """The text of a number; some are repeated in several notations."""
    kind = rng.randrange(8)
    sign = rng.choice(["", "-"])
    if kind == 0:
        return sign + digits(rng, 1, 18)
    if kind == 1:
        return str(rng.choice([1, -1]) * (2 ** rng.choice([53, 62, 63, 64, 127, 128]) + rng.randint(-2, 2)))
    if kind == 2:
        return sign + digits(rng, 19, 60)
    if kind == 3:
        return sign + digits(rng, 1, 12) + "." + digits(rng, 1, 6)
    if kind == 4:
        return sign + rng.choice(["1", "1.0", "12", "1.5"]) + rng.choice(["e", "E+"]) + str(rng.choice([0, 1, 15, 18, 19, 20, 23, 40, 300]))
    if kind == 5:
        return rng.choice(["0", "-0", "0.0", "0e5", "1", "1.0", "10e-1"])
    if kind == 6:
        return sign + rng.choice(["10000000000000000000", "1e19", "10.0e18", "1" + "0" * 23, "1e23"])
    return sign + digits(rng, 16, 25) + "." + digits(rng, 1, 3)


def written(text):
    return any(c in text for c in ".eE")


def exact(text):
    if written(text) and abs(float(text)) < 2**53:
        return Fraction(float(text))
    return Fraction(Decimal(text))


def summand(text):
    return Fraction(float(text)) if written(text) else Fraction(int(text))


def total(texts, signs=None):
    """The sum as (is it a double?, its value)."""
    value = sum((summand(t) * s for t, s in zip(texts, signs or [1] * len(texts))), Fraction(0))
    return (True, float(value)) if any(written(t) for t in texts) else (False, value)


def load(line):
    return json.loads(line, parse_int=str, parse_float=str)


def run(lines, *args):
    done = subprocess.run(["weir", "aggregate", *args], input="".join(lines), capture_output=True, text=True, check=True)
    return done.stdout.splitlines(True)


def check_total(what, seen, wanted):
    double, value = wanted
    differ(what, float(seen) if double else Fraction(int(seen)), value)


def check_metrics(what, row, texts):
    check_total(what + " sum", row["sum_x"], total(texts))
    check_total(what + " delta", row["delta_x"], total([texts[-1], texts[0]], [1, -1]))
    differ(what + " min", exact(row["min_x"]), min(map(exact, texts)))
    differ(what + " max", exact(row["max_x"]), max(map(exact, texts)))
    differ(what + " first", exact(row["first_x"]), exact(texts[0]))
    differ(what + " last", exact(row["last_x"]), exact(texts[-1]))
    mean = sum(map(summand, texts), Fraction(0)) / len(texts)
    differ(what + " mean", float(row["mean_x"]), float(mean))
    if len({exact(t) for t in texts}) <= 1000:
        differ(what + " distinct", int(row["distinct_x"]), len({exact(t) for t in texts}))


METRICS = ["sum(.x)", "delta(.x)", "min(.x)", "max(.x)", "first(.x)", "last(.x)", "mean(.x)", "distinct(.x)"]


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    for length in (1, 2, 3, 10, count):
        for whole in (False, True):
            texts = [number(rng) for _ in range(length)]
            if whole:
                texts = [t for t in texts if not written(t)] or ["7"]
            lines = [f'{{"x":{t}}}\n' for t in texts]
            what = f"seed {seed}, {length} numbers"
            check_metrics(what, load(run(lines, *METRICS)[0]), texts)
            cut = rng.randint(0, len(lines))
            parts = run(lines[:cut], "--partial", *METRICS) + run(lines[cut:], "--partial", *METRICS)
            check_metrics(what + " joined", load(run(parts, "--merge", *METRICS)[0]), texts)
            groups = {}
            for t in texts:
                groups[exact(t)] = groups.get(exact(t), 0) + 1
            rows = [load(line) for line in run(lines, "-g", ".x", "count")]
            differ(what + " groups", [(exact(r["x"]), int(r["count"])) for r in rows], sorted(groups.items()))
            top = load(run(lines, "top(.x,10000)")[0])["top_x"]
            differ(what + " top", {exact(t["value"]): int(t["count"]) for t in top}, groups)
    return 1 if bad else 0


sys.exit(main())
