#!/usr/bin/env python3
"""marks.py: marked streams that no source writes.

marks.py --change REGEX REPLACEMENT [COUNT]: the marked stream on standard input with its marks changed, and their
checksums made right again: batches that do not follow each other, other versions, unknown members.  COUNT of the marks
that match are changed, by default all.

marks.py [--run N] [--topic JSON]: from a script on standard input, for what consume does not do on demand:

    S                  B, R and F take the number of the batch
    R 0 0:-:5 1:7:7    of topic t (or JSON, a name as JSON has it): partition, was (-: none; ~: no sink can hold one), start,
                       and after another colon the cut of was, as RUN.BATCH, or - if it belongs to no run
    any other line     a record
    B 1 0:5:6 1:7:7    partition, from, to, and the cut of to; also done=N, wm=MS, slow=PARTITION, t=MS (its end; by default 1000 more than the mark before)
    F 1

Unless the script says otherwise, the cut of an offset N is batch N of the run, so that a state is found by its offsets alone.
"""
import re
import sys
import zlib

out = sys.stdout.buffer


def with_checksum(text):
    return text + b',"crc":"%08x"}\n' % zlib.crc32(text)


def change(pattern, replacement, left):
    for line in sys.stdin.buffer:
        if line.startswith(b"\x17") and left and re.search(pattern, line):
            left -= 1
            line = with_checksum(re.sub(pattern, replacement, line[: line.rindex(b',"crc"')]))
        out.write(line)
        if line.startswith(b"\x17"):
            out.flush()


if sys.argv[1:2] == ["--change"]:
    change(sys.argv[2].encode(), sys.argv[3].encode(), int(sys.argv[4]) if len(sys.argv) > 4 else sys.maxsize)
    sys.exit()

given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
run, topic, n, at = int(given.get("--run", 1)), given.get("--topic", "t"), 0, 1_000_000_000_000


def put(kind, batch, more=""):
    global n
    text = '\x17{"v":2,"k":"%s","run":"%016x","b":%s,"n":%d,"by":"consume","t":[%d,%d]%s' % (
        kind, run, batch, n, at - 1000, at, more)  # fmt: skip
    out.write(with_checksum(text.encode()))
    out.flush()
    n = 0


def by_partition(words, value):
    return '{"%s":{%s}}' % (topic, ",".join('"%s":%s' % (w[0], value(w)) for w in words)) if words else "{}"


def cut_of(part, at):
    by, _, batch = (part[3] if len(part) > 3 else f"{run}.{part[at]}").partition(".")
    return '["%016x",%s]' % (int(by), batch) if batch not in ("", "-") else "null"


for line in sys.stdin:
    kind, *words = line.split() or [""]
    if kind not in ("S", "B", "R", "F"):
        out.write(line.encode())
        n += 1
        continue
    at += 1000
    options = dict(w.split("=") for w in words if "=" in w)
    at = int(options.get("t", at))
    parts = [w.split(":") for w in words[1:] if "=" not in w]
    if kind == "S":
        put("S", 0, ',"group":"g","topics":["%s"],"socket":"/nowhere"' % topic)
    elif kind == "R":
        was = by_partition(parts, lambda p: "null" if p[1] in "-~" else p[1])
        put("R", words[0], ',"was":%s,"start":%s,"cut":%s,"end":{}' % (
            was, by_partition(parts, lambda p: p[2]), by_partition([p for p in parts if p[1] != "~"], lambda p: cut_of(p, 1))))
    elif kind == "B":
        done = ',"done":' + options["done"] if "done" in options else ""
        done += ',"wm":' + options["wm"] if "wm" in options else ""
        done += ',"slow":{"%s":%s}' % (topic, options["slow"]) if "slow" in options else ""
        off = by_partition(parts, lambda p: "[%s,%s]" % (p[1], p[2]))
        put("B", words[0], ',"off":%s,"cut":%s%s' % (off, by_partition(parts, lambda p: cut_of(p, 2)), done))
    else:
        put("F", words[0])
