#!/usr/bin/env python3
"""s3probe.py BUCKET: what the server of WEIR_TEST_S3 answers where servers differ or weir depends; a line per probe.

Each line is `what: answer`.  tests/cli/s3-servers.bats has the lines of the versions that are installed.
"""
import base64
import datetime
import hashlib
import re
import sys

import probes
from probes import CUT_BODY, refused, told
from rest import quote
from s3 import S3

s3, bucket = S3(), sys.argv[1]
NEW = {"If-None-Match": "*"}


def asked(method, key, **rest):
    return told(s3.request(method, bucket, key, **rest))


def stored(key):
    return probes.stored(s3.get, bucket, key)


def upload(key, body):
    """An upload of one part that is not completed; (id, [ETag])."""
    number = s3.begin(bucket, key)
    return number, [s3.part(bucket, key, number, 1, body)]


def complete(key, number, etags, **rest):
    return refused(s3.complete, bucket, key, number, etags, **rest)


def put_new():
    """PUT if absent: none there, then one"""
    first = asked("PUT", "new", body=b"1", headers=NEW)
    return f"{first}, {asked('PUT', 'new', body=b'2', headers=NEW)}, holds {stored('new').decode()}"


def complete_new():
    """Complete if absent: none there, then one"""
    first = complete("parts", *upload("parts", b"1"), new=True)
    return f"{first}, {complete('parts', *upload('parts', b'2'), new=True)}, holds {stored('parts').decode()}"


def race():
    """20 racers to PUT if absent, 10 rounds"""
    return probes.race(lambda key, body: asked("PUT", key, body=body, headers=NEW) == "200", stored)


def complete_twice():
    """Complete of an upload that is complete"""
    number, etags = upload("twice", b"x")
    complete("twice", number, etags)
    return complete("twice", number, etags)


def abort_twice():
    """Abort, and again"""
    number, _ = upload("aborted", b"x")
    return ", ".join(asked("DELETE", "aborted", query={"uploadId": number}) for _ in "12")


def list_uploads():
    """uploads by the prefix up/, by the whole key up/one"""
    number, _ = upload("up/one", b"x")
    lists = [s3.must("GET", bucket, query={"uploads": "", "prefix": prefix}) for prefix in ("up/", "up/one")]
    s3.abort(bucket, "up/one", number)
    return ", ".join("found" if number in answer.body.decode() else "not found" for answer in lists)


def wrong_keys():
    """wrong secret, wrong region, clock 1 h slow, unknown token"""
    hour_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    return ", ".join(
        (
            told(S3(secret="wrong").request("GET", bucket)),
            told(S3(region="eu-central-1").request("GET", bucket)),
            told(s3.request("GET", bucket, now=hour_ago)),
            told(s3.request("GET", bucket, headers={"x-amz-security-token": "bogus"})),
        )
    )


def wrong_hash():
    """body that is not the signed one"""
    wrong = hashlib.sha256(b"other").hexdigest()
    return f"{asked('PUT', 'hash', body=b'body', headers={'x-amz-content-sha256': wrong})}, stored {stored('hash')}"


def wrong_checksum():
    """body that does not have the CRC32C of its header"""
    headers = {"x-amz-checksum-crc32c": base64.b64encode(b"\1\2\3\4").decode()}
    return f"{asked('PUT', 'crc', body=b'body', headers=headers)}, stored {stored('crc')}"


def cut_put():
    """PUT cut half way, signed by hash, and with UNSIGNED-PAYLOAD: stored bytes"""
    sizes = []
    for key, headers in (("cut", {}), ("cut-unsigned", {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})):
        probes.cut(lambda key=key, headers=headers: asked("PUT", key, body=CUT_BODY, headers=headers))
        sizes.append(str(len(stored(key) or b"")))
    return ", ".join(sizes)


def copy():
    """copy; of an object with SHA-256; of one that is gone; onto an existing one if absent"""
    checksum = {"x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(b"stage").digest()).decode()}
    s3.must("PUT", bucket, "stage", body=b"stage", headers=checksum)
    first = told(s3.copy(bucket, "stage", "final"))
    kept = s3.must("HEAD", bucket, "final", headers={"x-amz-checksum-mode": "ENABLED"}).headers
    kept = "kept" if kept["x-amz-checksum-sha256"] == checksum["x-amz-checksum-sha256"] else "lost"
    source = {"x-amz-copy-source": quote(f"/{bucket}/stage", "/")}
    onto = asked("PUT", "final", headers=source | NEW)
    s3.remove(bucket, "stage")
    return f"{first}, checksum {kept}, {asked('PUT', 'final', headers=source)}, {onto}"


def copy_parts():
    """copy as two parts"""
    s3.put(bucket, "large", b"a" * (5 << 20) + b"b" * 10)
    number, etags = s3.begin(bucket, "copied"), []
    for part, span in enumerate((f"0-{(5 << 20) - 1}", f"{5 << 20}-{(5 << 20) + 9}"), 1):
        headers = {"x-amz-copy-source": quote(f"/{bucket}/large", "/"), "x-amz-copy-source-range": f"bytes={span}"}
        query = {"partNumber": part, "uploadId": number}
        etags.append(s3.must("PUT", bucket, "copied", query=query, headers=headers).find("ETag"))
    status = complete("copied", number, etags)
    return f"{status}, {'the same' if stored('copied') == stored('large') else 'other'} bytes"


def odd_keys():
    """keys as written, read back and listed"""
    return probes.odd_keys(
        lambda key, body: s3.put(bucket, key, body), stored, lambda: [key for _, key in s3.list(bucket, "o/")]
    )


def strange_keys():
    """empty component, .., component of 300 bytes; what is listed then"""
    answers = [asked("PUT", key, body=b"x") for key in ("s//t", "s/a/../u", "s/" + "x" * 300)]
    return f"{', '.join(answers)}, {[key for _, key in s3.list(bucket, 's/')]}"


def ranges():
    """empty object; ranges at the end, across it and beyond it"""
    s3.put(bucket, "empty", b"")
    s3.put(bucket, "ten", b"0123456789")
    spans = [s3.request("GET", bucket, "ten", headers={"Range": f"bytes={span}"}) for span in ("9-9", "8-20", "10-")]
    return ", ".join([f"{len(stored('empty'))}"] + [f"{told(a)}{' ' + a.body.decode() if a.status < 300 else ''}" for a in spans])


def paging():
    """a list of 5 in pages of 2; after a key"""
    for i in range(5):
        s3.put(bucket, f"page/{i}", b"")
    query, pages = {"list-type": 2, "prefix": "page/", "max-keys": 2}, []
    while True:
        answer = s3.must("GET", bucket, query=query)
        pages.append(len(re.findall(b"<Key>", answer.body)))
        if answer.find("IsTruncated") != "true":
            break
        query["continuation-token"] = answer.find("NextContinuationToken")
    after = s3.must("GET", bucket, query={"list-type": 2, "prefix": "page/", "start-after": "page/2"})
    return f"{pages}, {len(re.findall(b'<Key>', after.body))}"


def dates():
    """each answer has a Date; a list has times of objects"""
    date = s3.request("GET", bucket, "ten").headers["Date"]
    listed = s3.must("GET", bucket, query={"list-type": 2, "prefix": "ten"}).find("LastModified")
    return f"{bool(re.fullmatch(r'[A-Z].., .* GMT', date))}, {re.sub('[0-9]', '0', listed)}"


def gone():
    """no such key, no such bucket; DELETE of what is not there"""
    nowhere = told(s3.request("GET", bucket + "-none", "x"))
    return f"{asked('GET', 'none')}, {nowhere}, {asked('DELETE', 'none')}"


probes.run(
    *(put_new, complete_new, race, complete_twice, abort_twice, list_uploads, wrong_keys, wrong_hash, wrong_checksum),
    *(cut_put, copy, copy_parts, odd_keys, strange_keys, ranges, paging, dates, gone),
)
