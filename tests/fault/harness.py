"""A case of the fault matrix: topic, group, lake, who acts on them, and the comparison of topic and lake, record for record."""

import collections
import gzip
import json
import os
import pathlib
import random

from actors import BUILD, DEADLINE, FORMAT, Failure, Producer, Supervisor, call, until


class Case:
    """A topic, a group, a lake, and who works on them."""

    def __init__(self, name, brokers, directory, seed):
        self.name, self.brokers, self.seed = name, brokers, seed
        self.random = random.Random(f"{seed} {name}")
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        self.lake = self.directory / "lake"
        self.topic = f"fault-{os.getpid()}-{self.random.randrange(1 << 40):010x}"
        self.topics = [self.topic]
        self.group = "g-" + self.topic
        self.supervisors, self.producers, self.cleanups = [], [], []
        self.retired, self.leftovers = [], False
        self.before_sink = ()  # words before lake-put's command
        self.put = ()  # options of every lake-put
        self.format, self.filters = FORMAT, [("split", [])]
        self.wanted = list  # which of the topic's lines the lake shall hold
        self.note = ""

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
        """It has ended, as it should; the case goes on without it."""
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

    def read(self, path):
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines()

    def rows(self):
        """What readers of the directory see."""
        lines = []
        for path in self.visible():
            lines += self.read(self.lake / path)
        return lines

    def visible(self):
        found = []
        for path in self.lake.rglob("*"):
            parts = path.relative_to(self.lake).parts
            if path.is_file() and not any(part[0] in "._" for part in parts):
                found.append("/".join(parts))
        return sorted(found)

    def entries(self):
        names = sorted((self.lake / "_weir_log").glob("[0-9]*.json"))
        if [int(n.stem) for n in names] != list(range(len(names))):
            raise Failure("the versions of the log are not contiguous")
        return [[json.loads(line) for line in n.read_text().splitlines()] for n in names]

    def logged(self):
        """The files that the log names."""
        return sorted(a["add"]["path"] for entry in self.entries() for a in entry if "add" in a)

    def caught_up(self, count):
        return self.committed() >= count

    def committed(self):
        """How many records the lake holds, by its log: cheap enough to be asked often."""
        total = 0
        for name in (self.lake / "_weir_log").glob("[0-9]*.json"):
            for line in name.read_text().splitlines():
                if '"add"' in line:
                    total += json.loads(json.loads(line)["add"]["stats"])["numRecords"]
        return total

    # --- the end -------------------------------------------------------------------------------

    def settle(self):
        """No more faults: the producers end, the pipelines catch up by themselves, and end well."""
        for producer in self.producers:
            producer.stop()
        truth = self.truth()

        def done():
            for s in self.supervisors:
                if s.failed():
                    raise Failure(f"pipeline {s.pipeline.name} ends with {s.status}: {s.state()}")
            return self.caught_up(len(truth))

        try:
            until(f"{len(truth)} records in the lake", done)
        except Failure as failure:
            raise Failure(f"{failure}; " + " / ".join(s.state() for s in self.supervisors)) from None
        for s in self.supervisors:
            s.stop()
        self.last_run()
        return truth

    def last_run(self):
        """A run to the end must succeed and leave nothing lying about."""
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
        if self.logged() != self.visible():
            raise Failure("the log names other files than there are")
        hidden = [p.name for p in self.lake.rglob("*")
                  if p.is_file() and any(part.startswith(".") for part in p.relative_to(self.lake).parts)]
        if hidden and not self.leftovers:
            raise Failure(f"left over: {' '.join(hidden[:5])}")
        if not self.leftovers:
            call(BUILD / "bin/lake-check", "-b", self.brokers, self.lake)
        if lost:
            self.note += f" first lost {lost[0]}"
        return len(truth), len(lost), doubled

    def close(self):
        for s in self.supervisors + self.retired:
            s.kill()
        for producer in self.producers:
            producer.stop()
        for cleanup in reversed(self.cleanups):
            cleanup()
