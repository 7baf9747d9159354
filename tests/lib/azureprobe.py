#!/usr/bin/env python3
"""azureprobe.py CONTAINER: what the server of WEIR_TEST_AZURE answers; see probes.py."""
import base64
import email.utils
import re
import sys
import time

import probes
from azure import Azure
from probes import CUT_BODY, refused
from rest import quote

azure, container = Azure(), sys.argv[1]
NEW = {"if-none-match": "*"}
BLOB = {"x-ms-blob-type": "BlockBlob"}


def asked(method, name, **rest):
    return refused(azure.must, method, container, name, **rest)


def put(name, body, new=False):
    return refused(azure.put, container, name, body, new=new)


def stored(name):
    return probes.stored(azure.get, container, name)


def commit(name, new=False):
    return refused(azure.block_list, container, name, ["b1"], new=new)


def put_new():
    """Put Blob if absent: none there, then one"""
    return f"{put('new', b'1', True)}, {put('new', b'2', True)}, holds {stored('new').decode()}"


def list_new():
    """a block: visible before its list; Put Block List if absent: none there, then one, the same once more; without condition"""
    azure.block(container, "list", "b1", b"1")
    before = stored("list")
    answers = [commit("list", True), commit("list", True), commit("list")]
    return f"{before}, {', '.join(answers)}, holds {stored('list').decode()}"


def race():
    """20 racers to Put Blob if absent, 10 rounds"""
    return probes.race(lambda key, body: put(key, body, True) == "201", stored)


def wrong_keys():
    """wrong key, clock 1 h slow, no key at all"""
    other = Azure(key=base64.b64encode(b"other").decode())
    hour_ago = {"x-ms-date": email.utils.formatdate(time.time() - 3600, usegmt=True)}
    return ", ".join(
        (
            refused(other.must, "GET", container, "new"),
            asked("GET", "new", headers=hour_ago),
            asked("GET", "new", headers={"authorization": "none"}),
        )
    )


def wrong_checksum():
    """body that does not have the MD5 of its header; with a right CRC64"""
    headers = BLOB | {"content-md5": base64.b64encode(b"\1" * 16).decode()}
    crc = BLOB | {"x-ms-content-crc64": "AAAAAAAAAAA="}
    return f"{asked('PUT', 'md5', headers=headers, body=b'body')}, stored {stored('md5')}, {asked('PUT', 'crc', headers=crc)}"


def cut_put():
    """Put Blob cut half way: stored bytes"""
    probes.cut(lambda: put("cut", CUT_BODY))
    return len(stored("cut") or b"")


def copy():
    """copy; its state; of one that is gone; onto an existing one if absent"""
    put("stage", b"stage")
    first = azure.copy(container, "stage", "final")
    source = {"x-ms-copy-source": f"{azure.url.geturl()}/{container}/{quote('stage')}"}
    onto = asked("PUT", "final", headers=source | NEW)
    azure.remove(container, "stage")
    state = first.headers["x-ms-copy-status"]
    return f"{first.status}, {state}, {asked('PUT', 'final', headers=source)}, {onto}, holds {stored('final').decode()}"


def odd_keys():
    """names as written, read back and listed"""
    return probes.odd_keys(put, stored, lambda: [name for _, name in azure.list(container, "o/")])


def ranges():
    """empty blob; ranges at the end, across it and beyond it"""
    put("empty", b"")
    put("ten", b"0123456789")
    spans = [azure.request("GET", container, "ten", headers={"x-ms-range": f"bytes={s}"}) for s in ("9-9", "8-20", "10-")]
    texts = [f"{a.status} {a.headers['x-ms-error-code'] or a.body.decode()}".rstrip() for a in spans]
    return ", ".join([str(len(stored("empty")))] + texts)


def paging():
    """a list of 5 in pages of 2"""
    for i in range(5):
        put(f"page/{i}", b"")
    query, pages = {"restype": "container", "comp": "list", "prefix": "page/", "maxresults": 2}, []
    while query.get("marker") != "":
        answer = azure.must("GET", container, query=query)
        pages.append(len(re.findall(b"<Name>", answer.body)))
        query["marker"] = answer.find("NextMarker")
    return pages


def dates():
    """each answer has a Date; a list has times of blobs"""
    date = azure.request("GET", container, "ten").headers["Date"]
    answer = azure.must("GET", container, query={"restype": "container", "comp": "list", "prefix": "ten"})
    listed = re.sub("^..., .. [A-Z][a-z][a-z]", "00 Xxx", re.sub("[0-9]", "0", answer.find("Last-Modified")))
    return f"{bool(re.fullmatch(r'[A-Z].., .* GMT', date))}, {listed}"


def gone():
    """no such blob, no such container; DELETE of what is not there"""
    nowhere = refused(azure.must, "GET", container + "-none", "x")
    return f"{asked('GET', 'none')}, {nowhere}, {asked('DELETE', 'none')}"


probes.run(
    *(put_new, list_new, race, wrong_keys, wrong_checksum, cut_put, copy, odd_keys, ranges, paging, dates, gone),
)
