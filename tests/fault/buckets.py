"""Lakes in S3 for the fault matrix: servers, what lies in a bucket, readers that look all the time, proxies that misbehave."""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import threading
import urllib.request

from actors import BUILD, DEADLINE, ROOT, Failure, Server

sys.path.append(str(ROOT / "tests/lib"))
# pylint: disable=wrong-import-position
from rest import Refused
from s3 import S3

UNREACHABLE = (OSError, http.client.HTTPException)
lock = threading.Lock()
servers = {}


def shared(kind):
    """The server of this kind that all cases use; that of the tests' run when there is one."""
    with lock:
        if kind not in servers:
            there = pathlib.Path(os.environ.get("WEIR_TEST_SERVERS", "/")) / kind
            running = (there / "env").exists()
            servers[kind] = Server(kind, there if running else f"{os.environ['XDG_RUNTIME_DIR']}/{kind}", running=running)
        return servers[kind]


def stop_all():
    for server in servers.values():
        if not server.running:
            server.script("stop")


class Bucket:
    """The files of a lake in a bucket of its own, read by another client than weir's."""

    def __init__(self, case, server):
        self.case, self.name, self.entries = case, case.topic, {}
        env = server.environment
        self.s3 = S3(env["WEIR_TEST_S3"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], env["AWS_REGION"])
        self.s3.make_bucket(self.name)
        case.files, case.lake = self, f"s3://{self.name}/a b/t"
        case.environment.update(env, AWS_ENDPOINT_URL=env["WEIR_TEST_S3"])
        self.prefix = "a b/t/"

    def names(self):
        """Paths in the table; those of others in the bucket are a failure."""
        keys = [key for _, key in self.s3.list(self.name)]
        alien = [key for key in keys if not key.startswith(self.prefix)]
        if alien:
            raise Failure(f"{alien[0]} lies outside of the table")
        return [key[len(self.prefix) :] for key in keys]

    def get(self, name):
        if name in self.entries:  # one never changes
            return self.entries[name]
        data = self.s3.get(self.name, self.prefix + name)
        if name.startswith("_weir_log/0"):
            self.entries[name] = data
        return data

    def stages(self):
        return [name for name in self.names() if name.startswith("_weir_stage/")]

    def remove(self, name):
        self.s3.remove(self.name, self.prefix + name)

    def left_over(self):
        """What no table has once all is well: nobody removes the stages of the killed before they are old."""
        self.case.call(BUILD / "bin/lake-check", "--clean", "--older-than", "0s", self.case.lake)
        head = self.get(self.case.versions()[-1]).decode()  # names what a late request may have written again
        return [name for name in self.names() if name.startswith(("_weir_stage/", ".")) and name not in head]


class Watcher:
    """Two readers that look all the time: of the directory, whose files must be whole and hold each record once, and of
    the log, lake-cat, which must see whole commits."""

    def __init__(self, case):
        self.case, self.trouble, self.ending = case, None, threading.Event()
        self.files, self.lines, self.counts = {}, {}, set()
        self.statuses = {0, 75, 78}  # of lake-cat; 78: there is no table yet
        self.threads = [threading.Thread(target=self.run, args=(look, pause))
                        for look, pause in ((self.directory, 0.2), (self.log, 1))]  # fmt: skip
        for thread in self.threads:
            thread.start()
        case.cleanups.append(self.stop)

    def run(self, look, pause):
        while not self.ending.wait(pause) and not self.trouble:
            try:
                look()
            except UNREACHABLE:
                pass  # the server is down
            except (Refused, Failure, ValueError, EOFError) as error:
                if getattr(error, "status", 0) < 500:  # it is coming up
                    self.trouble = f"a reader: {error!r}"

    def directory(self):
        names = self.case.visible()
        gone = set(self.files) - set(names)
        if gone:
            raise Failure(f"{min(gone)} was there and is not any more")
        for name in set(names) - set(self.files):
            lines = self.case.read(name)
            self.files[name] = lines
            for line in lines:
                if line in self.lines:
                    raise Failure(f"{line} is in {self.lines[line]} and in {name}")
                self.lines[line] = name

    def log(self):
        command = [BUILD / "bin/lake-cat", self.case.lake]
        environment = {**os.environ, **self.case.environment, "AWS_ENDPOINT_URL": self.case.environment["WEIR_TEST_S3"]}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=DEADLINE, check=False)
        lines = done.stdout.decode().splitlines()
        if len(set(lines)) < len(lines):
            raise Failure("lake-cat gives a record twice")
        if done.returncode == 0:
            self.counts.add(len(lines))
        elif done.returncode not in self.statuses:
            raise Failure(f"lake-cat ends with {done.returncode}: {done.stderr.decode()}")

    def stop(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def judge(self):
        """What they saw was always right: raises Failure."""
        self.stop()
        if self.trouble:
            raise Failure(self.trouble)
        sums = {0}
        adds = {}
        for entry in self.case.kept(self.case.entries()):
            sums.add(max(sums) + self.case.records(entry))
            adds.update((a["add"]["path"], json.loads(a["add"]["stats"])["numRecords"]) for a in entry if "add" in a)
        halves = self.counts - sums
        if halves:
            raise Failure(f"lake-cat has seen {min(halves)} records, which no version has")
        for name, lines in self.files.items():
            if adds.get(name) != len(lines):
                raise Failure(f"{name} was seen with {len(lines)} records, not {adds.get(name)}")
        if not self.files or not self.counts:
            raise Failure("the readers have seen nothing")


class Proxy:
    """faulthttp between the pipelines of a case and their server."""

    def __init__(self, case, server):
        env = server.environment  # with the key: it signs anew what it changes
        self.server = Server("faulthttp", case.directory / "proxy", env["WEIR_TEST_S3"], variables=env)
        case.cleanups.append(lambda: self.server.script("kill"))
        self.url = self.server.environment["WEIR_TEST_FAULT"]
        case.environment["AWS_ENDPOINT_URL"] = self.url

    def control(self, data=None):
        request = urllib.request.Request(self.url + "/_fault", data, method="PUT" if data is not None else "GET")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=DEADLINE) as answer:
            return answer.read()

    def set(self, *rules):
        """The rules from now on, of requests that come after this."""
        self.control("".join(json.dumps(rule) + "\n" for rule in rules).encode())

    def followed(self):
        """How often a rule was."""
        return sum(rule["followed"] for rule in json.loads(self.control())["rules"])


def own_server(case, kind):
    """A server of the case's own, which it may kill."""
    server = Server(kind, case.directory / kind)
    case.cleanups.append(lambda: server.script("kill"))
    return server


def enter(case, server):
    """The lake of CASE is in a bucket, and is watched."""
    Bucket(case, server)
    watcher = Watcher(case)
    case.checks.append(watcher.judge)
    return watcher
