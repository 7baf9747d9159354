"""A case of the fault matrix: topic, group and lake, the actors, and the comparison of topic and lake, record by record."""

import collections
import gzip
import json
import os
import pathlib
import random

from actors import BUILD, DEADLINE, FORMAT, Failure, Producer, Supervisor, call, until
from watcher import Watcher


class Directory:
    """The files of a lake that is a local directory."""

    def __init__(self, case):
        self.case = case

    def names(self):
        """Paths in the table."""
        return [path.relative_to(self.case.lake).as_posix() for path in self.case.lake.rglob("*") if path.is_file()]

    def get(self, name):
        return (self.case.lake / name).read_bytes()

    def left_over(self):
        """Files that must not exist at the end."""
        return [name for name in self.names() if any(part[0] == "." for part in name.split("/"))]


class Case:
    """A topic, a group, a lake, and the actors that work on them."""

    def __init__(self, name, brokers, directory, seed):
        self.name, self.brokers, self.seed = name, brokers, seed
        self.random = random.Random(f"{seed} {name}")
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.lake = self.directory / "lake"
        self.files = Directory(self)
        self.watcher = Watcher  # who reads the lake all the time, where that is watched
        self.environment = {}  # of programs, beside the matrix's own
        self.topic = f"fault-{os.getpid()}-{self.random.randrange(1 << 40):010x}"
        self.topics = [self.topic]
        self.group = "g-" + self.topic
        self.supervisors, self.producers, self.cleanups = [], [], []
        self.retired, self.leftovers = [], False
        self.before_sink = ()  # words before lake-put's command
        self.put = ()  # options of every lake-put
        self.format, self.filters = FORMAT, [("split", [])]
        self.wanted = list  # the lines of the topic that the lake must have
        self.note = ""
        self.deadline = DEADLINE  # limit for catching up once there are no more faults
        self.checks = []  # beside the comparison: each raises Failure

    def sink(self, options):
        """The last program of a pipeline, and its arguments."""
        return "lake-put", ["--compress", "gzip:1", *options, str(self.lake)]

    def kadmin(self, *words):
        return call(BUILD / "servers/kadmin", self.brokers, *words)

    def create(self, partitions=4, *config):
        self.kadmin("create", self.topic, partitions, *config)

    def produce(self, **options):
        self.producers.append(Producer(self, **options))
        return self.producers[-1]

    def supervise(self, name="a", **options):
        return Supervisor(self, name, **options)

    def retire(self, supervisor, statuses=(0, 78)):
        """It has ended as expected; the case goes on without it."""
        if supervisor.thread.is_alive() or supervisor.status not in statuses:
            raise Failure(f"pipeline {supervisor.name} ends with {supervisor.status}: {supervisor.state()}")
        self.supervisors.remove(supervisor)
        self.retired.append(supervisor)

    # --- what there is -------------------------------------------------------------------------

    def truth(self):
        """The lines of all committed records of the topics, by another client."""
        text = b""
        for topic in self.topics:
            text += call("kcat", "-C", "-e", "-q", "-o", "beginning", "-b", self.brokers, "-t", topic, "-f", self.format)
        return self.wanted(text.decode().splitlines())

    def call(self, *command):
        """The output of a program that must succeed, with the environment of the pipelines."""
        return call(*command, env={**os.environ, **self.environment})

    def read(self, name):
        data = self.files.get(name)
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()

    def rows(self):
        """What readers of the directory see."""
        return [line for name in self.visible() for line in self.read(name)]

    def visible(self):
        return sorted(n for n in self.files.names() if not any(part[0] in "._" for part in n.split("/")))

    def versions(self):
        """The names of the entries, in order."""
        return sorted(n for n in self.files.names() if n.startswith("_weir_log/") and n[10].isdigit())

    def entry(self, name):
        """Its actions."""
        return [json.loads(line) for line in self.files.get(name).decode().splitlines()]

    def entries(self):
        names = self.versions()
        if [int(pathlib.Path(n).stem) for n in names] != list(range(len(names))):
            raise Failure("the versions of the log are not contiguous")
        return [self.entry(n) for n in names]

    def logged(self):
        """The files that the log names."""
        entries = self.entries()
        return sorted(a["add"]["path"] for entry in self.kept(entries) for a in entry if "add" in a)

    @staticmethod
    def kept(entries):
        """Those of ENTRIES that no later one undoes."""
        ranges = [a["commitInfo"]["undoes"] for entry in entries for a in entry if "undoes" in a.get("commitInfo", {})]
        undone = {version for first, last in ranges for version in range(first, last + 1)}
        return [entry for version, entry in enumerate(entries) if version not in undone]

    def caught_up(self, count):
        return self.committed() >= count

    def committed(self):
        """How many records the lake has by its log; this is cheap enough to be called often."""
        return sum(self.records(entry) for entry in self.kept([self.entry(name) for name in self.versions()]))

    @staticmethod
    def records(entry):
        """How many records are in the files that it adds."""
        return sum(json.loads(a["add"]["stats"])["numRecords"] for a in entry if "add" in a)

    # --- the end -------------------------------------------------------------------------------

    def settle(self):
        """No more faults: the producers end, and the pipelines catch up by themselves and end successfully."""
        for producer in self.producers:
            producer.stop()
        truth = self.truth()

        def done():
            for s in self.supervisors:
                if s.failed():
                    raise Failure(f"pipeline {s.pipeline.name} ends with {s.status}: {s.state()}")
            return self.caught_up(len(truth))

        try:
            until(f"{len(truth)} records in the lake", done, self.deadline)
        except Failure as failure:
            raise Failure(f"{failure}; " + " / ".join(s.state() for s in self.supervisors)) from None
        for s in self.supervisors:
            s.stop()
        self.last_run()
        return truth

    def last_run(self):
        """A run to the end must succeed and leave nothing behind."""
        last = Supervisor(self, "last", consume=["--to", "end"])
        last.thread.join(DEADLINE)
        if last.thread.is_alive() or last.status:
            raise Failure(f"the last run does not end well ({last.status}): {last.state()}")

    def compare(self, truth):
        """Records, lost, doubled."""
        seen = collections.Counter(self.rows())
        lost = [line for line in truth if line not in seen]
        doubled = sum(seen.values()) - len(seen)
        alien = set(seen) - set(truth)
        if alien:
            raise Failure(f"{len(alien)} records that the topic does not have, such as {min(alien)}")
        self.verify()
        for check in self.checks:
            check()
        if lost:
            self.note += f" first lost {lost[0]}"
        return len(truth), len(lost), doubled

    def verify(self):
        """What is true of a table once all is well."""
        if self.logged() != self.visible():
            raise Failure("the files in the log are not the files that exist")
        if self.leftovers:
            return
        hidden = self.files.left_over()
        if hidden:
            raise Failure(f"left over: {' '.join(hidden[:5])}")
        self.call(BUILD / "bin/lake-check", "-b", self.brokers, self.lake)

    def close(self):
        for s in self.supervisors + self.retired:
            s.kill()
        for producer in self.producers:
            producer.stop()
        for cleanup in reversed(self.cleanups):
            cleanup()
