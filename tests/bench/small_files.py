#!/usr/bin/env python3
"""small_files.py make TABLE FILES ROWS: a Delta table of so many small files of 6 columns, as delta-rs and pyarrow write them.
small_files.py compact TABLE: put them together by delta-rs.

Fifty different files repeat, because making them takes longer than what is measured.
"""
import json
import os
import random
import sys
import uuid

import deltalake


def make(table, files, rows):
    import pyarrow
    import pyarrow.parquet

    os.makedirs(table)
    texts, adds = [], []
    rng = random.Random(1)
    for number in range(min(files, 50)):
        ids = range(number * rows, (number + 1) * rows)
        columns = pyarrow.table({
            "ts": pyarrow.array([1767225600000000 + i * 1000 for i in ids], pyarrow.timestamp("us", "UTC")),
            "user": [f"u{i * 7919 % 100000:06}" for i in ids],
            "action": [("view", "buy", "click")[i % 3] for i in ids],
            "amount": [i % 9973 / 7 for i in ids],
            "ip": [f"10.{i % 256}.{i * 7 % 256}.{i * 13 % 256}" for i in ids],
            "v": [rng.getrandbits(40) for _ in ids],
        })  # fmt: skip
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(columns, sink, compression="zstd")
        texts.append(sink.getvalue().to_pybytes())
        if number == 0:
            deltalake.write_deltalake(table, columns.slice(0, 0), mode="append")
    for number in range(files):
        text, path = texts[number % len(texts)], f"part-{number:05}-{uuid.UUID(int=number + 1)}.c000.zstd.parquet"
        with open(os.path.join(table, path), "wb") as out:
            out.write(text)
        adds.append({"add": {"path": path, "partitionValues": {}, "size": len(text), "modificationTime": 1767225600000,
                             "dataChange": True, "stats": json.dumps({"numRecords": rows})}})  # fmt: skip
    log = os.path.join(table, "_delta_log")
    version = sum(name.endswith(".json") for name in os.listdir(log))
    with open(os.path.join(log, f"{version:020}.json"), "w", encoding="utf-8") as out:
        for action in [{"commitInfo": {"timestamp": 1767225600000, "operation": "WRITE", "operationParameters": {}}}, *adds]:
            print(json.dumps(action), file=out)


def main():
    verb, table, *numbers = sys.argv[1:]
    if verb == "make":
        make(table, *map(int, numbers))
    else:
        deltalake.DeltaTable(table).optimize.compact(target_size=256 << 20)


if __name__ == "__main__":
    main()
