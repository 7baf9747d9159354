#!/usr/bin/env python3
"""cutproxy.py: stands before a server on 127.0.0.1 and swallows the answer to one request.

usage: cutproxy.py PORT WORD

Prints its own port. The first request with WORD is passed on; when its answer comes, so that the request is done, the
answer is dropped, `swallowed` printed, and the connection closed at both ends. All else is passed on as it is.
"""
import socket
import sys
import threading

from relay import clients, close, receive

seen = threading.Event()  # the request with WORD


def answers(server, client, spared):
    while data := receive(server):
        if seen.is_set() and not spared:
            print("swallowed", flush=True)
            break
        client.sendall(data)
    close(server, client)


def serve(client, port, word):
    server = socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=answers, args=(server, client, seen.is_set()), daemon=True).start()
    while data := receive(client):
        if word in data:
            seen.set()
        server.sendall(data)
    close(server, client)


def main():
    port, word = int(sys.argv[1]), sys.argv[2].encode()
    for client, _ in clients():
        threading.Thread(target=serve, args=(client, port, word), daemon=True).start()


main()
