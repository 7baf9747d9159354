#!/usr/bin/env python3
"""Listens on the Unix sockets PATH... and prints what it receives, after a line `listening`."""
import selectors
import socket
import sys

selector = selectors.DefaultSelector()
for path in sys.argv[1:]:
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(8)
    selector.register(s, selectors.EVENT_READ, True)
print("listening", flush=True)
while True:
    for key, _ in selector.select():
        if key.data:
            selector.register(key.fileobj.accept()[0], selectors.EVENT_READ, False)
            continue
        data = key.fileobj.recv(65536)
        if data:
            print(data.decode(), flush=True)
        else:
            selector.unregister(key.fileobj)
            key.fileobj.close()
