#!/usr/bin/env python3
"""An HTTP server that misbehaves by rules: faulthttp.py PORT [http://HOST:PORT].

Passes requests on, with the head as it came (Host too, because it is signed), or without a second argument answers
them from memory: PUT (also with If-None-Match: *), GET, HEAD, DELETE.  PUT /_fault sets the rules, a JSON object a line,
and forgets what has come; GET /_fault shows both.

A rule: {"do": ACTION, ...}.  It is for requests with
  method, path, header   each a regular expression: the whole method, some part of path and query, "Name: value"
  text                   the same, of the body, which is read for it: not with actions that cut it
and of those for
  nth                    the Nth, or each of a list, from 1 on
  times                  the first N that other conditions let through
  probability            about this share
of which the first rule that fits is followed.  Actions, and their members:
  answer status fields body    answer without passing on; fields is an object
  too_many after               the same with 429 and Retry-After (1)
  internal, slow_down          500; 503 with the XML of S3
  unauthorized, expired        401; 403 ExpiredToken
  error_in_200                 200 with <Error> in the body
  ignore_conditions            pass on without If-None-Match and If-Match; signed again for S3, with the key of AWS_*
  slow delay rate              pass on, answer after this many seconds, and at this many bytes a second
  hang                         never answer
  reset                        hang up, before the body of the request is read
  cut_request at               pass on the head and a part of the body, then hang up on both sides
  cut_answer at how            pass on, and hang up within the answer; how: "close" (else "reset")
  lose_answer                  cut_answer at 0
  answer_twice                 pass on, and answer twice
  deliver_twice                pass on twice, and give the second answer
  date_off seconds             pass on, and move the Date of the answer
  late after                   hang up at once, and pass on this many seconds later
at: a number of bytes, "half" or "all_but_one".
"""
import email.utils
import hashlib
import hmac
import json
import os
import random
import re
import socket
import sys
import threading
import time
import urllib.parse

from httpwire import Gone, Head, Peer, Request, answer, split

lock = threading.Lock()  # of all that follows
rules, seen, store = [], [], {}
upstream = None
KEYS = {"do", "method", "path", "header", "text", "nth", "times", "probability"}
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code><Message>%s</Message></Error>'


# --- where requests go ------------------------------------------------------------------------------------------


def connect():
    return socket.create_connection((upstream.hostname, upstream.port), timeout=300)


def forward(request):
    """The whole answer of the server behind, or of the memory."""
    body = request.read()
    if not upstream:
        return remember(request, body)
    head = Head(request.head.bytes()).without("connection", "expect")
    head.fields.append("Connection: close")
    with connect() as sock:
        peer = Peer(sock)
        peer.say(head.bytes() + body)
        while peer.more():
            pass
        if not peer.ahead:
            raise Gone
        return peer.ahead


def remember(request, body):
    path, condition = request.target.split("?")[0], request.head.get("If-None-Match")
    with lock:
        there = store.get(path)
        if request.method == "PUT" and not (condition == "*" and there is not None):
            store[path] = body
            return answer(200, {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
        if request.method == "PUT":
            return answer(412, {}, XML % ("PreconditionFailed", "it exists"))
        if request.method == "DELETE":
            store.pop(path, None)
            return answer(204)
    if there is None:
        return answer(404, {}, "" if request.method == "HEAD" else XML % ("NoSuchKey", "it does not exist"))
    whole = answer(200, {}, there)
    return whole[: len(whole) - len(there)] if request.method == "HEAD" else whole


def deliver(request, raw, times=1):
    """Give the client an answer; closes the connection if that is what ends the answer, or if the client closes it."""
    head, body = split(raw)
    ends = request.method == "HEAD" or head.status() in (204, 304)
    if not (ends or head.get("Content-Length") or head.get("Transfer-Encoding")):
        head.fields.append("Connection: close")
    request.note["status"] = head.status()
    request.client.say((head.bytes() + body) * times)
    if head.get("Connection") or (request.head.get("Connection") or "").lower() == "close":
        raise Gone


# --- signatures -------------------------------------------------------------------------------------------------


def sign_anew(head, method, target, dropped):
    """The signature (AWS, version 4) of the request without the headers DROPPED, if it is correct with them."""
    old = head.get("Authorization") or ""
    match = re.search(r"Credential=[^/]*/([^,]*), *SignedHeaders=([^,]*), *Signature=(\w+)", old)
    if not match or not set(match[2].split(";")) & set(dropped):
        return
    names = [n for n in match[2].split(";") if n not in dropped]
    path, _, query = target.partition("?")
    query = "&".join(sorted(p if "=" in p else p + "=" for p in query.split("&") if p))
    lines = "".join(f"{n}:{' '.join((head.get(n) or '').split())}\n" for n in names)
    canonical = "\n".join([method, path, query, lines, ";".join(names), head.get("x-amz-content-sha256")])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in match[1].split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", head.get("x-amz-date"), match[1], digest])
    new = old.replace(match[2], ";".join(names)).replace(match[3], hmac.digest(key, text.encode(), "sha256").hex())
    head.fields = [f"Authorization: {new}" if f.lower().startswith("authorization:") else f for f in head.fields]


# --- actions ----------------------------------------------------------------------------------------------------


def say(request, status, fields=None, body=""):
    request.read()
    deliver(request, answer(status, fields, body))


def place(at, length):
    return {"half": length // 2, "all_but_one": max(length - 1, 0)}.get(at, at)


def ignore_conditions(request):
    dropped = ("if-none-match", "if-match")
    sign_anew(request.head, request.method, request.target, dropped)
    request.head.without(*dropped)
    deliver(request, forward(request))


def slow(request, delay=0, rate=0):
    raw = forward(request)
    time.sleep(delay)
    if not rate:
        return deliver(request, raw)
    head, body = split(raw)
    for data in head.bytes(), body:
        for i in range(0, len(data), max(rate // 20, 1)):
            request.client.say(data[i : i + max(rate // 20, 1)])
            time.sleep(max(rate // 20, 1) / rate)
    raise Gone


def hang(request):
    while request.client.more():
        request.client.ahead = b""
    raise Gone


def cut_request(request, at=0):
    n = place(at, request.length)
    part = request.client.take(n)
    if upstream:
        with connect() as sock:
            Peer(sock).say(request.head.bytes() + part)
            sock.shutdown(socket.SHUT_WR)
            time.sleep(0.05)  # the server must have it before its connection is reset
    request.client.reset()


def cut_answer(request, at=0, how="reset"):
    head, body = split(forward(request))
    raw = head.bytes() + body
    request.client.say(raw[: place(at, len(raw))])
    if how == "reset":
        request.client.reset()
    raise Gone


def deliver_twice(request):
    forward(request)
    deliver(request, forward(request))


def date_off(request, seconds):
    head, body = split(forward(request))
    head.without("date").fields.append(f"Date: {email.utils.formatdate(time.time() + seconds, usegmt=True)}")
    deliver(request, head.bytes() + body)


def late(request, after=1):
    request.read()

    def passes():
        time.sleep(after)
        note = {"late": request.target}
        try:
            note["status"] = split(forward(request))[0].status()
        except (Gone, OSError) as e:
            note["failed"] = repr(e)
        with lock:
            seen.append(note)

    threading.Thread(target=passes, daemon=True).start()
    request.client.reset()


ACTIONS = {
    "answer": lambda r, status, fields=None, body="": say(r, status, fields, body),
    "too_many": lambda r, after=1: say(r, 429, {"Retry-After": after}, XML % ("TooManyRequests", "later")),
    "internal": lambda r: say(r, 500, {}, XML % ("InternalError", "We encountered an internal error")),
    "slow_down": lambda r: say(r, 503, {}, XML % ("SlowDown", "Please reduce your request rate")),
    "unauthorized": lambda r: say(r, 401, {}, XML % ("Unauthorized", "who are you")),
    "expired": lambda r: say(r, 403, {}, XML % ("ExpiredToken", "The provided token has expired")),
    "error_in_200": lambda r: say(r, 200, {}, XML % ("InternalError", "We encountered an internal error")),
    "ignore_conditions": ignore_conditions,
    "slow": slow,
    "hang": hang,
    "reset": lambda r: r.client.reset(),
    "cut_request": cut_request,
    "cut_answer": cut_answer,
    "lose_answer": lambda r, how="reset": cut_answer(r, 0, how),
    "answer_twice": lambda r: deliver(r, forward(r), 2),
    "deliver_twice": deliver_twice,
    "date_off": date_off,
    "late": late,
}


# --- rules ------------------------------------------------------------------------------------------------------


def parse(line):
    rule = json.loads(line)
    action = ACTIONS[rule["do"]]
    names = action.__code__.co_varnames[1 : action.__code__.co_argcount]
    unknown = set(rule) - KEYS - set(names)
    if unknown:
        raise ValueError(f"'{rule['do']}' has no {', '.join(sorted(unknown))}")
    for key in ("method", "path", "header", "text"):
        re.compile(rule.get(key, ""))
    return {"rule": rule, "members": {k: rule[k] for k in names if k in rule}, "matched": 0, "followed": 0}


def fits(entry, request):
    rule = entry["rule"]
    if not re.fullmatch(rule.get("method", ".*"), request.method) or not re.search(rule.get("path", ""), request.target):
        return False
    if "header" in rule and not any(re.search(rule["header"], f, re.I) for f in request.head.fields):
        return False
    if "text" in rule and not re.search(rule["text"], request.read().decode("latin-1")):
        return False
    entry["matched"] += 1
    nth = rule.get("nth", entry["matched"])
    if entry["matched"] not in (nth if isinstance(nth, list) else [nth]):
        return False
    if entry["followed"] >= rule.get("times", 1 << 60) or random.random() >= rule.get("probability", 1):
        return False
    entry["followed"] += 1
    return True


def control(request):
    body = request.read()
    if request.method == "GET":
        with lock:
            shown = [{**e["rule"], "matched": e["matched"], "followed": e["followed"]} for e in rules]
            return deliver(request, answer(200, {}, json.dumps({"rules": shown, "seen": seen}) + "\n"))
    try:
        new = [parse(line) for line in body.decode().splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError, AttributeError, re.error) as e:
        return deliver(request, answer(400, {}, f"no rule: {e!r}\n"))
    with lock:
        rules[:], seen[:] = new, []
    return deliver(request, answer(204))


def serve(client):
    while True:
        request = Request(client, Head(client.until(b"\r\n\r\n")))
        if request.target == "/_fault":
            control(request)
            continue
        with lock:
            entry = next((e for e in rules if fits(e, request)), None)
            request.note.update(method=request.method, target=request.target, did=entry and entry["rule"]["do"])
            seen.append(request.note)
        if entry:
            ACTIONS[entry["rule"]["do"]](request, **entry["members"])
        else:
            deliver(request, forward(request))


def connection(sock):
    with sock:
        try:
            serve(Peer(sock))
        except (Gone, OSError):
            pass


def main():
    global upstream
    if len(sys.argv) < 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    if len(sys.argv) > 2 and sys.argv[2]:
        upstream = urllib.parse.urlsplit(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
    print(listener.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=connection, args=(listener.accept()[0],), daemon=True).start()


main()
