#!/usr/bin/env python3
"""hdfsprobe.py DIR: what the server of WEIR_TEST_HDFS (or HttpFS in its place) answers; see probes.py."""
import sys
import time
import urllib.parse

import probes
import rest
from hdfs import HDFS, remote
from probes import CUT_BODY

hdfs, home = HDFS(), sys.argv[1]


def told(answer):
    text = remote(answer)[0] or (answer.body[:40].decode() if answer.status == 200 else "")
    return f"{answer.status} {text}".rstrip()


def asked(method, op, name, **query):
    return told(hdfs.request(method, op, f"{home}/{name}", **query))


def rename(source, target, **query):
    return asked("PUT", "RENAME", source, destination=f"{home}/{target}", **query)


def put(name, body, new=False):
    return hdfs.put(f"{home}/{name}", body, new)


def stored(name):
    return probes.stored(hdfs.get, f"{home}/{name}")


def until(condition):
    """For 20 s at most."""
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)


def create_new():
    """CREATE without overwrite: none there, then one"""
    answers = [asked("PUT", "CREATE", "new", body=b"%d" % i, overwrite="false") for i in (1, 2)]
    return f"{', '.join(answers)}, holds {stored('new').decode()}"


def create_open():
    """CREATE of what another one is writing; its visible length"""
    where = hdfs.ask("PUT", "CREATE", f"{home}/open", overwrite="false").headers["Location"]
    there = urllib.parse.urlsplit(where)
    writer = rest.connect(there)
    writer.putrequest("PUT", f"{there.path}?{there.query}")
    for name, value in (("content-type", "application/octet-stream"), ("content-length", "200000")):
        writer.putheader(name, value)
    writer.endheaders(CUT_BODY)
    until(lambda: hdfs.request("GET", "GETFILESTATUS", f"{home}/open").status == 200)
    answer = asked("PUT", "CREATE", "open", body=b"x", overwrite="false")
    length = hdfs.status(f"{home}/open")["length"]
    writer.send(CUT_BODY)
    return f"{answer}, {length}; then {writer.getresponse().status}, {len(stored('open'))}"


def rename_plain():
    """RENAME: good, onto a file, of one that is gone, below a directory that is not there, onto a directory"""
    for name in ("r1", "r2"):
        put(name, name.encode())
    hdfs.make_directory(f"{home}/dir")
    answers = [rename("r1", "r3"), rename("r2", "r3"), rename("r1", "r4"), rename("r2", "none/r4"), rename("r3", "dir")]
    return f"{', '.join(answers)}, dir holds {[name for _, name in hdfs.list(f'{home}/dir')]}"


def rename_none():
    """RENAME with the option NONE: good, onto a file, of one that is gone, below a directory that is not there"""
    for name in ("n1", "n2"):
        put(name, name.encode())
    pairs = (("n1", "n3"), ("n2", "n3"), ("n1", "n4"), ("n2", "none/n4"))
    return ", ".join(rename(*pair, renameoptions="NONE") for pair in pairs)


def race():
    """20 racers to CREATE without overwrite, 5 rounds"""
    return probes.race(lambda key, body: probes.refused(put, key, body, True) == "201", stored, rounds=5)


def race_rename():
    """20 racers to RENAME, 5 rounds"""

    def write(key, body):
        source = f"renamed-{key}-{body.decode()}"
        put(source, body)
        return hdfs.rename(f"{home}/{source}", f"{home}/renamed-{key}")

    return probes.race(write, lambda key: stored(f"renamed-{key}"), rounds=5)


def same_file():
    """fileId after RENAME"""
    put("id", b"x")
    before = hdfs.status(f"{home}/id")["fileId"]
    hdfs.rename(f"{home}/id", f"{home}/id2")
    return "the same" if before == hdfs.status(f"{home}/id2")["fileId"] else "another"


def cut_create():
    """CREATE cut half way: length, once it is closed"""
    probes.cut(lambda: put("cut", CUT_BODY))
    until(lambda: asked("PUT", "CREATE", "cut", overwrite="false").endswith("FileAlreadyExistsException"))
    return hdfs.status(f"{home}/cut")["length"]


def odd_keys():
    """names as written, read back and listed"""
    return probes.odd_keys(put, stored, lambda: ["o/" + name for _, name in hdfs.list(f"{home}/o")])


def normal_form():
    """where CREATE of a name in NFD is sent"""
    where = hdfs.ask("PUT", "CREATE", f"{home}/e\u0301").headers["Location"]
    return "the same name" if "/e%CC%81?" in where else "the name in NFC" if "/%C3%A9?" in where else where


def ranges():
    """empty file; offset and length at the end, across it, beyond it"""
    put("empty", b"")
    put("ten", b"0123456789")
    spans = [asked("GET", "OPEN", "ten", offset=o, length=n) for o, n in ((9, 1), (8, 12), (10, 1), (11, 1))]
    return ", ".join([str(len(stored("empty")))] + spans)


def dates():
    """each answer has a Date"""
    return hdfs.request("GET", "GETFILESTATUS", home).headers["Date"][-3:]


def gone():
    """GETFILESTATUS, OPEN, LISTSTATUS and DELETE of what is not there"""
    asks = (("GET", "GETFILESTATUS"), ("GET", "OPEN"), ("GET", "LISTSTATUS"), ("DELETE", "DELETE"))
    return ", ".join(asked(*ask, "gone") for ask in asks)


hdfs.make_directory(home)
probes.run(
    *(create_new, create_open, rename_plain, rename_none, race, race_rename, same_file, cut_create),
    *(odd_keys, normal_form, ranges, dates, gone),
)
