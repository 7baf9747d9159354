#!/usr/bin/env python3
"""Make a shallow clone of a Delta table, as Spark does: a log that names the files of the other table.

usage: clone.py SOURCE CLONE BEFORE

BEFORE is what the absolute URIs begin with, such as `file:` or `s3a://bucket/`; then comes SOURCE, whose paths are taken
from the directory SOURCE on this machine.  Deletion vectors in files get absolute URIs, too.
"""

import glob
import json
import os
import sys
import urllib.parse
import uuid

Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def vector_file(text):
    """The path of the file that the end of TEXT means, by PROTOCOL.md."""
    prefix, name = text[:-20], text[-20:]
    number = b""
    for i in range(0, 20, 5):
        value = 0
        for c in name[i : i + 5]:
            value = value * 85 + Z85.index(c)
        number += value.to_bytes(4, "big")
    return f"{prefix + '/' if prefix else ''}deletion_vector_{uuid.UUID(bytes=number)}.bin"


def main():
    source, clone, before = sys.argv[1:4]
    root = before + urllib.parse.quote(source)
    last, adds = {}, {}
    for path in sorted(glob.glob(f"{source}/_delta_log/0*.json")):
        with open(path, encoding="utf-8") as entry:
            for line in entry:
                for kind, action in json.loads(line).items():
                    if kind == "add":
                        adds[action["path"]] = action
                    elif kind == "remove":
                        adds.pop(action["path"], None)
                    last[kind] = action
    os.makedirs(f"{clone}/_delta_log")
    with open(f"{clone}/_delta_log/{0:020}.json", "x", encoding="utf-8") as log:
        print(json.dumps({"commitInfo": {"operation": "CLONE", "operationParameters": {"isShallow": "true"}}}), file=log)
        for kind in "protocol", "metaData":
            print(json.dumps({kind: last[kind]}), file=log)
        for path, add in adds.items():
            vector = add.get("deletionVector", {})
            if vector.get("storageType") == "u":
                vector.update(storageType="p", pathOrInlineDv=f"{root}/{vector_file(vector['pathOrInlineDv'])}")
            print(json.dumps({"add": {**add, "path": f"{root}/{path}"}}), file=log)


main()
