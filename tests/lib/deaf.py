#!/usr/bin/env python3
"""A source that reads no acknowledgements: deaf.py PARTITIONS [full].

Writes a marked stream that asks twice where the table is in this many partitions, with a socket that is never read
(FULL: not even accepted from, its backlog being full), and waits to be killed.
"""
import fcntl
import os
import random
import signal
import socket
import string
import sys
import zlib


def mark(kind, batch, rest):
    text = ('\x17{"v":2,"k":"%s","run":"00c0ffee00c0ffee","b":%d,"n":0,"by":"consume","t":[1,1]%s' %
            (kind, batch, rest))
    return '%s,"crc":"%08x"}\n' % (text, zlib.crc32(text.encode()))


place = "/tmp/weir-" + "".join(random.choices(string.ascii_letters, k=6))
os.mkdir(place, 0o700)
held = os.open(place, os.O_RDONLY)
fcntl.flock(held, fcntl.LOCK_EX)  # otherwise another source would treat it as left over
listener = socket.socket(socket.AF_UNIX)
listener.bind(place + "/ack")
listener.listen(0)
clients = [socket.socket(socket.AF_UNIX) for _ in range(2 if "full" in sys.argv else 0)]
for client in clients:
    client.setblocking(False)
    try:
        client.connect(place + "/ack")
    except BlockingIOError:
        pass


def end(*_):
    os.unlink(place + "/ack")
    os.rmdir(place)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
ask = ',"ask":{"orders":[%s]}' % ",".join(map(str, range(int(sys.argv[1]))))
try:
    sys.stdout.write(mark("S", 0, ',"group":"g","topics":["orders"],"socket":"%s/ack"' % place))
    sys.stdout.write(mark("B", 0, ',"off":{},"r":{},"last":{},"done":0,"flush":true'))
    sys.stdout.write(mark("Q", 0, ask) + mark("Q", 0, ask))
    sys.stdout.flush()
except BrokenPipeError:
    pass
while True:
    signal.pause()
