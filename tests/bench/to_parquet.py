#!/usr/bin/env python3
"""to_parquet.py duckdb|polars|pyarrow events|narrow CODEC[:LEVEL] IN OUT [ROWS]: NDJSON to a Parquet file, by one thread.

The columns have the same types as the tables of lake-put have (tests/bench/rows/delta.bash).  With ROWS, duckdb and
pyarrow write as lake-put does: row groups of so many rows, dictionaries of up to 2 MiB, no Bloom filters.
"""
import os
import sys

engine, kind, codec, source, target, *rest = sys.argv[1:]
group = int(rest[0]) if rest else None
DICTIONARY = 2 << 20
codec, _, level = codec.partition(":")
level = int(level) if level else None
TYPES = {
    "events": {"ts": "timestamp", "user": "string", "action": "string", "amount": "double", "item": "string", "ip": "string",
               "ok": "boolean", "v": "int"},
    "narrow": {"n": "bigint", "k": "int", "x": "double"},
}[kind]  # fmt: skip


def duckdb():
    import duckdb

    sql = {"string": "VARCHAR"}
    columns = ", ".join(f"{name}: '{sql.get(type_, type_)}'" for name, type_ in TYPES.items())
    options = f"FORMAT parquet, COMPRESSION {codec}" + (f", COMPRESSION_LEVEL {level}" if level else "")
    if group:
        options += f", ROW_GROUP_SIZE {group}, STRING_DICTIONARY_PAGE_SIZE_LIMIT {DICTIONARY}, WRITE_BLOOM_FILTER false"
    duckdb.execute("SET threads = 1")
    read = f"FROM read_json('{source}', format = 'newline_delimited', columns = {{{columns}}})"
    duckdb.execute(f"COPY ({read}) TO '{target}' ({options})")


def polars():
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    types = {"timestamp": pl.String, "string": pl.String, "double": pl.Float64, "boolean": pl.Boolean, "int": pl.Int32,
             "bigint": pl.Int64}  # fmt: skip
    frame = pl.scan_ndjson(source, schema={name: types[type_] for name, type_ in TYPES.items()})
    if "ts" in TYPES:
        frame = frame.with_columns(pl.col("ts").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC"))
    frame.sink_parquet(target, compression=codec, compression_level=level)


def pyarrow():
    import pyarrow as pa
    import pyarrow.json
    import pyarrow.parquet

    pa.set_cpu_count(1)
    types = {"timestamp": pa.timestamp("us", "UTC"), "string": pa.string(), "double": pa.float64(), "boolean": pa.bool_(),
             "int": pa.int32(), "bigint": pa.int64()}  # fmt: skip
    schema = pa.schema([(name, types[type_]) for name, type_ in TYPES.items()])
    table = pa.json.read_json(source, pa.json.ReadOptions(use_threads=False), pa.json.ParseOptions(explicit_schema=schema))
    sizes = {"row_group_size": group, "dictionary_pagesize_limit": DICTIONARY} if group else {}
    pa.parquet.write_table(table, target, compression=codec, compression_level=level, **sizes)


{"duckdb": duckdb, "polars": polars, "pyarrow": pyarrow}[engine]()
