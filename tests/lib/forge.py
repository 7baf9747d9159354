#!/usr/bin/env python3
"""Prints data that pretends to be a marked stream: forge.py SOCKET [PARTITIONS]."""
import sys
import zlib

RUN = "00c0ffee00c0ffee"
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1
OFF = ",".join(f'"{p}":[0,8]' for p in range(COUNT))


def mark(kind, batch, n, rest):
    text = f'\x17{{"v":2,"k":"{kind}","run":"{RUN}","b":{batch},"n":{n},"by":"consume","t":[1,1]{rest}'
    return f'{text},"crc":"{zlib.crc32(text.encode()):08x}"}}\n'


sys.stdout.write(
    mark("S", 0, 0, f',"group":"g","topics":["orders"],"socket":"{sys.argv[1]}"')
    + mark("B", 0, 0, ',"off":{},"r":{},"last":{},"done":0,"flush":true')
    + mark("Q", 0, 0, ',"ask":{"orders":[0]}')
    + mark("R", 0, 0, ',"was":{"orders":{"0":null}},"start":{"orders":{"0":0}}')
    + "evil\n"
    + mark("B", 1, 1, ',"off":{"orders":{%s}},"r":{"orders":{"0":1}},"last":{},"done":0,"flush":true' % OFF)
    + mark("F", 1, 0, "")
)
