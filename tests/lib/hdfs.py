#!/usr/bin/env python3
"""hdfs.py: read and change HDFS, independently of weir's client: WebHDFS over http.client.

usage: hdfs.py mb DIR              make a directory and those above it
       hdfs.py ls DIR              one line per file below it: its length, a tab, its path from DIR; sorted
       hdfs.py get PATH            the file, to standard output
       hdfs.py head PATH           its status, as JSON
       hdfs.py put PATH [--new]    standard input becomes the file; --new: only if there is none (else 1)
       hdfs.py mv FROM TO          rename it; onto a file is refused (1)
       hdfs.py rm PATH...          remove files and directories; one that is not there is no error

The server comes from WEIR_TEST_HDFS, the user from HADOOP_USER_NAME, as DIR/env of tests/servers/hdfs has them; with
WEIR_TEST_HTTPFS in the place of WEIR_TEST_HDFS it is HttpFS.  Exit status: 0; 1 the server said no, with its words; 2 usage.
"""
import json
import sys
import urllib.parse

from rest import Refused, command_line, connect, encode, environment, exchange, quote, show_list

BINARY = {"content-type": "application/octet-stream"}


def remote(answer):
    """(exception, message) of an error's JSON; ("", "") when it is none."""
    try:
        error = json.loads(answer.body)["RemoteException"]
        return error["exception"], error["message"]
    except (ValueError, KeyError, TypeError):
        return "", ""


class HDFS:
    """A NameNode or an HttpFS.  Each request has a connection of its own, so nothing is ever sent twice."""

    def __init__(self, url=None, user=None):
        self.url = urllib.parse.urlsplit(url or environment("WEIR_TEST_HDFS"))
        self.user = user or environment("HADOOP_USER_NAME")

    def ask(self, method, op, path, url=None, body=b"", **query):
        """One step of an operation, as an Answer whatever its status; to URL when it was sent there.

        The path in a Location is not to be trusted: the NameNode makes NFC of it.
        """
        target = "/webhdfs/v1" + quote(path, "/")
        if url is None:
            query = encode({"op": op, "user.name": self.user} | query)
            return exchange(connect(self.url), method, f"{target}?{query}", {}, b"")
        there = urllib.parse.urlsplit(url)
        return exchange(connect(there), method, f"{target}?{there.query}", BINARY, body)

    def request(self, method, op, path, body=b"", **query):
        """The same, with the second step where the answer asks for one."""
        answer = self.ask(method, op, path, **query)
        if answer.status == 307:
            answer = self.ask(method, op, path, url=answer.headers["Location"], body=body)
        return answer

    def must(self, method, op, path, **rest):
        """The same; raises Refused unless it succeeded."""
        answer = self.request(method, op, path, **rest)
        if not 200 <= answer.status < 300:
            raise Refused(f"{op} {path}", answer, *remote(answer))
        return answer

    def make_directory(self, path):
        self.must("PUT", "MKDIRS", path)

    def status(self, path):
        return json.loads(self.must("GET", "GETFILESTATUS", path).body)["FileStatus"]

    def list(self, path, below=""):
        """Yields (length in bytes, path below PATH) of all files, directories in the order of their names."""
        answer = json.loads(self.must("GET", "LISTSTATUS", f"{path}/{below}" if below else path).body)
        for item in answer["FileStatuses"]["FileStatus"]:
            name = below + item["pathSuffix"]
            if item["type"] == "DIRECTORY":
                yield from self.list(path, name + "/")
            else:
                yield item["length"], name

    def get(self, path):
        return self.must("GET", "OPEN", path).body

    def put(self, path, body, new=False):
        return self.must("PUT", "CREATE", path, body=body, overwrite="false" if new else "true")

    def rename(self, source, target):
        """Renames; True, or False when the server said {"boolean":false}."""
        return json.loads(self.must("PUT", "RENAME", source, destination=target).body)["boolean"]

    def remove(self, path):
        self.must("DELETE", "DELETE", path, recursive="true")


def put_input(path, *option):
    HDFS().put(path, sys.stdin.buffer.read(), new=option == ("--new",))


def move(source, target):
    if not HDFS().rename(source, target):
        raise OSError(f"RENAME {source} to {target}: false")


def remove(*paths):
    for path in paths:
        HDFS().remove(path)


COMMANDS = {
    "mb": (lambda path: HDFS().make_directory(path), 1, 1),
    "ls": (lambda path: show_list(HDFS().list(path)), 1, 1),
    "get": (lambda path: sys.stdout.buffer.write(HDFS().get(path)), 1, 1),
    "head": (lambda path: print(json.dumps(HDFS().status(path))), 1, 1),
    "put": (put_input, 1, 2),
    "mv": (move, 2, 2),
    "rm": (remove, 1, 1000),
}

if __name__ == "__main__":
    sys.exit(command_line("hdfs.py", __doc__.split("\n\n")[1], COMMANDS))
