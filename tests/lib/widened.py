#!/usr/bin/env python3
"""Make a Delta table by delta-rs whose columns then get wider types, in all ways that the protocol has.

usage: widened.py TABLE
"""

import datetime
import decimal
import json
import sys

import deltalake
import pyarrow as pa

WIDER = {"i": "long", "f": "double", "x": "double", "d": "decimal(12,4)", "day": "timestamp_ntz", "p": "long"}
FEATURES = ["typeWidening", "timestampNtz"]


def main():
    path = sys.argv[1]
    for n, f in (1, 0.1), (2, 0.7):
        rows = {
            "i": pa.array([n], pa.int32()),
            "f": pa.array([f], pa.float32()),
            "x": pa.array([-n], pa.int32()),
            "d": pa.array([decimal.Decimal(n) / 4], pa.decimal128(5, 2)),
            "day": [datetime.date(2026, 11, 20 + n)],
            "p": pa.array([n], pa.int32()),
        }
        deltalake.write_deltalake(path, pa.table(rows), mode="append", partition_by=["p"])
    with open(f"{path}/_delta_log/{0:020}.json", encoding="utf-8") as log:
        meta = next(json.loads(line)["metaData"] for line in log if "metaData" in line)
    schema = json.loads(meta["schemaString"])
    for field in schema["fields"]:
        field["metadata"]["delta.typeChanges"] = [{"fromType": field["type"], "toType": WIDER[field["name"]]}]
        field["type"] = WIDER[field["name"]]
    meta["schemaString"] = json.dumps(schema)
    protocol = {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": FEATURES, "writerFeatures": FEATURES}
    with open(f"{path}/_delta_log/{2:020}.json", "x", encoding="utf-8") as log:
        print(json.dumps({"protocol": protocol}), json.dumps({"metaData": meta}), sep="\n", file=log)


main()
