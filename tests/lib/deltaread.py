#!/usr/bin/env python3
"""Read a Delta table by independent readers, which have to agree; print its rows as JSON, sorted.

usage: deltaread.py TABLE [APPID...]
       deltaread.py --duckdb TABLE

The readers are delta-rs (deltalake), DuckDB with its extension and Polars; with --duckdb DuckDB alone, for what the
others do not read.  With APPIDs, print the version of each
transaction, as delta-rs has it, before the rows.
"""

import datetime
import glob
import json
import os
import sys

import deltalake
import duckdb
import duckdb_extension_delta
import polars


def canonical(value):
    """VALUE in a form for JSON: times as texts, in UTC if they have a zone, and maps as lists of pairs."""
    if isinstance(value, dict):
        if set(value) == {"key", "value"}:
            return [canonical(value["key"]), canonical(value["value"])]
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(v) for v in value]
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and value != value:
        return "NaN"
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def lines(table):
    """The rows of TABLE, of Arrow, as sorted lines."""
    return sorted(json.dumps(canonical(row), sort_keys=True) for row in table.to_pylist())


def by_duckdb(path):
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    root = os.path.dirname(duckdb_extension_delta.__file__)
    (extension,) = glob.glob(os.path.join(root, "**", "delta.duckdb_extension"), recursive=True)
    connection.execute(f"LOAD '{extension}'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection.execute("SELECT * FROM delta_scan(?)", [path]).to_arrow_table()


def main():
    if sys.argv[1] == "--duckdb":
        print(*lines(by_duckdb(os.path.abspath(sys.argv[2]))), sep="\n")
        return
    path = os.path.abspath(sys.argv[1])
    table = deltalake.DeltaTable(path)
    for app in sys.argv[2:]:
        print(app, table.transaction_version(app))
    rows = lines(table.to_pyarrow_table())
    for name, other in (("DuckDB", by_duckdb(path)), ("Polars", polars.read_delta(path).to_arrow())):
        if lines(other) != rows:
            sys.exit(f"{name} reads {lines(other)[:3]}…, delta-rs {rows[:3]}…")
    print("\n".join(rows))


main()
