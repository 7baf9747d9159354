#!/usr/bin/env python3
"""metadata.py: stands in for the services from which programs in AWS get keys, as these are documented.

usage: metadata.py DIR [CERTIFICATE KEY]      both are files of PEM; with them it speaks TLS

It listens on 127.0.0.1, on a port that DIR/port names once it does, and ends with its parent.  It serves

  PUT  /latest/api/token          an instance's metadata, version 2 (AWS: "Use IMDSv2"): a session, with a token that lives
                                  as long as X-aws-ec2-metadata-token-ttl-seconds says (1 to 21600, else 400); 403 for a
                                  request that came through a proxy (X-Forwarded-For)
  GET  /latest/meta-data/iam/security-credentials/        the role's name, and below it the keys; 401 without such a token
  GET  /container                 a container's keys (AWS: "Container credential provider"): 401 unless Authorization is
                                  what DIR/authorization has, if there is that file
  POST /                          STS (API reference: AssumeRoleWithWebIdentity): 400 unless the token is that of
                                  DIR/identity, and the parameters have the documented form

Each answer with keys has a number that counts up: AKID-instance-1, AKID-sts-2, with secrets and tokens alike; they
expire after the seconds in DIR/life (3600).  DIR/log gets one line per request: method, path, status.

DIR/rules changes answers: a line is COUNT METHOD PATH ACTION..., for the first COUNT requests with that method and path.
An action is `status N [TEXT]` (with TEXT as the body, in which \\n is a line feed), `close` (without an answer), or `hang`
(no answer for 60 s).
"""
import ctypes
import datetime
import http.server
import json
import os
import re
import secrets
import signal
import ssl
import sys
import threading
import time
import urllib.parse

PR_SET_PDEATHSIG = 1
ROLE = "a_role+=,.@-x"  # all punctuation that is allowed
STS_XML = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>system:serviceaccount:x:y</SubjectFromWebIdentityToken>
    <AssumedRoleUser><Arn>{RoleArn}/{RoleSessionName}</Arn><AssumedRoleId>AROA:{RoleSessionName}</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{AccessKeyId}</AccessKeyId>
      <SecretAccessKey>{SecretAccessKey}</SecretAccessKey>
      <SessionToken>{Token}</SessionToken>
      <Expiration>{Expiration}</Expiration>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>"""
STS_ERROR = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>1</RequestId>
</ErrorResponse>"""

directory = sys.argv[1]
lock = threading.Lock()
given, used, sessions = 0, {}, {}  # keys given so far; {rule: how often used}; {token: when it expires}


def contents(name, otherwise):
    try:
        with open(os.path.join(directory, name), encoding="utf-8") as f:
            return f.read()
    except FileNotFoundError:
        return otherwise


def keys(kind):
    global given
    with lock:
        given += 1
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=float(contents("life", "3600")))
        return {
            "Code": "Success",
            "LastUpdated": "2026-01-01T00:00:00Z",
            "Type": "AWS-HMAC",
            "AccessKeyId": f"AKID-{kind}-{given}",
            "SecretAccessKey": f"SECRET/{given}",
            "Token": f"TOKEN+{given}==",
            "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def rule(method, path):
    """The action for this request, or None."""
    for line in contents("rules", "").splitlines():
        count, its_method, its_path, action = line.split(" ", 3)
        with lock:
            if (its_method, its_path) == (method, path) and used.get(line, 0) < int(count):
                used[line] = used.get(line, 0) + 1
                return action
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is sent in one piece

    def log_message(self, *args):
        pass

    def answer(self, status, body, kind="text/plain"):
        with lock, open(os.path.join(directory, "log"), "a", encoding="utf-8") as f:
            print(self.command, self.path, status, file=f)
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        action = rule(self.command, self.path)
        if action in ("close", "hang"):
            with lock, open(os.path.join(directory, "log"), "a", encoding="utf-8") as f:
                print(self.command, self.path, action, file=f)
            if action == "hang":
                time.sleep(60)
            self.close_connection = True
        elif action:
            words = action.split(" ", 2)
            self.answer(int(words[1]), (words[2:] or [""])[0].replace("\\n", "\n"))
        elif self.command == "POST" and self.path == "/":
            self.sts(urllib.parse.parse_qs(body, strict_parsing=True))
        elif self.command == "PUT" and self.path == "/latest/api/token":
            self.session()
        elif self.command == "GET" and self.path.startswith("/latest/"):
            self.metadata()
        elif self.command == "GET" and self.path == "/container":
            self.container()
        else:
            self.answer(404, "not found")

    do_GET = do_PUT = do_POST = serve

    def do_CONNECT(self):  # as a proxy, it refuses
        self.answer(403, "forbidden")

    def session(self):
        seconds = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if self.headers.get("X-Forwarded-For"):
            self.answer(403, "forbidden")
        elif not re.fullmatch(r"\d{1,5}", seconds) or not 1 <= int(seconds) <= 21600:
            self.answer(400, "bad request")
        else:
            token = secrets.token_urlsafe(40) + "=="
            with lock:
                sessions[token] = time.monotonic() + int(seconds)
            self.answer(200, token)

    def metadata(self):
        base = "/latest/meta-data/iam/security-credentials/"
        with lock:
            good = sessions.get(self.headers.get("X-aws-ec2-metadata-token"), 0) > time.monotonic()
        if not good:
            self.answer(401, "unauthorized")
        elif self.path == base:
            self.answer(200, ROLE)
        elif self.path == base + ROLE:
            self.answer(200, json.dumps(keys("instance"), indent=2))
        else:
            self.answer(404, "not found")

    def container(self):
        wanted = contents("authorization", None)
        if wanted is not None and self.headers.get("Authorization") != wanted:
            self.answer(401, '{"code":"Unauthorized","message":"the token is not known"}', "application/json")
        else:
            self.answer(200, json.dumps({k: v for k, v in keys("container").items() if k[0] not in "CL"}), "application/json")

    def sts(self, query):
        asked = {name: values[0] for name, values in query.items()}
        wrong = None
        if asked.pop("Action", "") != "AssumeRoleWithWebIdentity" or asked.pop("Version", "") != "2011-06-15":
            wrong = "InvalidAction", "Could not find operation"
        elif not re.fullmatch(r"arn:aws:iam::\d{12}:role/[\w+=,.@/-]+", asked.get("RoleArn", "")):
            wrong = "ValidationError", "1 validation error detected: RoleArn"
        elif not re.fullmatch(r"[\w+=,.@-]{2,64}", asked.get("RoleSessionName", "")):
            wrong = "ValidationError", "1 validation error detected: RoleSessionName"
        elif asked.get("WebIdentityToken") != contents("identity", None):
            wrong = "InvalidIdentityToken", "The web identity token provided could not be validated"
        elif len(query) != 5 or any(len(values) != 1 for values in query.values()):
            wrong = "ValidationError", "parameters that are not known"
        elif self.headers.get("Authorization"):
            wrong = "ValidationError", "this action is not signed"
        if wrong:
            self.answer(400, STS_ERROR.format(*wrong), "text/xml")
        else:
            self.answer(200, STS_XML.format(**asked, **keys("sts")), "text/xml")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that has gone


def main():
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)  # the request came too late
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(os.path.join(directory, "port.new"), "w", encoding="utf-8") as f:
        print(server.server_address[1], file=f)
    os.rename(os.path.join(directory, "port.new"), os.path.join(directory, "port"))
    server.serve_forever()


main()
