#!/usr/bin/env python3
"""peersdiff.py: weir aggregate beside DuckDB, Miller and exact arithmetic.

    peersdiff.py random SEED      random records of small groups: all by all three
    peersdiff.py windows SEED     tumbling, sliding and session windows beside DuckDB
    peersdiff.py sketches         quantile, distinct, top and mode within their bounds, on distributions that are hard
    peersdiff.py packages         what dpkg knows of this machine: sizes by section, and days
    peersdiff.py events FILE      bench/gen's events by DuckDB

Prints what differs; exits with 1 when something does.
"""
import fractions
import json
import math
import random
import subprocess
import sys

import duckdb

wrong = 0


def weir(text, *args):
    run = subprocess.run(["weir", "aggregate", *args], input=text, capture_output=True, text=True)
    if run.returncode or run.stderr:
        raise SystemExit(f"weir aggregate {args}: {run.returncode} {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def same(what, ours, theirs, relative=0.0):
    """OURS is THEIRS, to RELATIVE."""
    global wrong
    if isinstance(ours, float) and isinstance(theirs, (int, float)):
        if abs(ours - theirs) <= relative * abs(theirs):
            return
    elif ours == theirs:
        return
    print(f"{what}: {ours!r}, there {theirs!r}")
    wrong += 1


def lines(records):
    return "".join(json.dumps(r) + "\n" for r in records)


def table(records, types):
    """A database with RECORDS as the table t."""
    names = list(types)
    db = duckdb.connect()
    db.sql("set timezone = 'UTC'")
    db.sql(f"create table t ({', '.join(f'{n} {types[n]}' for n in names)})")
    columns = ", ".join(f"unnest(${i + 1}::{types[n]}[])" for i, n in enumerate(names))
    db.execute(f"insert into t select {columns}", [[r.get(n) for r in records] for n in names])
    return db


QUANTILES = [0, 0.1, 0.5, 0.9, 0.99, 1]
METRICS = ["count", "sum(.v)", "mean(.v)", "min(.v)", "max(.v)", "var(.v)", "stddev(.v)", "distinct(.u)",
           "quantile(.v," + ",".join(map(str, QUANTILES)) + ")", "count(.v > 10)", "sum(.i)"]  # fmt: skip
SQL = f"""count(*), sum(v), avg(v), min(v), max(v), var_samp(v), stddev_samp(v), count(distinct u),
    quantile_cont(v, {QUANTILES}), count(*) filter (v > 10), sum(i)"""


def compare(what, row, values, exact=None, close=1e-9):
    """A row of METRICS beside DuckDB's SQL, and beside the numbers EXACT that it is made of."""
    count, total, mean, low, high, var, deviation, distinct, quantiles, big, integers = values
    for name, theirs in (("count", count), ("min_v", low), ("max_v", high), ("distinct_u", distinct),
                         ("count(.v > 10)", big), ("sum_i", None if integers is None else int(integers))):  # fmt: skip
        same(f"{what} {name}", row[name], theirs)
    size = 1 if not exact else sum(map(abs, exact)) / abs(total or 1)
    same(f"{what} sum", row["sum_v"], total, 1e-12 * max(size, 1))
    same(f"{what} mean", row["mean_v"], mean, 1e-12 * max(size, 1))
    same(f"{what} var", row["var_v"], var, close)
    same(f"{what} stddev", row["stddev_v"], deviation, close)
    for q, theirs in zip(QUANTILES, quantiles or [None] * len(QUANTILES)):
        same(f"{what} p{q * 100:g}", row[f"p{q * 100:.10g}_v"], theirs, 1e-12)
    if exact:
        fs = [fractions.Fraction(x) for x in exact]
        middle = sum(fs) / len(fs)
        same(f"{what} exact sum", row["sum_v"], math.fsum(exact))
        same(f"{what} exact mean", row["mean_v"], float(middle))
        if len(fs) > 1:
            same(f"{what} exact var", row["var_v"], float(sum((f - middle) ** 2 for f in fs) / (len(fs) - 1)), 4e-16)


def by_miller(text, rows, far):
    """The same rows by Miller; its var cancels where the mean is FAR from 0."""
    accumulators = "count,sum,mean,min,max,var,stddev,distinct_count," + ",".join(f"p{q * 100:g}" for q in QUANTILES)
    run = subprocess.run(["mlr", "--ijsonl", "--ojsonl", "stats1", "-i", "-a", accumulators, "-f", "v", "-g", "k"],
                         input=text, capture_output=True, text=True, check=True)  # fmt: skip
    for line in run.stdout.splitlines():
        there = json.loads(line)
        row = rows[there["k"]]
        for name in ("sum", "mean", "min", "max", *(f"p{q * 100:g}" for q in QUANTILES)):
            same(f"Miller {there['k']} {name}", row[f"{name}_v"], there[f"v_{name}"], 1e-9)
        for name in ("var", "stddev"):
            if there["v_count"] > 1:
                close = 1e-2 if far else 1e-6
                same(f"Miller {there['k']} {name}", row[f"{name}_v"], there[f"v_{name}"], close)


def random_records(seed):
    random.seed(seed)
    shift, scale = random.choice([(0, 1), (1e6, 1), (-50, 1e-3), (0, 1e9)])
    records = []
    for i in range(3000):
        v = round(random.gauss(shift, scale), random.choice([0, 2, 9]))
        records.append({"k": f"k{random.randrange(60)}", "u": f"u{random.randrange(200)}",
                        "i": random.randrange(-(2**62), 2**62), "v": None if i % 31 == 0 else v})  # fmt: skip
    return records, abs(shift) > 1000 * scale


def check_random(seed):
    records, far = random_records(seed)
    text = lines(records)
    rows = {row["k"]: row for row in weir(text, "-g", ".k", *METRICS)}
    db = table(records, {"k": "VARCHAR", "u": "VARCHAR", "i": "BIGINT", "v": "DOUBLE"})
    for k, *values in db.sql(f"select k, {SQL} from t group by k").fetchall():
        compare(k, rows[k], values, [r["v"] for r in records if r["k"] == k and r["v"] is not None], 1e-6)
    same("groups", len(rows), len({r["k"] for r in records}))
    modes = {row["k"]: row["mode_u"] for row in weir(text, "-g", ".k", "mode(.u)")}
    same("modes", modes, dict(db.sql("""select k, arg_min(u, (-n, u))
        from (select k, u, count(*) as n from t group by k, u) group by k""").fetchall()))
    by_miller(lines(r for r in records if r["v"] is not None), rows, far)


def stamp(ms):
    return f"make_timestamp({ms} * 1000)"


def check_windows(seed):
    random.seed(seed)
    start = random.choice([1700000000123, -86400000 * 366, 0])
    records = [{"ms": start + int(i * random.uniform(30, 70)), "k": f"k{random.randrange(4)}",
                "v": round(random.gauss(10, 3), 2)} for i in range(4000)]  # fmt: skip
    db = table(records, {"ms": "BIGINT", "k": "VARCHAR", "v": "DOUBLE"})
    text = "".join(
        json.dumps({"ts": when, "k": k, "v": v}) + "\n" for when, k, v in
        db.sql(f"select strftime({stamp('ms')}, '%Y-%m-%dT%H:%M:%S.%gZ'), k, v from t").fetchall())  # fmt: skip
    floor = "(ms - ((ms % {0}) + {0}) % {0})"
    starts = ", ".join(f"{floor.format(1500)} - {1500 * n}" for n in range(4))
    sliding = f"""select k, s, s + 6000, count(*), sum(v)
        from (select k, v, unnest([{starts}]) as s from t) group by k, s"""
    sessions = """select k, min(ms), max(ms) + 300, count(*), sum(v) from
        (select *, sum(new) over (partition by k order by ms rows unbounded preceding) as id from
        (select *, (coalesce(ms - lag(ms) over (partition by k order by ms) >= 300, true))::int as new from t))
        group by k, id"""
    tumbling = f"select k, {floor.format(7000)} as s, s + 7000, count(*), sum(v) from t group by k, s"
    for window, sql in (("tumbling 7s", tumbling), ("sliding 6s 1500ms", sliding), ("session 300ms", sessions)):
        rows = weir(text, "-g", ".k", "--window", window, "--time", ".ts", "--lateness", "1h", "count", "sum(.v)")
        ours = {(r["k"], r["window_start"], r["window_end"]): r for r in rows}
        theirs = db.sql(f"""select k, strftime({stamp('a')}, '%Y-%m-%dT%H:%M:%S.%g'), strftime({stamp('b')},
            '%Y-%m-%dT%H:%M:%S.%g'), n, x from ({sql}) as q(k, a, b, n, x)""").fetchall()
        same(f"{window}: rows", len(ours), len(theirs))
        for k, a, b, n, x in theirs:
            key = k, a.removesuffix(".000") + "Z", b.removesuffix(".000") + "Z"
            row = ours.get(key, {"count": None, "sum_v": None})
            same(f"{window} {key} count", row["count"], n)
            same(f"{window} {key} sum", row["sum_v"], x, 1e-12)


def distributions():
    random.seed(7)
    n = 20000
    zipf = [1 / (random.random() + 1e-9) for _ in range(n)]
    yield "uniform", [random.uniform(0, 1000) for _ in range(n)]
    yield "Zipf", [float(int(x)) for x in zipf]
    yield "log-normal", [random.lognormvariate(3, 2) for _ in range(n)]
    yield "sorted", [i + 0.5 for i in range(n)]
    yield "descending", [n - i + 0.5 for i in range(n)]
    yield "mixed signs", [random.gauss(0, 1) for _ in range(n)]
    yield "constant", [3.7] * n
    yield "two far apart", [1e-6 if i % 2 else 1e9 for i in range(n)]
    yield "one outlier", [5.0] * (n - 1) + [1e300]
    yield "all sizes", [10 ** random.uniform(-8, 8) * random.choice([-1, 1]) for _ in range(n)]


def check_sketches():
    global wrong
    for name, values in distributions():
        text = lines({"v": v, "u": f"{v:.3g}"} for v in values)
        row = weir(text, "quantile(.v," + ",".join(map(str, QUANTILES)) + ")", "distinct(.v)", "top(.u,5)",
                   "mode(.u)")[0]  # fmt: skip
        values.sort()
        for q in QUANTILES:
            h = q * (len(values) - 1)
            low, high = values[int(h)], values[min(int(h) + 1, len(values) - 1)]
            bound = 0.01 * (max(abs(low), abs(high)) if low < 0 < high else abs(low + (high - low) * (h % 1)))
            if abs(row[f"p{q * 100:.10g}_v"] - (low * (1 - h % 1) + high * (h % 1))) > bound * (1 + 1e-9):
                print(f"{name}: p{q * 100:g} is {row[f'p{q * 100:.10g}_v']}, exactly between {low} and {high}")
                wrong += 1
        distinct = len(set(values))
        same(f"{name}: distinct", float(row["distinct_v"]), distinct, 0.025 if distinct > 1024 else 0)
        counts = {}
        for v in values:
            counts[f"{v:.3g}"] = counts.get(f"{v:.3g}", 0) + 1
        for entry in row["top_u"]:
            if not 0 <= entry["count"] - counts[entry["value"]] <= entry.get("error", 0):
                print(f"{name}: {entry}, exactly {counts[entry['value']]}")
                wrong += 1
        mode = min(counts, key=lambda u: (-counts[u], u))
        lead = counts[mode] - max([n for u, n in counts.items() if u != mode], default=0)
        if row["mode_u"] != mode and (row["mode_u"] or len(counts) <= 1000 or lead > len(values) * 0.002):
            print(f"{name}: mode is {row['mode_u']}, exactly {mode}, {lead} before others")
            wrong += 1
        least = row["top_u"][-1]["count"]
        for value, count in counts.items():
            if count > least and count > len(values) / 1000 and value not in [e["value"] for e in row["top_u"]]:
                print(f"{name}: {value} is missing, {count}")
                wrong += 1


def check_packages():
    fields = "${Section}\t${Installed-Size}\t${Package}\t${db-fsys:Last-Modified}\n"
    text = subprocess.run(["dpkg-query", "-W", "-f", fields], capture_output=True, text=True, check=True).stdout
    records = [dict(zip(("k", "v", "u", "ms"), line.split("\t"))) for line in text.splitlines()]
    records = [{**r, "v": float(r["v"] or 0), "i": int(r["v"] or 0), "ms": int(r["ms"]) * 1000} for r in records]
    tsv = "".join(f"{r['k']}\t{r['i']}\t{r['u']}\t{r['ms']}\n" for r in records)
    metrics = [m.replace(".v", "$2").replace(".u", "$3").replace(".i", "$2") for m in METRICS]
    names = [*"abcdefgh", "quant", "j", "k"]
    named = [f"{name}={metric}" for name, metric in zip(names, metrics)]
    db = table(records, {"k": "VARCHAR", "v": "DOUBLE", "u": "VARCHAR", "i": "BIGINT", "ms": "BIGINT"})
    rows = {r["$1"]: r for r in weir(tsv, "-g", "$1", *named)}
    for k, *values in db.sql(f"select k, {SQL} from t group by k").fetchall():
        row = dict(zip(("count", "sum_v", "mean_v", "min_v", "max_v", "var_v", "stddev_v", "distinct_u"),
                       (rows[k][c] for c in "abcdefgh")))  # fmt: skip
        row.update({f"p{q * 100:.10g}_v": rows[k][f"quant_p{q * 100:.10g}"] for q in QUANTILES})
        row.update({"count(.v > 10)": rows[k]["j"], "sum_i": rows[k]["k"], "sum_v": float(row["sum_v"])})
        if row["count"] > 128:  # quantiles are a sketch's, which test sketches looks at
            values[8] = [row[f"p{q * 100:.10g}_v"] for q in QUANTILES]
        compare(k, row, values)
    days = {r["window_start"][:10]: r["count"] for r in
            weir(tsv, "--window", "tumbling 1d", "--time", "$4", "--lateness", "100000d", "count")}  # fmt: skip
    theirs = db.sql(f"select strftime({stamp('ms')}, '%Y-%m-%d') as d, count(*) from t group by d").fetchall()
    same("days", days, dict(theirs))


def check_events(file):
    names = {"ts": "VARCHAR", "user": "VARCHAR", "action": "VARCHAR", "amount": "DOUBLE"}
    db = duckdb.connect()
    columns = ", ".join(f"{n}: '{t}'" for n, t in names.items())
    db.sql(f"""create table t as select action as k, amount as v, "user" as u, 0::bigint as i, substr(ts, 1, 13) as hour
        from read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})""")
    metrics = [m.replace(".v", ".amount").replace(".u", ".user") for m in METRICS[:8]]
    rows = {r["action"]: r for r in weir("", "-g", ".action", *metrics, file)}
    for k, *values in db.sql(f"select k, {SQL} from t group by k").fetchall():
        row = rows[k]
        names = "count sum_amount mean_amount min_amount max_amount var_amount stddev_amount distinct_user".split()
        for name, theirs, close in zip(names, values, (0, 1e-10, 1e-10, 0, 0, 1e-9, 1e-9, 0.025)):
            same(f"{k} {name}", float(row[name]), theirs, close)
    users = weir("", "-g", ".user", "count", "sum(.amount)", file)
    theirs = dict((u, (n, s)) for u, n, s in db.sql("select u, count(*), sum(v) from t group by u").fetchall())
    same("users", len(users), len(theirs))
    for row in users:
        n, s = theirs[row["user"]]
        same(f"{row['user']} count", row["count"], n)
        same(f"{row['user']} sum", row["sum_amount"], s, 1e-10)
    rows = weir("", "--window", "tumbling 1h", "--time", ".ts", "count", file)
    theirs = db.sql("select hour, count(*) from t group by hour").fetchall()
    same("hours", {r["window_start"][:13]: r["count"] for r in rows}, dict(theirs))


kind, *rest = sys.argv[1:]
if kind == "random":
    check_random(int(rest[0]))
elif kind == "windows":
    check_windows(int(rest[0]))
elif kind == "sketches":
    check_sketches()
elif kind == "packages":
    check_packages()
else:
    check_events(rest[0])
sys.exit(wrong > 0)
