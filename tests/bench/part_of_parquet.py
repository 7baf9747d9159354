#!/usr/bin/env python3
"""part_of_parquet.py make ROWS FILE: a Parquet file of 20 columns in 80 row groups, zstd, by DuckDB: sorted by `n`, not by `m`.
part_of_parquet.py read FILE CONDITION COLUMNS OUT: the rows for which an expression of SQL is true to NDJSON, by DuckDB in one thread.
"""
import sys

import duckdb


def make(rows, path):
    rows = int(rows)
    more = ", ".join(f"(hash(i + {c}) % 100000)::BIGINT AS c{c}, 's' || (hash(i - {c}) % 1000) AS s{c}" for c in range(9))
    duckdb.execute(
        f"""SET threads = 1; COPY (SELECT i AS n, (hash(i) % {rows})::BIGINT AS m, {more} FROM range({rows}) t(i))
        TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows // 80 // 2048 * 2048})"""
    )


def read(path, condition, columns, out):
    duckdb.execute("SET threads = 1")
    duckdb.execute(f"COPY (SELECT {columns} FROM read_parquet('{path}') WHERE {condition}) TO '{out}' (FORMAT json)")


{"make": make, "read": read}[sys.argv[1]](*sys.argv[2:])
