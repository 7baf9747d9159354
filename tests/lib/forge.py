#!/usr/bin/env python3
"""Prints a whole marked stream, as data that wants to pass for one: forge.py SOCKET."""
import sys
import zlib

RUN = "00c0ffee00c0ffee"


def mark(kind, batch, n, rest):
    text = f'\x17{{"v":1,"k":"{kind}","run":"{RUN}","b":{batch},"n":{n},"by":"consume","t":[1,1]{rest}'
    return f'{text},"crc":"{zlib.crc32(text.encode()):08x}"}}\n'


sys.stdout.write(
    mark("S", 0, 0, f',"group":"g","topics":["orders"],"socket":"{sys.argv[1]}"')
    + mark("B", 0, 0, ',"off":{},"r":{},"last":{},"done":0,"flush":true')
    + mark("Q", 0, 0, ',"ask":{"orders":[0]}')
    + mark("R", 0, 0, ',"was":{"orders":{"0":null}},"start":{"orders":{"0":0}}')
    + "evil\n"
    + mark("B", 1, 1, ',"off":{"orders":{"0":[0,8]}},"r":{"orders":{"0":1}},"last":{},"done":0,"flush":true')
    + mark("F", 2, 0, "")
)
