"""rest.py: what s3.py, azure.py and hdfs.py have in common: one request on one connection, and a command line."""
import http.client
import os
import ssl
import sys
import urllib.parse
import xml.etree.ElementTree

TIMEOUT = 60  # seconds, for each step of a request


class Refused(Exception):
    """An answer that is not a success: .status, .code (the server's name of the error) and its text."""

    def __init__(self, what, answer, code, text):
        self.status, self.code = answer.status, code
        super().__init__(f"{what}: {answer.status} {code} {text.splitlines()[0] if text else ''}".rstrip())


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def root(self):
        """The XML of the body without its namespaces, or None when it is not XML."""
        try:
            tree = xml.etree.ElementTree.fromstring(self.body.lstrip(b"\xef\xbb\xbf"))
        except xml.etree.ElementTree.ParseError:
            return None
        for element in tree.iter():
            element.tag = element.tag.rpartition("}")[2]
        return tree

    def find(self, tag):
        """The text of the first element TAG of the body, "" when there is none."""
        tree = self.root()
        return "" if tree is None else tree.findtext(f".//{tag}") or ""


def quote(text, safe=""):
    return urllib.parse.quote(text, safe=safe)


def encode(query):
    """A dict as a query, sorted by name."""
    return "&".join(f"{name}={value}" for name, value in sorted((quote(n), quote(str(v))) for n, v in query.items()))


def connect(url, authority=None):
    """A connection to the host of URL, a result of urlsplit; AUTHORITY is a file of certificates to trust."""
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, url.port, timeout=TIMEOUT)
    trust = ssl.create_default_context(cafile=authority or None)
    return http.client.HTTPSConnection(url.hostname, url.port, timeout=TIMEOUT, context=trust)


def exchange(connection, method, target, headers, body):
    """One request, never sent twice; closes the connection."""
    try:
        connection.request(method, target, body or None, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def show_list(found):
    for size, key in found:
        print(f"{size}\t{key}")


def show_headers(headers):
    for name, value in headers.items():
        print(f"{name.lower()}: {value}")


def command_line(name, usage, commands):
    """The command line `NAME VERB OPERAND...`; returns the exit status.

    COMMANDS has a function of all operands for each verb, with the least and the greatest number of them.
    """
    verb, operands = (sys.argv + [""])[1], sys.argv[2:]
    function, least, most = commands.get(verb, (None, 0, 0))
    wrong = verb == "put" and operands[least:] not in ([], ["--new"])
    if function is None or wrong or not least <= len(operands) <= most:
        print(usage, file=sys.stderr)
        return 2
    try:
        function(*operands)
    except (Refused, OSError, http.client.HTTPException) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    return 0


def environment(name):
    if name not in os.environ:
        sys.exit(f"{name} is not set: no server is in use")
    return os.environ[name]
