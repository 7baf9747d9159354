"""What the proxies of the tests share: they stand between clients and a server on 127.0.0.1."""

import socket


def receive(end, size=65536):
    """Some bytes; none when the connection has ended, in whatever way."""
    try:
        return end.recv(size)
    except OSError:
        return b""


def close(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def clients():
    """Listen, print the port, and give connections as they come: each with that port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    print(port, flush=True)
    while True:
        yield listener.accept()[0], port
