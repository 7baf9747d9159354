#!/usr/bin/env python3
"""azure.py: read and change a container of Azure Blob, independently of weir's client: SharedKey over http.client.

usage: azure.py mb CONTAINER                  make a container
       azure.py ls CONTAINER [PREFIX]         one line per blob: its size, a tab, its name; sorted as the server does
       azure.py get CONTAINER NAME            the blob, to standard output
       azure.py head CONTAINER NAME           its headers
       azure.py put CONTAINER NAME [--new]    standard input becomes the blob; --new: only if there is none (else 1)
       azure.py cp CONTAINER FROM TO          copy it within the container
       azure.py rm CONTAINER NAME...          remove blobs; one that is not there is no error
       azure.py sas CONTAINER RIGHTS SECONDS  a shared access signature (a query), such as rcwdl, good this long (below 0: past)
       azure.py token SECONDS                 a bearer token; only Azurite takes it, with tls, since nobody has signed it

The server and the key come from WEIR_TEST_AZURE, AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_KEY and WEIR_TEST_AZURE_CA, as
DIR/env of tests/servers/azurite has them.  Exit status: 0; 1 the server said no, with its words; 2 usage.

Signed as https://learn.microsoft.com/en-us/rest/api/storageservices/authorize-with-shared-key says.
"""
import base64
import email.utils
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.parse

from rest import Refused, command_line, connect, encode, environment, exchange, quote, show_headers, show_list

VERSION = "2025-11-05"
SIGNED = (
    "content-encoding content-language content-length content-md5 content-type date if-modified-since if-match"
    " if-none-match if-unmodified-since range"
).split()


class Azure:
    """An account, in path style.  Each request has a connection of its own, so nothing is ever sent twice."""

    def __init__(self, url=None, account=None, key=None):
        self.url = urllib.parse.urlsplit(url or environment("WEIR_TEST_AZURE"))
        self.account = account or environment("AZURE_STORAGE_ACCOUNT")
        self.key = base64.b64decode(key or environment("AZURE_STORAGE_KEY"))

    def sign(self, method, path, query, headers):
        """The value of Authorization for these HEADERS (names in lower case)."""
        lines = [method] + [headers.get(name, "") for name in SIGNED]
        lines += [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
        lines += [f"/{self.account}{path}"] + [f"{name}:{query[name]}" for name in sorted(query)]
        digest = hmac.new(self.key, "\n".join(lines).encode(), hashlib.sha256).digest()
        return f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"

    def request(self, method, container, name="", query=None, headers=None, body=b""):
        """Any request, as an Answer whatever its status.  QUERY and HEADERS are dicts, names in lower case."""
        query, headers = query or {}, dict(headers or {})
        path = quote("/".join(filter(None, (self.url.path, container, name))), "/")
        headers.setdefault("x-ms-date", email.utils.formatdate(usegmt=True))
        headers["x-ms-version"] = VERSION
        if body:
            headers["content-length"] = str(len(body))
            headers.setdefault("content-type", "application/octet-stream")
        headers.setdefault("authorization", self.sign(method, path, query, headers))
        connection = connect(self.url, os.environ.get("WEIR_TEST_AZURE_CA"))
        return exchange(connection, method, path + ("?" + encode(query) if query else ""), headers, body)

    def must(self, method, container, name="", **rest):
        """The same; raises Refused unless it succeeded."""
        answer = self.request(method, container, name, **rest)
        if not 200 <= answer.status < 300:
            code = answer.headers.get("x-ms-error-code") or answer.find("Code")
            raise Refused(f"{method} {container}/{name}", answer, code, answer.find("Message"))
        return answer

    def make_container(self, container):
        self.must("PUT", container, query={"restype": "container"})

    def list(self, container, prefix=""):
        """Yields (size in bytes, name)."""
        query = {"restype": "container", "comp": "list", "prefix": prefix}
        while True:
            answer = self.must("GET", container, query=query)
            for item in answer.root().iter("Blob"):
                yield int(item.findtext("Properties/Content-Length")), item.findtext("Name")
            query["marker"] = answer.find("NextMarker")
            if not query["marker"]:
                return

    def get(self, container, name):
        return self.must("GET", container, name).body

    def head(self, container, name):
        return self.must("HEAD", container, name).headers

    def put(self, container, name, body, new=False):
        headers = {"x-ms-blob-type": "BlockBlob"} | ({"if-none-match": "*"} if new else {})
        return self.must("PUT", container, name, headers=headers, body=body)

    def copy(self, container, source, target):
        url = f"{self.url.scheme}://{self.url.netloc}{quote(f'{self.url.path}/{container}/{source}', '/')}"
        return self.must("PUT", container, target, headers={"x-ms-copy-source": url})

    def remove(self, container, name):
        try:
            self.must("DELETE", container, name)
        except Refused as refused:
            if refused.code != "BlobNotFound":
                raise

    def block(self, container, name, block, body):
        """Uploads the block called BLOCK (all of a blob have names of the same length)."""
        query = {"comp": "block", "blockid": base64.b64encode(block.encode()).decode()}
        return self.must("PUT", container, name, query=query, body=body)

    def block_list(self, container, name, blocks, new=False):
        """Makes the blob of its BLOCKS."""
        ids = "".join(f"<Latest>{base64.b64encode(block.encode()).decode()}</Latest>" for block in blocks)
        headers = {"if-none-match": "*"} if new else {}
        body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{ids}</BlockList>'.encode()
        return self.must("PUT", container, name, query={"comp": "blocklist"}, headers=headers, body=body)


    def sas(self, container, rights, seconds):
        """A query that gives RIGHTS (of r a c w d l, in this order) on all blobs of a container for this long."""
        expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        lines = [rights, "", expiry, f"/blob/{self.account}/{container}", "", "", "", VERSION, "c"] + 7 * [""]
        digest = hmac.new(self.key, "\n".join(lines).encode(), hashlib.sha256).digest()
        return encode({"sp": rights, "se": expiry, "sv": VERSION, "sr": "c", "sig": base64.b64encode(digest).decode()})


def token(seconds):
    """A JSON web token with the claims that Azurite checks; nobody checks the signature."""
    now = int(time.time())
    times = {"iat": now - 3600, "nbf": now - 3600, "exp": now + seconds}
    issuer = "https://sts.windows.net/00000000-0000-0000-0000-000000000000/"
    parts = ({"alg": "HS256", "typ": "JWT"}, {"aud": "https://storage.azure.com", "iss": issuer} | times)
    texts = [json.dumps(part).encode() for part in parts] + [b"signature"]
    return ".".join(base64.urlsafe_b64encode(text).decode().rstrip("=") for text in texts)


def put_input(container, name, *option):
    Azure().put(container, name, sys.stdin.buffer.read(), new=option == ("--new",))


def remove(container, *names):
    for name in names:
        Azure().remove(container, name)


COMMANDS = {
    "mb": (lambda container: Azure().make_container(container), 1, 1),
    "ls": (lambda *where: show_list(Azure().list(*where)), 1, 2),
    "get": (lambda *where: sys.stdout.buffer.write(Azure().get(*where)), 2, 2),
    "head": (lambda *where: show_headers(Azure().head(*where)), 2, 2),
    "put": (put_input, 2, 3),
    "cp": (lambda *where: Azure().copy(*where), 3, 3),
    "rm": (remove, 2, 1000),
    "sas": (lambda container, rights, seconds: print(Azure().sas(container, rights, int(seconds))), 3, 3),
    "token": (lambda seconds: print(token(int(seconds))), 1, 1),
}

if __name__ == "__main__":
    sys.exit(command_line("azure.py", __doc__.split("\n\n")[1], COMMANDS))
