#!/usr/bin/env python3
"""Delete rows of a Delta table by deletion vectors, as Spark does: for machines without it.

usage: deltadelete.py TABLE MODULUS REMAINDER [FILE]

Of each of the table's files (only of FILE, if it is given) the rows whose number in it leaves REMAINDER when it is
divided by MODULUS.  The vector of the first file is in the log, those of the others are in a file.
"""

import json
import os
import struct
import sys
import urllib.parse
import uuid
import zlib

import pyarrow.parquet

Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def z85(data):
    """DATA in Z85, padded with zeros."""
    text = ""
    data += bytes(-len(data) % 4)
    for i in range(0, len(data), 4):
        n = int.from_bytes(data[i : i + 4], "big")
        text += "".join(Z85[n // 85**k % 85] for k in (4, 3, 2, 1, 0))
    return text


def bitmap(rows):
    """A Roaring bitmap of 64 bits of ROWS, which are few and less than 2^32."""
    keys = sorted({row >> 16 for row in rows})
    head = struct.pack("<II", 12346, len(keys))
    lists = [[row & 0xFFFF for row in rows if row >> 16 == key] for key in keys]
    for key, values in zip(keys, lists):
        head += struct.pack("<HH", key, len(values) - 1)
    body, at = b"", len(head) + 4 * len(keys)
    offsets = b""
    for values in lists:
        offsets += struct.pack("<I", at + len(body))
        if len(values) > 4096:
            bits = bytearray(8192)
            for value in values:
                bits[value >> 3] |= 1 << (value & 7)
            body += bytes(bits)
        else:
            body += struct.pack(f"<{len(values)}H", *values)
    return struct.pack("<IQI", 1681511377, 1, 0) + head + offsets + body


class Log:
    """The log of a small table without checkpoints."""

    def __init__(self, table):
        self.dir = os.path.join(table, "_delta_log")
        self.files, self.protocol = {}, None
        names = sorted(n for n in os.listdir(self.dir) if n.endswith(".json") and n[0].isdigit())
        self.next = int(names[-1][:20]) + 1
        for name in names:
            with open(os.path.join(self.dir, name), encoding="utf-8") as f:
                self.take([json.loads(line) for line in f])

    def take(self, actions):
        """Take in the ACTIONS of an entry."""
        for action in actions:
            self.protocol = action.get("protocol", self.protocol)
            if "remove" in action:
                self.files.pop(action["remove"]["path"], None)
        for action in actions:
            if "add" in action:
                self.files[action["add"]["path"]] = action["add"]

    def commit(self, actions):
        """Append an entry with ACTIONS."""
        with open(os.path.join(self.dir, f"{self.next:020}.json"), "x", encoding="utf-8") as f:
            f.write("".join(json.dumps(action) + "\n" for action in actions))


def main(table, modulus, remainder, only=None):
    """Commit the deletion."""
    log = Log(table)
    features = ["deletionVectors"]
    actions = [{"commitInfo": {"timestamp": 1, "operation": "DELETE", "operationParameters": {}}}]
    if "deletionVectors" not in log.protocol.get("writerFeatures", []):
        writer = features + ["appendOnly", "invariants"]
        actions.append({"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": writer}})
    name = uuid.uuid4()
    beside = b"\1"
    for path, add in log.files.items():
        if only not in (None, path):
            continue
        rows = pyarrow.parquet.read_metadata(os.path.join(table, urllib.parse.unquote(path))).num_rows
        gone = [row for row in range(rows) if row % int(modulus) == int(remainder)]
        if not gone:
            continue
        data = bitmap(gone)
        vector = {"storageType": "i", "pathOrInlineDv": z85(data), "sizeInBytes": len(data), "cardinality": len(gone)}
        if len(actions) > 2:
            vector |= {"storageType": "u", "pathOrInlineDv": z85(name.bytes), "offset": len(beside)}
            beside += struct.pack(">I", len(data)) + data + struct.pack(">I", zlib.crc32(data))
        remove = {"path": path, "deletionTimestamp": 2, "dataChange": True, "extendedFileMetadata": True, "partitionValues": add["partitionValues"], "size": add["size"]}
        if "deletionVector" in add:
            remove["deletionVector"] = add["deletionVector"]
        actions.append({"remove": remove})
        actions.append({"add": add | {"dataChange": True, "deletionVector": vector}})
    if len(beside) > 1:
        with open(os.path.join(table, f"deletion_vector_{name}.bin"), "xb") as f:
            f.write(beside)
    log.commit(actions)


main(*sys.argv[1:])
