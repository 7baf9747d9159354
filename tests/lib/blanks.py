#!/usr/bin/env python3
"""blanks.py: streams with a record of only blanks, or of only a byte that marks use, at each place.

    blanks.py make DIR    writes DIR/PLACE-BLANK, the same without the blank records as DIR/PLACE-BLANK.good, and the
                          tokens of all as DIR/PLACE-BLANK.tokens
    blanks.py slow FILE   copies FILE; what follows its first record comes when the reader of the pipe has that

Places: `first` of the stream; `edge`, where a second 64 KiB begin, as the first of a chunk that is indexed; `read`, for
`slow`; `nul`, both of the first ones where NUL ends records; `mark`, the third record, which marker -n 2 puts after a
mark.  Blanks: empty, cr, space, dle, etb.
"""
import fcntl
import os
import struct
import sys
import termios
import time

GOOD = b'{"a":1,"ts":1}'
FILLER = GOOD + b" " * (65535 - len(GOOD))
BLANKS = {"empty": b"", "cr": b"\r", "space": b" \t ", "dle": b"\x10", "etb": b"\x17"}


def places(blank):
    return {
        "first": [blank, GOOD, GOOD],
        "edge": [FILLER, blank, GOOD, GOOD],
        "read": [GOOD, blank, GOOD, GOOD],
        "nul": [blank, FILLER, blank, GOOD],
        "mark": [GOOD, GOOD, blank, GOOD],
    }


def write(path, records, end):
    with open(path, "wb") as file:
        file.write(b"".join(record + end for record in records))


def make(folder):
    for name, blank in BLANKS.items():
        for place, records in places(blank).items():
            end = b"\0" if place == "nul" else b"\n"
            path = "%s/%s-%s" % (folder, place, name)
            write(path, records, end)
            write(path + ".good", [record for record in records if record != blank], end)
            write(path + ".tokens", [token for record in records for token in record.split()], end)


def slow(path):
    with open(path, "rb") as file:
        os.write(1, file.readline())
        end = time.monotonic() + 30
        while struct.unpack("i", fcntl.ioctl(1, termios.FIONREAD, b"\0" * 4))[0]:
            if time.monotonic() > end:
                sys.exit("blanks.py: nobody reads")
            time.sleep(0.001)
        os.write(1, file.read())


{"make": make, "slow": slow}[sys.argv[1]](sys.argv[2])
