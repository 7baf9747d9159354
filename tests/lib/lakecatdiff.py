#!/usr/bin/env python3
"""lake-cat beside other readers, and --where beside filter.

usage: lakecatdiff.py read TABLE            the rows of TABLE by lake-cat, delta-rs and DuckDB have to be the same
       lakecatdiff.py where DIR SEED COUNT  COUNT random expressions over tables and files: --where has to do what filter does
       lakecatdiff.py columns DIR SEED COUNT  the same of lists of fields, formats and expressions over raw tables: --columns
                                            has to do what filter --fields does

Prints what differs, at most ten rows or expressions of it, and then fails.
"""

import base64
import datetime
import decimal
import json
import os
import random
import re
import struct
import subprocess
import sys

import deltalake
import duckdb
import duckdb_extension_delta
import glob
import pyarrow
import pyarrow.parquet


def canonical(value):
    """VALUE of Arrow as lake-cat's JSON has it."""
    if isinstance(value, dict):
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(v, tuple) and len(v) == 2 for v in value):
            return {str(k): canonical(v) for k, v in value}
        return [canonical(v) for v in value]
    if isinstance(value, datetime.datetime):
        if value.tzinfo:
            return value.astimezone(datetime.timezone.utc).isoformat()
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        import base64
        return base64.b64encode(value).decode()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    return value


def printed(value, type_):
    """VALUE of lake-cat's JSON, of TYPE_ of Arrow, in the same form."""
    is_a = pyarrow.types
    if value is None:
        return None
    if is_a.is_struct(type_):
        return {f.name: printed(value[f.name], f.type) for f in type_}
    if is_a.is_map(type_):
        return {k: printed(v, type_.item_type) for k, v in value.items()} or []  # Arrow has an empty list
    if is_a.is_list(type_):
        return [printed(v, type_.value_type) for v in value]
    if is_a.is_timestamp(type_):
        return canonical(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))
    if is_a.is_decimal(type_):
        return str(value)
    if is_a.is_float32(type_) and not isinstance(value, str):  # few digits, from which the float is read again
        return struct.unpack("f", struct.pack("f", float(value)))[0]
    return float(value) if isinstance(value, decimal.Decimal) else value


def lake_cat(*args):
    done = subprocess.run(["weir", "lake-cat", *args], stdout=subprocess.PIPE, check=True)
    return done.stdout


def in_order(rows):
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


def compare(name, got, wanted):
    """Report what GOT has and WANTED has not, and the other way round; 1 when there is anything."""
    if got == wanted:
        return 0
    print(f"{name}: {len(got)} rows by lake-cat, {len(wanted)} by the other reader")
    for line in sorted(set(got) - set(wanted))[:5]:
        print("  lake-cat:", line)
    for line in sorted(set(wanted) - set(got))[:5]:
        print("  other:   ", line)
    return 1


def read(table):
    delta = deltalake.DeltaTable(table) if os.path.isdir(table) else None
    con = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    con.execute("SET TimeZone = 'UTC'")
    for path in glob.glob(os.path.join(os.path.dirname(duckdb_extension_delta.__file__), "extensions/*/delta.*")):
        con.load_extension(path)
    by_duckdb = con.execute(f"SELECT * FROM delta_scan('{table}')").to_arrow_table()
    rows = pyarrow.struct(list(by_duckdb.schema))
    got = in_order(printed(json.loads(line, parse_float=decimal.Decimal), rows) for line in lake_cat(table).splitlines())
    status = compare("DuckDB", got, in_order(canonical(r) for r in by_duckdb.to_pylist()))
    try:
        by_rust = delta.to_pyarrow_table()
    except Exception as why:  # deletion vectors, and columns with other names, are not for all of its readers
        print(f"delta-rs does not read it: {str(why)[:60]}", file=sys.stderr)
        return status
    return status | compare("delta-rs", got, in_order(canonical(r) for r in by_rust.to_pylist()))


WORDS = ["", "a", "ab", "b", "2026-11-22", "é", 'say "x"', "Z" * 40, "10", "null"]


def value(rng, kind):
    if rng.random() < 0.15:
        return None
    return {
        "i": lambda: rng.choice([0, 1, -1, 5, rng.randrange(-1000, 1000), 2**53 + 1, -(2**63)]),
        "s": lambda: rng.choice(WORDS),
        "f": lambda: rng.choice([0.0, -0.0, -0.5, 1.5, 1e300, float("inf"), -float("inf"), float("nan"), rng.uniform(-10, 10)]),
        "g": lambda: rng.choice([0.0, -0.0, 0.1, -2.5, 16777217.0, float("nan"), rng.uniform(-10, 10)]),
        "j": lambda: rng.choice([0, 7, -(2**31), 2**31 - 1, rng.randrange(-50, 50)]),
        "w": lambda: rng.choice(WORDS).encode() + rng.choice([b"", b"\0", b"\xff"]),
        "u": lambda: datetime.datetime(2026, 11, rng.randrange(1, 30)) + datetime.timedelta(microseconds=rng.choice([0, 250000])),
        "m": lambda: decimal.Decimal(rng.choice([0, 1, -1, 10**36, -(10**36), rng.randrange(10**9)])).scaleb(-3),
        "b": lambda: rng.random() < 0.5,
        "t": lambda: datetime.datetime(2026, 11, rng.randrange(1, 30), rng.randrange(24), tzinfo=datetime.timezone.utc)
                     + datetime.timedelta(microseconds=rng.choice([0, 1, 500000, 999999])),
        "d": lambda: datetime.date(2026, rng.randrange(1, 13), rng.randrange(1, 29)),
        "n": lambda: decimal.Decimal(rng.randrange(-10**6, 10**6)).scaleb(-2),
        "l": lambda: [rng.randrange(5) for _ in range(rng.randrange(3))],
    }[kind]()


TYPES = {"g": pyarrow.float32(), "j": pyarrow.int32(), "w": pyarrow.binary(), "u": pyarrow.timestamp("us"),
         "m": pyarrow.decimal128(38, 3), "i": pyarrow.int64(), "s": pyarrow.string(), "f": pyarrow.float64(), "b": pyarrow.bool_(),
         "t": pyarrow.timestamp("us", tz="UTC"), "d": pyarrow.date32(), "n": pyarrow.decimal128(12, 2),
         "l": pyarrow.list_(pyarrow.int64())}


def sort_key(row, key):
    """Null and NaN last."""
    return (row[key] is None, row[key] != row[key], 0 if row[key] != row[key] else row[key])


def make_rows(rng, kinds, count):
    rows = [{**{k: value(rng, k) for k in kinds}, "x": rng.choice([None, {"y": rng.randrange(9)}])} for _ in range(count)]
    key = rng.choice(kinds)
    if key != "l" and rng.random() < 0.6:
        rows.sort(key=lambda r: sort_key(r, key))
    return rows


def schema_of(kinds):
    return pyarrow.schema([(k, TYPES[k]) for k in kinds] + [("x", pyarrow.struct([("y", pyarrow.int32())]))])


def make_file(rng, path):
    """A single file with several row groups and pages, with statistics, indexes and Bloom filters or not."""
    kinds = rng.sample(sorted(TYPES), rng.randrange(3, len(TYPES) + 1))
    table = pyarrow.Table.from_pylist(make_rows(rng, kinds, rng.randrange(50, 3000)), schema=schema_of(kinds))
    pyarrow.parquet.write_table(
        table, path, row_group_size=rng.choice([20, 300, 5000]), data_page_size=rng.choice([64, 1000, 100000]),
        write_batch_size=rng.choice([8, 64, 1024]), use_dictionary=rng.random() < 0.5, write_page_index=rng.random() < 0.7,
        write_statistics=rng.random() < 0.9, data_page_version=rng.choice(["1.0", "2.0"]),
        compression=rng.choice(["none", "zstd", "snappy"]))  # fmt: skip
    return kinds


def make_raw(rng, path):
    """A raw table of JSON, perhaps with a partition column that is a field as well."""
    kinds = rng.sample(sorted(k for k in TYPES if k not in "w"), 5)
    for _ in range(rng.randrange(1, 4)):
        rows = [canonical(row) for row in make_rows(rng, kinds, rng.randrange(1, 60))]
        for row in rows:
            for k in [k for k in row if rng.random() < 0.1]:
                del row[k]
            if "s" in kinds and rng.random() < 0.1:
                row["s"] = rng.choice([True, 5, [1], {"s": "a"}])
            for k in "nm":  # as numbers, not as texts
                if row.get(k) is not None and rng.random() < 0.5:
                    row[k] = float(row[k])
        text = "".join(json.dumps(row, ensure_ascii=rng.random() < 0.5) + "\n" for row in rows)
        if not os.path.isdir(path):
            by = ["--partition-by", "part={.j}"] if "j" in kinds and rng.random() < 0.5 else []
        subprocess.run(["weir", "lake-put", *by, path], input=text.encode(), check=True, stderr=subprocess.DEVNULL)
    return kinds


def make(rng, path):
    """A table of a few commits, sorted or not, partitioned or not, with rows deleted or not."""
    kinds = rng.sample(sorted(TYPES), rng.randrange(3, len(TYPES) + 1))
    by = [k for k in kinds if k in "isbdt"][:1] if rng.random() < 0.5 else []
    schema = schema_of(kinds)
    for _ in range(rng.randrange(1, 4)):
        rows = make_rows(rng, kinds, rng.randrange(1, 60))
        if by:
            rows = [{**r, by[0]: value(random.Random(i % 3), by[0])} for i, r in enumerate(rows)]
        table = pyarrow.Table.from_pylist(rows, schema=schema)
        deltalake.write_deltalake(path, table, mode="append", partition_by=by or None)
    if "i" in kinds and rng.random() < 0.3:
        deltalake.DeltaTable(path).delete("i > 0")
    return kinds


def constant(rng, kind):
    v = value(rng, kind if rng.random() < 0.85 else rng.choice("isb"))
    if isinstance(v, (datetime.datetime, datetime.date)):
        return json.dumps(v.isoformat()[:rng.choice([7, 10, 19])].replace("+00:00", "Z"))
    if isinstance(v, bytes):
        v = base64.b64encode(v).decode()
    if isinstance(v, float) and (v != v or v in (float("inf"), float("-inf"))):
        return rng.choice(['"NaN"', '"Infinity"', '"-Infinity"', "1e308", "-1e308"])
    return str(v) if isinstance(v, decimal.Decimal) else json.dumps(v, ensure_ascii=False)


def computed(rng, kind):
    """A form with functions and operators, which mostly cannot be judged by statistics."""
    other, op = constant(rng, kind), rng.choice(["==", "!=", "<", "<=", ">", ">="])
    return rng.choice([
        f"exists(.{kind})", f"!exists(.{kind})", f".{kind} == null", f".{kind} != null", f"(.{kind} ?? {other}) {op} {other}",
        f"startswith(.{kind}, {json.dumps(rng.choice(WORDS), ensure_ascii=False)})", f'.{kind} =~ "^[a0-9-]*$"', f'.{kind} !~ "a"',
        f"length(.{kind}) {op} {rng.randrange(4)}", f".{kind} + 1 {op} {other}", f"-.{kind} {op} {other}", f"type(.{kind}) == \"string\"",
        f"if(.{kind} {op} {other}, true, .x.y > 3)", f".{kind} {op} .{kind}", f"string(.{kind}) {op} {other}", f".x {op} null",
        f"lower(.{kind}) {op} {other}", f".{kind}[0] {op} {other}", f"{other} {op} {constant(rng, kind)}",
    ])  # fmt: skip


def expression(rng, kinds, depth=0):
    form = rng.random()
    if depth < 3 and form < 0.35:
        op = rng.choice(["&&", "||"])
        return f"({expression(rng, kinds, depth + 1)} {op} {expression(rng, kinds, depth + 1)})"
    if depth < 3 and form < 0.42:
        return f"!({expression(rng, kinds, depth + 1)})"
    kind = rng.choice(kinds)
    field, op = f".{kind}", rng.choice(["==", "!=", "<", "<=", ">", ">="])
    if form < 0.5:
        items = ", ".join(constant(rng, kind) for _ in range(rng.randrange(1, 4)))
        return f"{field} {rng.choice(['in', 'not in'])} ({items})"
    if form < 0.54:
        return field
    if form < 0.58:
        return f".x.y {op} {rng.randrange(9)}"
    if form < 0.62 and "l" in kinds:
        return f".l[0] {op} {rng.randrange(5)}"
    if form < 0.7 and ("t" in kinds or "d" in kinds):
        name = rng.choice([k for k in kinds if k in "td"])
        return f'time(.{name}) {op} time("2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:00:00Z")'
    if form < 0.75:
        return computed(rng, kind)
    if form < 0.87:
        return f"{field} {op} {constant(rng, kind)}"
    return f"{constant(rng, kind)} {op} {field}"


def where(directory, seed, count):
    rng = random.Random(seed)
    bad = skipped = 0
    for number in range(count):
        if number % 10 == 0:
            form = rng.choice([make, make, make_file, make_raw])
            path = os.path.join(directory, f"t{number}" + (".parquet" if form is make_file else ""))
            kinds = form(rng, path)
            rows = lake_cat(path)
        text = expression(rng, kinds)
        wanted = subprocess.run(["weir", "filter", "--", text], input=rows, capture_output=True, check=False).stdout
        done = subprocess.run(["weir", "lake-cat", "--stats", "--where", text, path], capture_output=True, check=False)
        skipped += not re.search(rb"file.*, 0 of them skipped.*group", done.stderr)
        if done.stdout != wanted or done.returncode:
            bad += 1
            if bad <= 10:
                print(f"{path}: {text}: {done.stdout.count(10)} rows, filter {wanted.count(10)}; {done.stderr.decode()}", flush=True)
    print(f"{count} expressions, files were skipped for {skipped} of them", file=sys.stderr)
    return bad > 0 or skipped == 0


TEXTS = ["", "a", "10", "-3.5", "x y", "é", 'say "x"', "a,b", "a\\tb", "\\", "true", "null", "Z" * 40]


# What the partition column of a table of TSV or CSV holds.
PART = 'if($2 == "", null, "" + $2)'


def make_columns(rng, path, form):
    """A raw table of TSV or CSV, of records with various numbers of fields, or with a partition column that is $2."""
    by = ["--partition-by", "part={$2}"] if rng.random() < 0.5 else []
    for _ in range(rng.randrange(1, 4)):
        lines = []
        for _ in range(rng.randrange(1, 60)):
            counts = [3, 4] if by else [3, 3, 3, 1, 4]
            fields = [rng.choice([*TEXTS, str(rng.randrange(-50, 50))]) for _ in range(rng.choice(counts))]
            if form == "csv":
                fields = [f.replace("\\t", "," if by else rng.choice(["\n", "\t", "\r"])) for f in fields]
                fields = ['"' + f.replace('"', '""') + '"' if re.search('[,"\n\r]', f) or rng.random() < 0.2 else f for f in fields]
            lines.append(("," if form == "csv" else "\t").join(fields) + "\n")
        if rng.random() < 0.05 and not by:
            lines.append('"open,1\n' if form == "csv" else "\n")
        subprocess.run(["weir", "lake-put", *by, path], input="".join(lines).encode(), check=True, stderr=subprocess.DEVNULL)
    return ["$1", "$2", "$3", "$4"] + [".part"] * len(by[:1])


def without_part(part):
    """PART of a list, under the name that lake-cat gives it, for filter, which does not know the partition column."""
    if ".part" not in part:
        return part
    name, _, text = part.rpartition(" = ")
    name = name or "." + json.dumps("part" if part == ".part" else part)
    return f"{name} = {text.replace('.part', PART)}"


def fields_of(rng, kinds, form):
    """A list of fields: as lake-cat has it, and as filter has it."""
    ours, theirs = [], []
    for kind in rng.sample(kinds, rng.randrange(1, len(kinds) + 1)) + rng.choices(kinds, k=rng.random() < 0.03):
        field = kind if kind == ".part" or form != "json" else f".{kind}"
        part = rng.choice([field] * 5 + [f".n{len(ours)} = {field} + 1", f"upper({field})", f"{field} ?? 7", f"[{field}, 1]"])
        if form == "json" and rng.random() < 0.2:
            part = rng.choice([".x.y", ".l[0]", ".x", ".nothing", '."odd name"'])
        theirs.append(without_part(part))
        bare = part.startswith(".") and re.fullmatch(r'\.(\w+|"odd name")', part) and rng.random() < 0.4
        ours.append(part[1:] if bare else part)
    comma = rng.choice([",", ", "])
    return comma.join(ours), comma.join(theirs)


def columns(directory, seed, count):
    rng = random.Random(seed)
    bad = failed = 0
    for number in range(count):
        if number % 10 == 0:
            form = rng.choice(["json", "json", "tsv", "csv"])
            path = os.path.join(directory, f"c{number}")
            kinds = make_raw(rng, path) if form == "json" else make_columns(rng, path, form)
            rows = lake_cat(path)
        other = constant(rng, rng.choice("is"))
        text = expression(rng, kinds) if form == "json" else f"{rng.choice(kinds)} {rng.choice(['>', '!=', '<='])} {other}"
        text = text if rng.random() < 0.5 else None
        ours, theirs = fields_of(rng, kinds, form)
        options = ["--format", rng.choice(["json", "tsv", "csv"])] if rng.random() < 0.6 else []
        args = ["--columns", ours, *options, *(["--where", text] if text else []), *rng.choice([[], [], ["--since", "start"]])]
        test = (text or "true").replace(".part", PART)
        by_filter = subprocess.run(
            ["weir", "filter", "--fields", theirs, *options, "--", test], input=rows, capture_output=True, check=False)
        done = subprocess.run(["weir", "lake-cat", *args, path], capture_output=True, check=False)
        fails = by_filter.returncode > 1
        failed += fails
        same = (done.stdout == by_filter.stdout) or (fails and "--since" in args)
        if not same or (done.returncode != 0) != fails:
            bad += 1
            if bad <= 10:
                print(f"{path}: {args}: {done.stdout[:200]}, filter {by_filter.stdout[:200]}; {done.stderr.decode()}", flush=True)
    print(f"{count} lists, of which {failed} fail", file=sys.stderr)
    return bad > 0 or failed * 2 > count


if __name__ == "__main__":
    if sys.argv[1] == "read":
        sys.exit(read(sys.argv[2]))
    compare_many = columns if sys.argv[1] == "columns" else where
    sys.exit(compare_many(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
