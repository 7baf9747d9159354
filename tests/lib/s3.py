#!/usr/bin/env python3
"""s3.py: inspect a bucket and change it, independently of weir's own client: SigV4 over http.client.

usage: s3.py mb BUCKET                  make a bucket
       s3.py ls BUCKET [PREFIX]         one line per object: its size, a tab, its key; sorted as the server does
       s3.py get BUCKET KEY             the object, to standard output
       s3.py head BUCKET KEY            its headers
       s3.py put BUCKET KEY [--new]     standard input becomes the object; --new: only if there is none (else 1)
       s3.py cp BUCKET FROM TO          copy it within the bucket
       s3.py rm BUCKET KEY...           remove objects; one that is not there is no error
       s3.py url METHOD BUCKET KEY      a URL by which anyone may do that to the object for an hour
       s3.py quota BUCKET BYTES         the bucket takes no object of that size (MinIO only)
       s3.py allow ACTION...            shell lines with temporary keys that may do no more than this (s3:GetObject; MinIO only)

The server and the keys come from WEIR_TEST_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_CA_BUNDLE,
as DIR/env of tests/servers/minio has them, and from AWS_SESSION_TOKEN.  Exit status: 0; 1 the server said no, with its words; 2 usage.

Signed as https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html says; each body by its hash.
"""
import datetime
import hashlib
import hmac
import json
import os
import shlex
import sys
import urllib.parse

from rest import Refused, command_line, connect, encode, environment, exchange, quote, show_headers, show_list


def digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class S3:
    """A server, in path style.  Each request has its own connection, so nothing is ever sent twice."""

    def __init__(self, endpoint=None, access=None, secret=None, region=None):
        self.url = urllib.parse.urlsplit(endpoint or environment("WEIR_TEST_S3"))
        self.access = access or environment("AWS_ACCESS_KEY_ID")
        self.secret = secret or environment("AWS_SECRET_ACCESS_KEY")
        self.region = region or environment("AWS_REGION")
        self.token = None if access else os.environ.get("AWS_SESSION_TOKEN")

    def signature(self, method, path, query, headers, now, service, payload):
        """Of a request with exactly these HEADERS (names in lower case), whose body has the hash PAYLOAD."""
        scope = self.scope(now, service)
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
        canonical = "\n".join([method, path, query, lines, names, payload])
        text = f"AWS4-HMAC-SHA256\n{now:%Y%m%dT%H%M%SZ}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = ("AWS4" + self.secret).encode()
        for part in scope.split("/"):
            key = digest(key, part)
        return digest(key, text).hex()

    def scope(self, now, service):
        return f"{now:%Y%m%d}/{self.region}/{service}/aws4_request"

    def sign(self, method, path, query, headers, now, service):
        """The value of Authorization, likewise."""
        signature = self.signature(method, path, query, headers, now, service, headers["x-amz-content-sha256"])
        names = ";".join(sorted(headers))
        credential = f"{self.access}/{self.scope(now, service)}"
        return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"

    def presigned(self, method, bucket, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.access}/{self.scope(now, 's3')}",
            "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
            "X-Amz-Expires": 3600,
            "X-Amz-SignedHeaders": "host",
        }
        path = quote(f"/{bucket}/{key}", "/")
        host = {"host": self.url.netloc}
        query["X-Amz-Signature"] = self.signature(method, path, encode(query), host, now, "s3", "UNSIGNED-PAYLOAD")
        return f"{self.url.scheme}://{self.url.netloc}{path}?{encode(query)}"

    def connect(self):
        return connect(self.url, os.environ.get("AWS_CA_BUNDLE"))

    def request(self, method, bucket, key="", query=None, headers=None, body=b"", now=None, service="s3"):
        """Any request, as an Answer whatever its status.  QUERY and HEADERS are dicts, NOW the time it is signed for."""
        now = now or datetime.datetime.now(datetime.timezone.utc)
        path = quote(f"/{bucket}/{key}" if key else f"/{bucket}", "/")
        text = encode(query or {})
        signed = {name.lower(): value for name, value in (headers or {}).items()}
        signed["host"] = self.url.netloc
        signed["x-amz-date"] = f"{now:%Y%m%dT%H%M%SZ}"
        signed.setdefault("x-amz-content-sha256", hashlib.sha256(body).hexdigest())
        if self.token:
            signed.setdefault("x-amz-security-token", self.token)
        signed["authorization"] = self.sign(method, path, text, signed, now, service)
        return exchange(self.connect(), method, path + ("?" + text if text else ""), signed, body)

    def must(self, method, bucket, key="", **rest):
        """The same, but raises Refused unless it succeeded.  An error may also come in the body of a 200."""
        answer = self.request(method, bucket, key, **rest)
        tree = answer.root() if answer.status == 200 and method in ("PUT", "POST") else None
        if not 200 <= answer.status < 300 or tree is not None and tree.tag == "Error":
            raise Refused(f"{method} {bucket}/{key}", answer, answer.find("Code"), answer.find("Message"))
        return answer

    def make_bucket(self, bucket):
        self.must("PUT", bucket)

    def list(self, bucket, prefix=""):
        """Yields (size in bytes, key)."""
        query = {"list-type": 2, "prefix": prefix, "encoding-type": "url"}
        while True:
            answer = self.must("GET", bucket, query=query)
            # versitygw ignores encoding-type, and does not say whether it obeys
            decode = urllib.parse.unquote_plus if answer.find("EncodingType") == "url" else str
            for item in answer.root().iter("Contents"):
                yield int(item.findtext("Size")), decode(item.findtext("Key"))
            if answer.find("IsTruncated") != "true":
                return
            query["continuation-token"] = answer.find("NextContinuationToken")

    def get(self, bucket, key):
        return self.must("GET", bucket, key).body

    def head(self, bucket, key):
        return self.must("HEAD", bucket, key).headers

    def put(self, bucket, key, body, new=False):
        return self.must("PUT", bucket, key, body=body, headers={"If-None-Match": "*"} if new else {})

    def copy(self, bucket, source, target):
        return self.must("PUT", bucket, target, headers={"x-amz-copy-source": quote(f"/{bucket}/{source}", "/")})

    def remove(self, bucket, key):
        self.must("DELETE", bucket, key)

    def begin(self, bucket, key):
        """Begins an upload in parts; its id."""
        return self.must("POST", bucket, key, query={"uploads": ""}).find("UploadId")

    def part(self, bucket, key, upload, number, body):
        """Its part NUMBER (from 1); the ETag."""
        query = {"partNumber": number, "uploadId": upload}
        return self.must("PUT", bucket, key, query=query, body=body).headers["ETag"]

    def complete(self, bucket, key, upload, etags, new=False):
        """Makes the object of the parts, whose ETags are in order."""
        parts = "".join(
            f"<Part><PartNumber>{i}</PartNumber><ETag>{etag}</ETag></Part>" for i, etag in enumerate(etags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        headers = {"If-None-Match": "*"} if new else {}
        return self.must("POST", bucket, key, query={"uploadId": upload}, headers=headers, body=body)

    def abort(self, bucket, key, upload):
        self.must("DELETE", bucket, key, query={"uploadId": upload})

    def limit(self, bucket, size):
        """MinIO counts what there is now and then only, but refuses a single object of that size at once."""
        body = json.dumps({"quota": int(size), "quotatype": "hard"}).encode()
        self.must("PUT", "minio", "admin/v3/set-bucket-quota", query={"bucket": bucket}, body=body)

    def allow(self, *actions):
        """The answer to AssumeRole: AccessKeyId, SecretAccessKey, SessionToken, good for 15 minutes, for these actions."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        body = {"Action": "AssumeRole", "Version": "2011-06-15", "DurationSeconds": 900, "Policy": policy}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self.must("POST", "", headers=headers, body=encode(body).encode(), service="sts")


def put_input(bucket, key, *option):
    S3().put(bucket, key, sys.stdin.buffer.read(), new=option == ("--new",))


def remove(bucket, *keys):
    for key in keys:
        S3().remove(bucket, key)


def show_allowed(*actions):
    answer = S3().allow(*actions)
    for name in ("ACCESS_KEY_ID AccessKeyId", "SECRET_ACCESS_KEY SecretAccessKey", "SESSION_TOKEN SessionToken"):
        variable, tag = name.split()
        print(f"export AWS_{variable}={shlex.quote(answer.find(tag))}")


COMMANDS = {
    "mb": (lambda bucket: S3().make_bucket(bucket), 1, 1),
    "ls": (lambda *where: show_list(S3().list(*where)), 1, 2),
    "get": (lambda *where: sys.stdout.buffer.write(S3().get(*where)), 2, 2),
    "head": (lambda *where: show_headers(S3().head(*where)), 2, 2),
    "put": (put_input, 2, 3),
    "cp": (lambda *where: S3().copy(*where), 3, 3),
    "rm": (remove, 2, 1000),
    "url": (lambda *what: print(S3().presigned(*what)), 3, 3),
    "quota": (lambda *where: S3().limit(*where), 2, 2),
    "allow": (show_allowed, 1, 1000),
}

if __name__ == "__main__":
    sys.exit(command_line("s3.py", __doc__.split("\n\n")[1], COMMANDS))
