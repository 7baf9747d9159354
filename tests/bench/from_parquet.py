#!/usr/bin/env python3
"""from_parquet.py make ROWS FILE: a Parquet file of events, six columns, zstd, by DuckDB.
from_parquet.py duckdb|polars FILE OUT: a Parquet file to NDJSON, by one thread.
"""
import os
import sys


def make(rows, path):
    import duckdb

    duckdb.execute("SET threads = 1; SET timezone = 'UTC'")
    duckdb.execute(
        f"""COPY (SELECT to_timestamp(1795305600 + i * 0.01) AS ts, 'u' || lpad((hash(i) % 100000)::VARCHAR, 6, '0') AS "user",
        ['view', 'click', 'buy', 'cart', 'search'][1 + (hash(i + 1) % 5)::INT] AS action,
        round((hash(i + 2) % 1000000) / 100.0, 2)::DOUBLE AS amount, 'item-' || (hash(i + 3) % 20000000)::VARCHAR AS item,
        concat_ws('.', hash(i + 4) % 256, hash(i + 5) % 256, hash(i + 6) % 256, hash(i + 7) % 256) AS ip
        FROM range({int(rows)}) t(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
    )


def duckdb(path, out):
    import duckdb

    duckdb.execute("SET threads = 1; SET timezone = 'UTC'")
    duckdb.execute(f"COPY (FROM read_parquet('{path}')) TO '{out}' (FORMAT json)")


def polars(path, out):
    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl

    pl.scan_parquet(path).sink_ndjson(out)


{"make": make, "duckdb": duckdb, "polars": polars}[sys.argv[1]](*sys.argv[2:])
