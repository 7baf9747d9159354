#!/usr/bin/env python3
"""parquetdiff.py: checks that every engine reads from our Parquet files what was put into them.

usage: parquetdiff.py PQFILE DIR [--java COMMAND] [READER...]

Makes files of every type by tests/servers/pqfile, in all shapes that the writer knows, reads them by pyarrow (with CRCs),
DuckDB, Polars, ClickHouse and, with --java, parquet-java's strict reader (COMMAND FILE... is ParquetRows.java), and compares row by row: each value as canonical text.  Prints what differs.
"""
import argparse
import datetime
import decimal
import json
import pathlib
import random
import struct
import subprocess
import sys

# A type is a word, ("decimal", digits, behind the point), ("list", element), ("map", key, value) or ("struct", {name: type}).
COLUMNS = {
    "b": "boolean",
    "i8": "tinyint",
    "i": "int",
    "l": "bigint",
    "f": "float",
    "d": "double",
    "d9": ("decimal", 9, 2),
    "d18": ("decimal", 18, 0),
    "d38": ("decimal", 38, 10),
    "s": "string",
    "many": "string",
    "bin": "binary",
    "day": "date",
    "ts": "timestamp",
    "ntz": "timestamp_ntz",
    "tags": ("list", "string"),
    "lists": ("list", ("list", "int")),
    "geo": ("struct", {"lat": "double", "name": "string", "at": ("list", "timestamp")}),
    "points": ("list", ("struct", {"x": "int", "y": ("list", "double")})),
    "m": ("map", "string", "bigint"),
    "mm": ("map", "int", ("struct", {"z": ("decimal", 20, 3), "t": ("list", "string")})),
}
SPECIAL = [float("nan"), float("inf"), float("-inf"), -0.0, 0.0]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
bad = 0
made = []  # name, path, columns, rows of each file


def complain(message):
    global bad
    bad += 1
    print(message)


def text_of(type_):
    """The type in the text of a schema."""
    if isinstance(type_, str):
        return type_
    if type_[0] == "decimal":
        return f"decimal({type_[1]},{type_[2]})"
    if type_[0] == "list":
        return f"array<{text_of(type_[1])}>"
    if type_[0] == "map":
        return f"map<{text_of(type_[1])},{text_of(type_[2])}>"
    return "struct<" + ", ".join(f"{name} {text_of(t)}" for name, t in type_[1].items()) + ">"


def make_text(rng):
    if rng.random() < 0.05:
        return ""
    if rng.random() < 0.02:  # longer than statistics, cut at a character of several bytes
        return "x" * rng.randrange(50, 64) + rng.choice(["é", "€", "𝄞", "\x7f", "\U0010ffff"]) * rng.randrange(1, 90)
    return rng.choice(["view", "click", "ä", "日本", "a\x00b", "😀"]) + str(rng.randrange(40))


def make_scalar(type_, rng):
    if type_ == "boolean":
        return rng.random() < 0.3
    if type_ in ("float", "double"):
        if rng.random() < 0.1:
            return rng.choice(SPECIAL)
        value = rng.uniform(-1e6, 1e6) if rng.random() < 0.5 else float(rng.randrange(20))
        return struct.unpack("<f", struct.pack("<f", value))[0] if type_ == "float" else value
    if type_ == "string":
        return make_text(rng)
    if type_ == "binary":
        return rng.choice([b"", b"\xff" * rng.choice([3, 70]), rng.randbytes(rng.randrange(20))])
    bits = {"tinyint": 7, "int": 31, "bigint": 63, "date": 15, "timestamp": 50, "timestamp_ntz": 50}[type_]
    return rng.choice([0, -1, 2**bits - 1, -(2**bits), rng.randrange(-(2**bits), 2**bits), rng.randrange(10) % 2**bits])


def make(type_, rng, null=0.15):
    if rng.random() < null:
        return None
    if isinstance(type_, str):
        return make_scalar(type_, rng)
    if type_[0] == "decimal":
        most = 10 ** type_[1] - 1
        unscaled = rng.choice([0, most, -most, rng.randrange(-most, most), rng.randrange(-100, 100)])
        return decimal.Decimal(unscaled).scaleb(-type_[2], decimal.Context(prec=40))
    if type_[0] == "struct":
        return {name: make(t, rng) for name, t in type_[1].items()}
    size = rng.choice([0, 1, 2, 3, rng.randrange(20)])
    if type_[0] == "list":
        return [make(type_[1], rng) for _ in range(size)]
    keys = {make(type_[1], rng, 0): None for _ in range(size)}
    return [(key, make(type_[2], rng)) for key in keys]


def for_pqfile(type_, value):
    """The value as pqfile takes it."""
    if value is None:
        return None
    if type_ in ("float", "double"):
        return value if value - value == 0 and str(value) != "-0.0" else {"nan": "NaN"}.get(str(value), str(value))
    if type_ == "binary":
        return value.hex()
    if isinstance(type_, str):
        return value
    if type_[0] == "decimal":
        return format(value, "f")
    if type_[0] == "list":
        return [for_pqfile(type_[1], v) for v in value]
    if type_[0] == "map":
        return [[for_pqfile(type_[1], k), for_pqfile(type_[2], v)] for k, v in value]
    return {name: for_pqfile(t, value[name]) for name, t in type_[1].items()}


def bits(type_, value):
    """A floating point number as its bits; all NaNs are one."""
    if value != value:
        return "nan"
    return struct.pack(*((">f", value) if type_ == "float" else (">d", value))).hex()


def canon(type_, value, lax=False):
    """The value in a form for JSON that distinguishes all values.  LAX: for an engine whose lists, maps and structs are never null."""
    if value is None and lax and not isinstance(type_, str) and type_[0] != "decimal":
        value = {name: None for name in type_[1]} if type_[0] == "struct" else []
    if value is None:
        return None
    if type_ in ("float", "double"):
        return bits(type_, value)
    if type_ == "binary":
        return value.hex() if isinstance(value, (bytes, bytearray)) else value.encode("latin-1").hex()
    if type_ == "string":
        return value.decode() if isinstance(value, bytes) else value
    if type_ == "date":
        return (value - EPOCH.date()).days if isinstance(value, datetime.date) else int(value)
    if type_ in ("timestamp", "timestamp_ntz"):
        if isinstance(value, datetime.datetime):
            value = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
            value = (value - EPOCH) // datetime.timedelta(microseconds=1)
        return value
    if isinstance(type_, str):
        return bool(value) if type_ == "boolean" else int(value)
    if type_[0] == "decimal":
        return str(int(decimal.Decimal(value).scaleb(type_[2], decimal.Context(prec=60))))
    if type_[0] == "list":
        return [canon(type_[1], v, lax) for v in value]
    if type_[0] == "map":
        pairs = [(p["key"], p["value"]) if isinstance(p, dict) else p for p in (value.items() if isinstance(value, dict) else value)]
        return [[canon(type_[1], k, lax), canon(type_[2], v, lax)] for k, v in pairs]
    return {name: canon(t, value[name], lax) for name, t in type_[1].items()}


def by_pyarrow(path):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path, page_checksum_verification=True).to_pylist()


def by_duckdb(path):
    import duckdb

    return duckdb.connect().execute("SET TimeZone='UTC'").execute(f"select * from '{path}'").to_arrow_table().to_pylist()


def by_polars(path):
    import polars

    return polars.read_parquet(path).to_arrow().to_pylist()


def by_chdb(path):
    import chdb
    import pyarrow

    answer = chdb.query(f"select * from file('{path}', Parquet) settings output_format_arrow_string_as_string=0, max_threads=1, input_format_parquet_preserve_order=1", "Arrow").bytes()
    return pyarrow.ipc.open_file(answer).read_all().to_pylist()


READERS = {"pyarrow": by_pyarrow, "duckdb": by_duckdb, "polars": by_polars, "chdb": by_chdb}


def compare(name, reader, columns, rows, got, lax):
    if len(got) != len(rows):
        complain(f"{name}: {reader} reads {len(got)} rows, not {len(rows)}")
        return
    for number, (have, want) in enumerate(zip(got, rows)):
        for column, type_ in columns.items():
            a, b = have[column], canon(type_, want[column], lax)
            if a != b:
                complain(f"{name}: row {number}, {column} {text_of(type_)}: {reader} reads {a!r:.200}, not {b!r:.200}")
                return


def check(name, columns, rows, options, args):
    path = pathlib.Path(args.dir) / f"{name}.parquet"
    schema = ", ".join(f"{column} {text_of(type_)}" for column, type_ in columns.items())
    lines = "".join(json.dumps({c: for_pqfile(t, row[c]) for c, t in columns.items()}) + "\n" for row in rows)
    subprocess.run([args.pqfile, *options, schema, path], input=lines.encode(), check=True)
    for reader in args.readers:
        lax = reader == "chdb"
        try:
            got = [{c: canon(t, row[c], lax) for c, t in columns.items()} for row in READERS[reader](str(path))]
        except Exception as error:  # whatever an engine may throw is a finding
            complain(f"{name}: {reader} fails: {error!r:.300}")
            continue
        compare(name, reader, columns, rows, got, lax)
    made.append((name, path, columns, rows))


def check_java(command):
    """All files in one JVM, which takes seconds to start."""
    answer = subprocess.run([*command.split(), *(path for _, path, _, _ in made)], capture_output=True, check=False)
    if answer.returncode:
        complain(f"parquet-java fails: {answer.stderr.decode()[-900:]}")
    for name, path, columns, rows in made:
        lines = pathlib.Path(f"{path}.rows").read_text(encoding="utf-8").splitlines()
        compare(name, "parquet-java", columns, rows, [json.loads(line) for line in lines], False)


def check_bounds(name):
    """The statistics of each chunk of flat columns bound what pyarrow reads of it."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(next(path for n, path, _, _ in made if n == name))
    for group in range(file.metadata.num_row_groups):
        rows = file.read_row_group(group).to_pydict()
        for index in range(file.metadata.num_columns):
            chunk = file.metadata.row_group(group).column(index)
            stats, values = chunk.statistics, [v for v in rows.get(chunk.path_in_schema, []) if v is not None]
            if not stats or "." in chunk.path_in_schema:
                continue
            if stats.null_count != chunk.num_values - len(values):
                complain(f"{name}: {chunk.path_in_schema} has {chunk.num_values - len(values)} nulls, not {stats.null_count}")
            if stats.has_min_max and values and not (stats.min <= min(values) and max(values) <= stats.max):
                complain(f"{name}: {chunk.path_in_schema} is from {min(values)!r} to {max(values)!r}, not {stats.min!r} to {stats.max!r}")


def check_bloom(args):
    """DuckDB finds by a Bloom filter each value that is there, and hardly one that is not."""
    import duckdb

    rows = [{"s": f"v{i}", "l": 3 * i, "g": {"x": f"x{i % 50}"}} for i in range(20000)]
    columns = {"s": "string", "l": "bigint", "g": ("struct", {"x": "string"})}
    check("bloom", columns, rows, ["--bloom", "s", "--bloom", "l", "--bloom", "g.x", "--dict", "3000"], args)
    probe = f"select bloom_filter_excludes from parquet_bloom_probe('{args.dir}/bloom.parquet', ?, ?)"
    for column, there, absent in (("s", [f"v{i}" for i in range(200)], [f"w{i}" for i in range(200)]), ("l", range(0, 600, 3), range(1, 601, 3))):
        lost = [v for v in there if duckdb.execute(probe, [column, v]).fetchone()[0]]
        wrong = [v for v in absent if not duckdb.execute(probe, [column, v]).fetchone()[0]]
        if lost or len(wrong) > 10:
            complain(f"bloom: by the filter of {column} {lost} are not there, and {wrong} may be")


def main():
    parser = argparse.ArgumentParser(usage="parquetdiff.py PQFILE DIR [--java COMMAND] [READER...]")
    parser.add_argument("--java")
    parser.add_argument("pqfile")
    parser.add_argument("dir")
    parser.add_argument("readers", nargs="*", default=list(READERS))
    args = parser.parse_args()
    args.readers = args.readers or list(READERS)
    rng = random.Random(15)
    rows = [{c: make(t, rng) for c, t in COLUMNS.items()} for _ in range(3000)]
    for i, row in enumerate(rows):
        row["many"] = f"value {i * 7919 % 3000} of many"
    small = ["--page-entries", "100", "--page-bytes", "2000", "--group", "700"]
    check("zstd", COLUMNS, rows, small + ["--codec", "zstd"], args)
    check("snappy", COLUMNS, rows, small + ["--codec", "snappy", "--dict", "1000"], args)
    check("gzip", COLUMNS, rows, ["--codec", "gzip", "--dict", "300"], args)
    check("none", COLUMNS, rows, ["--codec", "none", "--reject", "3", "--bloom", "many", "--bloom", "l"], args)
    check("rejects", COLUMNS, rows, small + ["--reject", "2", "--dict", "2000", "--metadata", "key=value"], args)
    check("empty", COLUMNS, [], [], args)
    check("one", COLUMNS, rows[:1], [], args)
    check("nulls", COLUMNS, [dict.fromkeys(COLUMNS)] * 1000, ["--group", "300"], args)
    same = [{c: make(t, random.Random(i // 500), 0) for c, t in COLUMNS.items()} for i in range(1500)]
    check("runs", COLUMNS, same, ["--page-entries", "1000"], args)
    wide = {f"c{i}": "bigint" for i in range(500)}
    check("wide", wide, [{c: i for i, c in enumerate(wide)}] * 20, [], args)
    check_bloom(args)
    for name in ("zstd", "snappy", "none", "rejects", "nulls", "runs"):
        check_bounds(name)
    if args.java:
        check_java(args.java)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
