#!/usr/bin/env python3
"""filter.py WORD: pass on the records that contain WORD.  Written from weir-stream(7) alone, for the test suite."""
import os
import re
import signal
import sys
import zlib

signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # like every filter: without a reader it dies silently

word = sys.argv[1].encode()
ETB, DLE = b"\x17", b"\x10"
head = re.compile(rb'^\x17\{"v":2,"k":"([SBQRF])","run":"([0-9a-f]{16})","b":(\d+),"n":(\d+),"by":"([^"]*)"(,"t":.*),"crc":"([0-9a-f]{8})"\}$')
inp, out = sys.stdin.buffer, sys.stdout.buffer


def end(status, text):
    sys.stderr.write("filter.py: " + text + "\n")
    sys.stderr.flush()
    os._exit(status)  # not sys.exit(), which would still write what is open, and end with 120 where nobody reads it


def put(record):
    out.write((DLE if record[:1] in (ETB, DLE) else b"") + record + b"\n")


def plain(line):
    while line:
        record = line.rstrip(b"\n")
        if word in record:
            out.write(record + b"\n")
        line = inp.readline()


def marked(line):
    run, batch, read, wrote, kind = None, None, 0, 0, b""
    while line.endswith(b"\n"):
        record = line[:-1]
        if record[:1] != ETB:
            read += 1
            record = record[1:] if record[:1] == DLE else record
            if word in record:
                put(record)
                wrote += 1
        else:
            m = head.match(record)
            crc = b"%08x" % zlib.crc32(record[: record.rindex(b',"crc"')]) if m else b""
            if not m or crc != m[7] or (run or m[2]) != m[2] or int(m[4]) != read:
                end(65, "a mark is damaged")
            if batch is not None and int(m[3]) != batch + (m[1] == b"B"):
                end(65, "a batch is missing")
            batch = int(m[3]) if m[1] == b"B" else batch
            kind, run = m[1], m[2]
            text = b'\x17{"v":2,"k":"%s","run":"%s","b":%s,"n":%d,"by":"filter.py"%s' % (m[1], m[2], m[3], wrote, m[6])
            out.write(text + b',"crc":"%08x"}\n' % zlib.crc32(text))
            out.flush()
            read = wrote = 0
        line = inp.readline()
    if kind != b"F":
        end(75, "the stream ended without F")


first = inp.readline()
(marked if first[:1] == ETB else plain)(first)
out.flush()
