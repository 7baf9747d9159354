#!/usr/bin/env python3
"""deltarows.py: one table of every type, and whether independent engines read from it what was put in.

usage: deltarows.py schema                    the columns, as lake-put --schema takes them
       deltarows.py make FROM TO              the records of these numbers, as JSON; those from 1000 on have new fields
       deltarows.py check TABLE FROM TO...    do all engines read the records of these ranges, each once?  Prints what differs
       deltarows.py odd                       records with odd values in column p, as JSON
       deltarows.py check-odd TABLE           do all engines read those from a table that is partitioned by p?

The engines are delta-rs, DuckDB, Polars, ClickHouse and, with WEIR_TEST_SPARK (tests/servers/spark), Spark.  Values are
compared as canonical text, record by record.
"""

import base64
import datetime
import glob
import json
import os
import random
import re
import sys
import urllib.request

import parquetdiff
from parquetdiff import EPOCH, canon, make, text_of

LEFT_OUT = ("d18", "many", "ntz", "mm")  # of the columns; ntz needs another protocol, and keys of JSON are strings
COLUMNS = {"id": "bigint", "at": "bigint", **{c: type_ for c, type_ in parquetdiff.COLUMNS.items() if c not in LEFT_OUT}}
NEW = {"more": "bigint", "later": ("struct", {"x": "double", "name": "string"})}
CHANGE = 1000  # records from this number on have the new fields, too
# In names of directories all of these are encoded; what is empty is null there.
ODD = ["a/b=c", "100%", "%2F", "é ü", "it's", '{"x": 1}', " ", "a\nb", "..", "x:y?*", "a+b", "日本", "", None]
DIGITS = "a decimal: "


def record(number):
    """The values of a record; a new field is never null at its first record, which shows its type."""
    rng = random.Random(number)
    row = {name: make(type_, rng) for name, type_ in COLUMNS.items()}
    row["id"], row["at"] = number, 86400 * (number // 400)
    row["m"] = row["m"] and sorted(row["m"])  # the order of a map is Spark's own
    row["more"] = row["later"] = None
    if number >= CHANGE:
        row["more"] = number
        row["later"] = {"x": number + 0.5, "name": f"n{number}"}
    return row


def for_json(type_, value):
    """The value as a record of JSON has it."""
    if value is None:
        return None
    if type_ == "binary":
        return base64.b64encode(value).decode()
    if type_ == "date":
        return (EPOCH + datetime.timedelta(days=value)).date().isoformat()
    if type_ == "timestamp":
        return (EPOCH + datetime.timedelta(microseconds=value)).isoformat()
    if type_ in ("float", "double"):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), value)
    if isinstance(type_, str):
        return value
    if type_[0] == "list":
        return [for_json(type_[1], v) for v in value]
    if type_[0] == "map":
        return {k: for_json(type_[2], v) for k, v in value}
    if type_[0] == "struct":
        return {name: for_json(t, value[name]) for name, t in type_[1].items()}
    return f"{DIGITS}{value:f}"


def line(number):
    """The record as a line of JSON, in which decimals are numbers of as many digits as they have."""
    types, row = {**COLUMNS, **NEW}, record(number)
    fields = {c: for_json(t, row[c]) for c, t in types.items() if c in COLUMNS or row[c] is not None}
    return re.sub(f'"{DIGITS}([^"]*)"', r"\1", json.dumps(fields))


def canonical(rows, lax=False):
    """Rows, of any engine, as texts by number."""
    types = {**COLUMNS, **NEW}
    return {row["id"]: json.dumps({c: canon(t, row[c], lax) for c, t in types.items()}) for row in rows}


def by_delta_rs(path):
    import deltalake

    return deltalake.DeltaTable(path).to_pyarrow_table().to_pylist()


def by_duckdb(path):
    import duckdb
    import duckdb_extension_delta

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    root = os.path.dirname(duckdb_extension_delta.__file__)
    (extension,) = glob.glob(os.path.join(root, "**", "delta.duckdb_extension"), recursive=True)
    connection.execute(f"LOAD '{extension}'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection.execute("SELECT * FROM delta_scan(?)", [path]).to_arrow_table().to_pylist()


def by_polars(path):
    import polars

    return polars.read_delta(path).to_arrow().to_pylist()


def by_chdb(path):
    import chdb
    import pyarrow

    os.chdir(os.path.dirname(path))  # it reads nothing outside of where it is
    answer = chdb.query(f"SELECT * FROM deltaLakeLocal('{path}') SETTINGS output_format_arrow_string_as_string = 0", "Arrow").bytes()
    return pyarrow.ipc.open_file(answer).read_all().to_pylist()


def ask_spark(program):
    """The lines that the program prints there, each a JSON value."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(os.environ["WEIR_TEST_SPARK"], program.encode(), timeout=250) as answer:
        return list(map(json.loads, answer.read().decode().splitlines()))


def by_spark(path):
    """Spark runs this file, too: its answer is canonical already."""
    program = f"""
import json, deltarows
rows = [row.asDict(True) for row in spark.read.format("delta").load({path!r}).collect()]
for row in rows:
    row["m"] = row["m"] and sorted(row["m"].items())
print(json.dumps([row["id"] for row in rows]))
print(json.dumps(deltarows.canonical(rows)))
"""
    ids, rows = ask_spark(program)
    return ids, {int(number): text for number, text in rows.items()}


ENGINES = {"delta-rs": by_delta_rs, "DuckDB": by_duckdb, "Polars": by_polars, "ClickHouse": by_chdb}


def compare(engine, ids, rows, numbers, lax=False):
    """Prints the first difference; whether there is one."""
    wanted = canonical(map(record, numbers), lax)
    if sorted(ids) != sorted(wanted):
        print(f"{engine} reads {len(ids)} rows, {len(set(ids))} different ones; {len(wanted)} records were put in")
        return True
    for number, text in wanted.items():
        if rows[number] != text:
            values = zip(json.loads(text).items(), json.loads(rows[number]).values())
            print(engine, number, *(f"{c}: {have!r:.200}, not {want!r:.200}" for (c, want), have in values if have != want))
            return True
    return False


def check(path, numbers):
    bad = False
    for engine, read in ENGINES.items():
        try:
            rows = read(path)
        except Exception as error:  # pylint: disable=broad-except
            print(f"{engine} cannot read it: {error!r:.500}")
            bad = True
            continue
        lax = engine == "ClickHouse"  # its lists, maps and structs are never null
        bad |= compare(engine, [row["id"] for row in rows], canonical(rows, lax), numbers, lax)
    if "WEIR_TEST_SPARK" in os.environ:
        bad |= compare("Spark", *by_spark(path), numbers)
    return bad


def check_odd(path):
    wanted = {number: value or None for number, value in enumerate(ODD)}
    engines = {**ENGINES, "Spark": lambda path: ask_spark(f"""
import json
for row in spark.read.format("delta").load({path!r}).collect(): print(json.dumps(row.asDict()))""")}
    bad = False
    for engine, read in engines.items():
        rows = [(row["n"], row["p"].decode() if isinstance(row["p"], bytes) else row["p"]) for row in read(path)]
        if dict(rows) != wanted or len(rows) != len(wanted):
            print(f"{engine} reads {rows}, not {wanted}")
            bad = True
    return bad


def main():
    verb, *operands = sys.argv[1:]
    if verb == "schema":
        print(", ".join(f"{name} {text_of(type_)}" for name, type_ in COLUMNS.items()))
    elif verb == "make":
        print(*map(line, range(int(operands[0]), int(operands[1]))), sep="\n")
    elif verb == "odd":
        print(*(json.dumps({"n": number, "p": value}) for number, value in enumerate(ODD)), sep="\n")
    elif verb == "check-odd":
        sys.exit(check_odd(os.path.abspath(operands[0])))
    else:
        path, *limits = operands
        numbers = [n for begin, end in zip(limits[::2], limits[1::2]) for n in range(int(begin), int(end))]
        sys.exit(check(os.path.abspath(path), numbers))


if __name__ == "__main__":
    main()
