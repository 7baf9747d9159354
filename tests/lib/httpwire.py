"""HTTP/1.1 over sockets, for servers that misbehave: what comes is kept as it came."""
import email.utils
import socket
import struct


class Gone(Exception):
    """The peer has hung up, or is to be hung up on."""


class Peer:
    def __init__(self, sock):
        self.sock, self.ahead = sock, b""

    def more(self):
        try:
            data = self.sock.recv(1 << 16)
        except OSError:
            data = b""
        self.ahead += data
        return data

    def until(self, mark):
        while mark not in self.ahead:
            if not self.more():
                raise Gone
        head, self.ahead = self.ahead.split(mark, 1)
        return head + mark

    def take(self, n):
        while len(self.ahead) < n:
            if not self.more():
                raise Gone
        data, self.ahead = self.ahead[:n], self.ahead[n:]
        return data

    def say(self, data):
        try:
            self.sock.sendall(data)
        except OSError:
            raise Gone from None

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone


class Head:
    """A request line or status line, and the headers, in order and spelling as they came."""

    def __init__(self, raw):
        self.start, *self.fields = raw.decode("latin-1").rstrip("\r\n").split("\r\n")

    def get(self, name):
        return next((f.split(":", 1)[1].strip() for f in self.fields if f.lower().startswith(name.lower() + ":")), None)

    def without(self, *names):
        self.fields = [f for f in self.fields if f.split(":", 1)[0].lower() not in names]
        return self

    def status(self):
        return int(self.start.split(" ")[1])

    def bytes(self):
        return "\r\n".join([self.start, *self.fields, "", ""]).encode("latin-1")


class Request:
    def __init__(self, client, head):
        self.client, self.head, self.body, self.note = client, head, None, {}
        self.method, self.target = head.start.split(" ")[:2]
        self.length = int(head.get("Content-Length") or 0)

    def read(self):
        if self.body is None:
            if (self.head.get("Expect") or "").lower() == "100-continue":
                self.client.say(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.body = self.chunks() if self.head.get("Transfer-Encoding") else self.client.take(self.length)
        return self.body

    def chunks(self):
        raw = b""
        while True:
            line = self.client.until(b"\r\n")
            raw += line + self.client.take(int(line.split(b";")[0], 16))
            raw += self.client.until(b"\r\n")
            if int(line.split(b";")[0], 16) == 0:
                return raw


def answer(status, fields=None, body=""):
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Status", f"Date: {email.utils.formatdate(usegmt=True)}"]
    lines += [f"{k}: {v}" for k, v in (fields or {}).items()]
    lines += [] if status == 204 else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def split(raw):
    """The head of an answer, without interim ones, and what follows."""
    while raw.startswith(b"HTTP/1.1 1"):
        raw = raw.split(b"\r\n\r\n", 1)[1]
    head, body = raw.split(b"\r\n\r\n", 1)
    return Head(head).without("connection"), body
