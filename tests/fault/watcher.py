"""Readers of a lake on a server, which read all the time while a case of the fault matrix runs."""

import http.client
import json
import os
import subprocess
import sys
import threading

from actors import BUILD, DEADLINE, ROOT, Failure

sys.path.append(str(ROOT / "tests/lib"))
# pylint: disable=wrong-import-position
from rest import Refused

UNREACHABLE = (OSError, http.client.HTTPException)


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
        command = [BUILD / "bin/lake-cat", self.case.files.lake]
        environment = {**os.environ, **self.case.files.environment}
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
        """Check that what they saw was always right; raises Failure."""
        self.stop()
        if self.trouble:
            raise Failure(self.trouble)
        total, sums, adds = 0, {0}, {}
        entries = self.case.entries()
        kept = self.case.kept(entries)
        for entry in entries:
            sums.add(total + self.case.records(entry))  # also that of an undone entry, because it was seen before
            if entry not in kept:
                continue
            total += self.case.records(entry)
            adds.update((a["add"]["path"], json.loads(a["add"]["stats"])["numRecords"]) for a in entry if "add" in a)
        halves = self.counts - sums
        if halves:
            raise Failure(f"lake-cat has seen {min(halves)} records, which no version has")
        for name, lines in self.files.items():
            if adds.get(name) != len(lines):
                raise Failure(f"{name} was seen with {len(lines)} records, not {adds.get(name)}")
        if not self.files or not self.counts:
            raise Failure("the readers have seen nothing")
