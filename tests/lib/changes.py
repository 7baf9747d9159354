#!/usr/bin/env python3
"""changes: what happened to the rows of a table with the columns k (its key), q (its key, too) and n.

usage: changes.py FORM COUNT SEED

Writes COUNT records, of a few keys, in the FORM
  flags            rows with a member op, which is "d" where the row is deleted
  tombstones       as consume --envelope writes them, the key as an object in text
  debezium         change events, some of which change the key, with a tombstone after each deletion
  debezium-schema  the same in the envelope of a converter that writes schemas
"""

import json
import random
import sys


def envelope(key, row):
    about = {"_topic": "t", "_partition": 0, "_offset": 5, "_timestamp": None, "_key": json.dumps(key), "_headers": []}
    return about | (row or {})


def event(before, after, op, form):
    payload = {"before": before, "after": after, "source": {"table": "t"}, "op": op, "ts_ms": 1}
    return {"schema": {"type": "struct", "fields": []}, "payload": payload} if form == "debezium-schema" else payload


def debezium(rows, old, new, form):
    """The records of the change of the row OLD to NEW; either may be None."""
    if new is None:
        return [event(old, None, "d", form), None]
    op = "u" if old else random.choice("cr")
    rows[(new["k"], new["q"])] = new
    return [event(old if old and random.random() < 0.7 else None, new, op, form)]


def changes(form, count):
    rows = {}
    for n in range(count):
        key = {"k": random.randrange(4), "q": random.choice("ab")}
        gone = random.random() < 0.35
        row = key | {"n": n}
        if form == "flags":
            yield key | {"op": "d"} if gone else row | {"op": "u"}
        elif form == "tombstones":
            yield envelope(key, None if gone else row)
        else:
            at = (key["k"], key["q"])
            old = rows.pop(at, None)
            if old and not gone and random.random() < 0.3:  # the key becomes another one
                row = {"k": 10 + random.randrange(3), "q": "c", "n": n}
                rows[(row["k"], row["q"])] = row
                yield event(old, row, "u", form)
            elif old or not gone:
                yield from debezium(rows, old, None if gone else row, form)


def main():
    form, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    random.seed(seed)
    for record in changes(form, count):
        print("" if record is None else json.dumps(record))


main()
