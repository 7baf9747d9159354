#!/usr/bin/env python3
"""parquetread.py: checks that our Parquet reader has the values that other engines have written.

usage: parquetread.py PQTEXT DIR

Makes files by pyarrow (every codec, encoding, page version and type), DuckDB and Polars, reads them by PQTEXT
(tests/servers/pqtext.c): as a whole, some rows, and some batches, and compares each value with the one that was given
to the engine.  Prints what differs.
"""
import base64
import datetime
import decimal
import json
import pathlib
import random
import struct
import subprocess
import sys

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, GROUP = 4000, 1700
WORDS = ["view", "click", "ä", "日本", 'a"b\\c', "x" * 100, "", "line\nfeed\ttab", "\x01"]
rng = random.Random(1)
bad = 0


def complain(*what):
    global bad
    bad += 1
    if bad < 30:
        print(*what)


def some(make, nulls=0.1):
    """ROWS values, of which some are null."""
    return [None if rng.random() < nulls else make() for _ in range(ROWS)]


def number(digits, scale):
    return decimal.Decimal(rng.randrange(-(10**digits) + 1, 10**digits)).scaleb(-scale, decimal.Context(prec=60))


def plain_columns():
    """Columns that all engines can write."""
    odd = [float("nan"), float("inf"), float("-inf"), -0.0, 1e300, 5.5]
    return {
        "i": pa.array(some(lambda: rng.randrange(-(2**31), 2**31)), pa.int32()),
        "l": pa.array(some(lambda: rng.randrange(-(2**63), 2**63), 0), pa.int64()),
        "few": pa.array(some(lambda: rng.randrange(5)), pa.int64()),
        "u8": pa.array(some(lambda: rng.randrange(2**8)), pa.uint8()),
        "u32": pa.array(some(lambda: rng.randrange(2**32)), pa.uint32()),
        "u64": pa.array(some(lambda: rng.randrange(2**64)), pa.uint64()),
        "f": pa.array(some(rng.random), pa.float32()),
        "d": pa.array(some(lambda: rng.choice(odd + [rng.random(), rng.gauss(0, 1e9)])), pa.float64()),
        "b": pa.array(some(lambda: rng.random() < 0.3), pa.bool_()),
        "s": pa.array(some(lambda: rng.choice(WORDS)), pa.string()),
        "user": pa.array(some(lambda: f"user{rng.randrange(10**6)}", 0), pa.string()),
        "bin": pa.array(some(lambda: rng.randbytes(rng.randrange(9))), pa.binary()),
        "d11": pa.array(some(lambda: number(11, 2)), pa.decimal128(11, 2)),
        "d38": pa.array(some(lambda: number(38, 10)), pa.decimal128(38, 10)),
        "day": pa.array(some(lambda: rng.randrange(-9000, 30000)), pa.date32()),
        "ts": pa.array(some(lambda: rng.randrange(-(10**15), 10**15)), pa.timestamp("us", "UTC")),
        "ms": pa.array(some(lambda: rng.randrange(-(10**12), 10**12)), pa.timestamp("ms")),
        "ns": pa.array(some(lambda: rng.randrange(-(10**18), 10**18)), pa.timestamp("ns")),
        "tags": pa.array(
            some(lambda: [rng.choice(WORDS + [None]) for _ in range(rng.randrange(4))]), pa.list_(pa.string())
        ),
        "geo": pa.array(
            some(lambda: {"lat": rng.choice([None, 1.5]), "at": rng.choice([None, [1, 2]])}),
            pa.struct([("lat", pa.float64()), ("at", pa.list_(pa.int32()))]),
        ),
    }


def more_columns():
    deep = pa.list_(pa.list_(pa.int64()))
    points = pa.list_(pa.struct([("x", pa.int32()), ("y", pa.string())]))
    return {
        "h": pa.array(some(lambda: rng.choice([1.5, -2.25, 0.1, 65504, 6e-8])), pa.float16()),
        "fix": pa.array(some(lambda: rng.randbytes(5)), pa.binary(5)),
        "t32": pa.array(some(lambda: rng.randrange(86400000)), pa.time32("ms")),
        "t64": pa.array(some(lambda: rng.randrange(86400 * 10**9)), pa.time64("ns")),
        "deep": pa.array(some(lambda: [rng.choice([None, [], [1, 2, None]]) for _ in range(rng.randrange(3))]), deep),
        "points": pa.array(
            some(lambda: [{"x": rng.randrange(9), "y": rng.choice([None, "q"])} for _ in range(rng.randrange(3))]),
            points,
        ),
        "m": pa.array(
            some(lambda: [(k, rng.choice([None, 1])) for k in rng.sample("abc", rng.randrange(4))]),
            pa.map_(pa.string(), pa.int64()),
        ),
    }


def digits(part, width):
    """The digits of a fraction, in as few groups of three as it takes."""
    text = f"{part:0{width}d}"
    while text.endswith("000"):
        text = text[:-3]
    return "." + text if text else ""


def stamp(value, type_):
    us = {"s": value * 10**6, "ms": value * 1000, "us": value, "ns": value // 1000}[type_.unit]
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=us // 10**6)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + digits(us % 10**6, 6) + ("Z" if type_.tz else "")


def clock(value, type_):
    ns = value * {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[type_.unit]
    s = ns // 10**9
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" + digits(ns % 10**9, 9)


def expected(value, type_):
    """What the JSON of a value of pyarrow has: nulls of structs are left out; numbers are pairs of a kind and a value."""
    types = pa.types
    if not value.is_valid:
        return None
    if types.is_timestamp(type_):
        return stamp(value.value, type_)
    if types.is_time(type_):
        return clock(value.value, type_)
    if types.is_date(type_):
        return value.as_py().isoformat()
    if types.is_struct(type_):
        members = {f.name: expected(value[f.name], f.type) for f in type_}
        return {name: v for name, v in members.items() if v is not None}
    if types.is_map(type_):
        return {k: v if v is None else ("exact", str(v)) for k, v in value.as_py()}
    if types.is_list(type_) or types.is_large_list(type_):
        return [expected(v, type_.value_type) for v in value.values] if value.values is not None else None
    plain = value.as_py()
    if types.is_floating(type_):
        if plain != plain or plain in (float("inf"), float("-inf")):
            return "NaN" if plain != plain else "Infinity" if plain > 0 else "-Infinity"
        return ("real", plain, type_)
    if types.is_decimal(type_):
        return ("exact", f"{plain:f}")
    if isinstance(plain, bool):
        return plain
    if isinstance(plain, int):
        return ("exact", str(plain))
    return base64.b64encode(plain).decode() if isinstance(plain, bytes) else plain


def same(want, got):
    if isinstance(want, tuple) and want[0] == "exact":
        return got == want[1]
    if isinstance(want, tuple):
        if want[2] == pa.float64():
            return float(got) == want[1]
        return struct.pack("f", float(got)) == struct.pack("f", want[1])
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(same(w, g) for w, g in zip(want, got))
    if isinstance(want, dict):
        return isinstance(got, dict) and want.keys() == got.keys() and all(same(v, got[k]) for k, v in want.items())
    return type(want) is type(got) and want == got


class Rows:
    """A file at PATH with the rows of TABLE, and what these should look like."""

    def __init__(self, pqtext, path, table):
        self.pqtext, self.path = pqtext, path
        columns = [(f.name, [expected(v, f.type) for v in table.column(f.name)]) for f in table.schema]
        self.rows = [{n: c[i] for n, c in columns if c[i] is not None} for i in range(table.num_rows)]

    def check(self, what, options=(), rows=None):
        rows = range(len(self.rows)) if rows is None else rows
        run = subprocess.run([self.pqtext, *options, self.path], capture_output=True, check=False)
        if run.returncode:
            return complain(what, "fails:", run.stderr.decode())
        lines = run.stdout.decode().split("\n")[:-1]
        if len(lines) != len(rows):
            return complain(what, "has", len(lines), "rows, not", len(rows))
        for i, line in zip(rows, lines):
            got = json.loads(line, parse_float=str, parse_int=str)
            if not same(self.rows[i], got):
                for name in self.rows[i].keys() | got.keys():
                    if not same(self.rows[i].get(name), got.get(name)):
                        complain(what, "row", i, name, self.rows[i].get(name), got.get(name))

    def check_parts(self, what, group):
        n = len(self.rows)
        self.check(what)
        self.check(what + ", each third row", ["--step", "3"], range(0, n, 3))
        starts = range(0, n, group)
        middle = [g + i for g in starts for i in range(300, min(1500, min(group, n - g)))]
        self.check(what + ", a range", ["--from", "300", "--to", "1500"], middle)


def by_pyarrow(rows, path, table):
    for codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
        for version in ("1.0", "2.0"):
            pq.write_table(table, path, compression=codec, data_page_version=version, data_page_size=5000,
                row_group_size=GROUP, write_page_index=codec in ("zstd", "lz4"))
            rows.check_parts(f"pyarrow, {codec}, pages {version}", GROUP)
    encodings = {
        "DELTA_BINARY_PACKED": ["i", "l", "few", "u8", "u32", "u64", "ts", "ms", "ns", "day"],
        "DELTA_LENGTH_BYTE_ARRAY": ["s", "user", "bin"],
        "DELTA_BYTE_ARRAY": ["s", "user", "bin", "fix", "d11", "d38"],
        "BYTE_STREAM_SPLIT": ["f", "d", "i", "l", "fix", "d38", "h"],
        "PLAIN": ["s", "b", "m.key_value.key"],
        "RLE": ["b"],
    }
    for encoding, columns in encodings.items():
        for version in ("1.0", "2.0"):
            pq.write_table(table, path, use_dictionary=False, column_encoding={c: encoding for c in columns},
                data_page_version=version, data_page_size=3000)
            rows.check_parts(f"pyarrow, {encoding}, pages {version}", ROWS)
    pq.write_table(table, path, store_decimal_as_integer=True, use_compliant_nested_type=False,
        dictionary_pagesize_limit=500)
    rows.check("pyarrow, as old writers")
    # batches that are not wanted are skipped in the other columns
    for index in (False, True):
        pq.write_table(table, path, data_page_size=5000, write_page_index=index)
        rows.check("pyarrow, some batches", ["--keep", "3"], [i for i in range(ROWS) if i // 1024 % 3 == 0])


def by_others(rows, path, given):
    frame = polars.from_arrow(given)
    for codec in ("snappy", "zstd", "gzip", "lz4_raw", "brotli", "uncompressed"):
        for version in ("V1", "V2"):
            duckdb.sql(f"copy (select * from given) to '{path}' (format parquet, codec {codec}, parquet_version {version})")
            rows.check_parts(f"DuckDB, {codec}, {version}", ROWS)
    for codec in ("zstd", "snappy", "lz4", "uncompressed"):
        frame.write_parquet(path, compression=codec, data_page_size=5000, row_group_size=GROUP)
        rows.check_parts(f"Polars, {codec}", GROUP)


def main():
    pqtext, directory = sys.argv[1:]
    path = str(pathlib.Path(directory) / "file.parquet")
    plain = plain_columns()
    for by, columns in ((by_pyarrow, {**plain, **more_columns()}), (by_others, plain)):
        table = pa.table(columns)
        by(Rows(pqtext, path, table), path, table)
    old = pa.table({"ts": plain["ts"], "i": plain["i"]})
    pq.write_table(old, path, use_deprecated_int96_timestamps=True)
    Rows(pqtext, path, old).check("pyarrow, INT96")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
