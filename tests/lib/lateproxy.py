#!/usr/bin/env python3
"""lateproxy.py: stands before a broker on 127.0.0.1 and delivers requests late, even when the client has gone.

usage: lateproxy.py PORT KEY SECONDS [NTH]

Prints its own port. The NTH request (1) with the API key KEY (26: EndTxn) waits SECONDS, then it is passed on, and so is what
comes after it on its connection. Prints `late` and, once the broker has answered, `delivered`. All else is passed on as it is,
except that the port of the broker in its answers is replaced by that of the proxy.
"""

import itertools
import socket
import sys
import threading
import time

from relay import clients, close, receive

count = itertools.count(1)  # of requests with the key
nth = int(sys.argv[4]) if len(sys.argv) > 4 else 1


def exactly(end, size):
    data = b""
    while len(data) < size:
        more = receive(end, size - len(data))
        if not more:
            return b""
        data += more
    return data


def frame(end):
    """A request or an answer, with its length; empty at the end."""
    head = exactly(end, 4)
    body = exactly(end, int.from_bytes(head, "big")) if head else b""
    return head + body if body else b""


class Connection:
    def __init__(self, client, port, own, key, seconds):
        self.client, self.key, self.seconds = client, key, seconds
        self.server = socket.create_connection(("127.0.0.1", port))
        host = b"\x00\x09127.0.0.1"
        self.place, self.instead = host + port.to_bytes(4, "big"), host + own.to_bytes(4, "big")
        self.waits_for = None  # the correlation id of the late request
        threading.Thread(target=self.answers, daemon=True).start()
        threading.Thread(target=self.requests, daemon=True).start()

    def requests(self):
        while data := frame(self.client):
            if int.from_bytes(data[4:6], "big") == self.key and next(count) == nth:
                print("late", flush=True)
                time.sleep(self.seconds)
                self.waits_for = data[8:12]
            try:
                self.server.sendall(data)
            except OSError:
                break
        while self.waits_for:
            time.sleep(0.02)
        close(self.server)

    def answers(self):
        while data := frame(self.server):
            if data[4:8] == self.waits_for:
                print("delivered", flush=True)
                self.waits_for = None
            try:
                self.client.sendall(data.replace(self.place, self.instead))
            except OSError:
                pass
        self.waits_for = None
        close(self.client)


def main():
    port, key, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    for client, own in clients():
        Connection(client, port, own, key, seconds)


main()
