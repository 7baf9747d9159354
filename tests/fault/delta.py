"""Cases of the fault matrix: the lake is a Delta table, local or in S3, perhaps with other writers beside weir."""

import json
import os
import signal
import threading
import warnings

import deltalake
import pyarrow

import harness
import remote
from actors import Failure, until
from buckets import enter, shared
from kills import (NEVER_MIDWAY, OFTEN, at_point, at_random, beside_another, churn, far_apart, same_partitions, zombie,
                   zombie_at_point)  # fmt: skip

FORMAT = r'{"v":"%p:%o:%s"}\n'
EVERY = """staged files-there before-commit before-put after-put committed before-checkpoint checkpoint-written before-at
after-at before-ack acked""".split()
LOCAL = """lock-created locked stage-announced stage-created stage-appended stage-written stage-sealed before-publish
after-publish before-link after-link claim-ended before-unlock""".split()
AGAIN = {*OFTEN, "synced", "files-there", "before-put", "after-put", "checkpoint-written", "before-checkpoint"}
PLACES = {"delta": None, "delta in minio": "minio", "delta in versitygw": "versitygw"}


class Case(harness.Case):
    """One whose lake is a Delta table; the matrix gives cases of this module such a one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.format, self.filters = FORMAT, []
        self.wanted = lambda lines: [json.loads(line)["v"] for line in lines]
        self.put = ["--table", "delta", "--schema", "v string"]
        self.environment["WEIR_CHECKPOINT_EVERY"] = "7"
        self.entry_of, self.foreign, self.watcher = {}, None, Watcher

    def options(self):
        """What deltalake needs to reach the table; past a proxy, if there is one."""
        environment = getattr(self.files, "environment", {})
        options = {name: value for name, value in environment.items() if name.startswith("AWS_")}
        return {**options, "AWS_ALLOW_HTTP": "true"} if options else {}

    def url(self):
        return str(getattr(self.files, "lake", self.lake))

    def table(self):
        return deltalake.DeltaTable(self.url(), storage_options=self.options())

    def versions(self):
        return sorted(n for n in self.files.names() if n.startswith("_delta_log/0") and n.endswith(".json"))

    def entry(self, name):
        if name not in self.entry_of:
            self.entry_of[name] = super().entry(name)
        return self.entry_of[name]

    def committed(self):
        entries = [self.entry(name) for name in self.versions()]
        return sum(self.records(entry) for entry in entries if any("weir/" in a.get("txn", {}).get("appId", "") for a in entry))

    def values(self, table=None):
        return (table or self.table()).to_pyarrow_table(columns=["v"]).column("v").to_pylist()

    def rows(self):
        return [value for value in self.values() if not value.startswith("foreign-")]

    def verify(self):
        """Other writers' rows are all there, and nothing hidden."""
        if self.foreign:
            self.foreign.judge([value for value in self.values() if value.startswith("foreign-")])
        hidden = [name for name in self.files.names() if os.path.basename(name)[0] == "." or "_weir_stage" in name]
        if hidden:
            raise Failure(f"left over: {' '.join(hidden[:5])}")
        if not self.foreign:  # whose files may have encodings that are not read here, which is status 78
            self.call(harness.BUILD / "bin/lake-check", "-b", self.brokers, self.lake)


class Watcher:
    """A reader by the log that looks all the time: at each version it must find the records before each position, once."""

    def __init__(self, case):
        self.case, self.trouble, self.ending, self.looks = case, None, threading.Event(), set()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        case.cleanups.append(self.stop)

    def run(self):
        failed = 0
        while not self.ending.wait(0.7) and not self.trouble:
            try:
                self.look()
                failed = 0
            except deltalake.exceptions.TableNotFoundError:
                pass  # not there yet
            except Exception as error:  # pylint: disable=broad-except
                failed += 1
                # delta-rs writes checkpoints over those that are there, and a reader may get the size of one and bytes of
                # the other; the next time it reads well.
                if failed == 3 or isinstance(error, Failure) or not self.case.foreign:
                    self.trouble = f"a reader: {error!r}"

    def look(self):
        table = self.case.table()
        if table.version() in self.looks:
            return
        offsets = {}
        for value in self.case.values(table):
            if not value.startswith("foreign-"):
                partition, offset, _ = value.split(":")
                offsets.setdefault(partition, []).append(int(offset))
        for partition, seen in offsets.items():
            position = table.transaction_version(f"weir/{self.case.group}/{self.case.topic}/{partition}")
            if sorted(seen) != list(range(position)):
                raise Failure(f"version {table.version()}: partition {partition} has {len(seen)} records, {len(set(seen))} of them "
                              f"different, before {position}")  # fmt: skip
        self.looks.add(table.version())

    def stop(self):
        self.ending.set()
        self.thread.join()

    def judge(self):
        self.stop()
        if self.trouble:
            raise Failure(self.trouble)
        if not self.looks:
            raise Failure("the reader has seen nothing")


class Foreign:
    """Another writer, delta-rs: appends, compacts, makes checkpoints and vacuums in turn, until it is told to end."""

    def __init__(self, case):
        self.case, self.count, self.done, self.trouble, self.ending = case, 0, [], None, threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        case.foreign = self
        case.cleanups.append(self.stop)

    def run(self):
        while not self.ending.wait(self.case.random.uniform(0.2, 0.8)):
            if not self.case.versions():
                continue
            for what in (self.append, self.append, self.compact, self.checkpoint, self.vacuum):
                try:
                    what()
                    self.done.append(what.__name__)
                except deltalake.exceptions.CommitFailedError:
                    pass  # too many others
                except Exception as error:  # pylint: disable=broad-except
                    self.trouble = f"another writer cannot {what.__name__}: {error!r}"
                    return

    def append(self):
        values = [f"foreign-{self.count + i}" for i in range(10)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            deltalake.write_deltalake(self.case.table(), pyarrow.table({"v": values}), mode="append")
        self.count += len(values)

    def compact(self):
        self.case.table().optimize.compact()

    def checkpoint(self):
        self.case.table().create_checkpoint()

    def vacuum(self):
        """Of what is older than a week, which nothing is."""
        gone = self.case.table().vacuum(dry_run=False)
        if gone:
            raise Failure(f"vacuum has removed {gone[:3]}")

    def stop(self):
        self.ending.set()
        self.thread.join()

    def judge(self, rows):
        self.stop()
        if self.trouble:
            raise Failure(self.trouble)
        if sorted(rows) != sorted(f"foreign-{i}" for i in range(self.count)):
            raise Failure(f"of {self.count} rows of another writer {len(set(rows))} are there, {len(rows)} rows")
        if not {"append", "compact", "checkpoint", "vacuum"} <= set(self.done):
            raise Failure(f"another writer did only {self.done}")


# --- the cases -----------------------------------------------------------------------------------------------------


def watched(case, kind):
    """The lake of CASE is there and is watched."""
    if kind:
        enter(case, kind, shared(kind))
    else:
        case.checks.append(case.watcher(case).judge)


def in_table(case, kind, function, *arguments):
    """A case of another module, with a Delta table."""
    watched(case, kind)
    return function(case, *arguments)


def beside(case, kind, function, *arguments):
    """The same, with another writer of the table."""
    watched(case, kind)
    foreign = Foreign(case)
    settle = case.settle

    def settle_after():
        until("the other writer", lambda: foreign.trouble or {"compact", "vacuum"} <= set(foreign.done), 60)
        foreign.stop()
        return settle()

    case.settle = settle_after
    return function(case, *arguments)


def several_files(case, kind, function, *arguments):
    """Each commit has several files: one for each minute, taking the offset for seconds."""
    case.format = r'{"v":"%p:%o:%s","t":%o}\n'
    case.put = ["--table", "delta", "--schema", "v string, t bigint", "--partition-by", "m=%M", "--time", "s@.t"]
    return in_table(case, kind, function, *arguments)


def through(case, kind, rules, killing=False):
    """Requests and answers go wrong by RULES."""
    watched(case, kind)
    return remote.through_proxy(case, kind, rules, killing)


def points(kind):
    return [*EVERY, *(["synced"] if kind else LOCAL)]


def cases():
    for place, kind in PLACES.items():
        for function, arguments, words in inner(kind):
            yield f"{place}: {words}", in_table, (kind, function, *arguments)
        for words, function, *arguments in (
            ("kill -9 lake-put, random times", at_random, "lake-put", signal.SIGKILL),
            ("kill -9 the pipeline, random times", at_random, None, signal.SIGKILL),
            ("2 pipelines join and leave", churn, 2),
            *((f"kill -9 lake-put at {point}", at_point, "lake-put", point) for point in ("files-there", "after-put", "committed")),
        ):
            yield f"{place} beside another writer: {words}", beside, (kind, function, *arguments)
        for point in ("staged", "files-there", "committed"):
            yield f"{place}: several files, kill -9 lake-put at {point}", several_files, (kind, at_point, "lake-put", point)
        yield f"{place}: several files, kill -9 lake-put, random times", several_files, (kind, at_random, "lake-put", signal.SIGKILL)
        for name, rules in remote.faults(kind, "_delta_log") if kind else ():
            yield f"{place}: {name}", through, (kind, rules)
            if "late" in name or "lost" in name or "all" in name:
                yield f"{place}: {name}, and kill -9", through, (kind, rules, True)


def inner(kind):
    """Cases of kills.py."""
    for point in points(kind):
        yield at_point, ("lake-put", point), f"kill -9 lake-put at {point}"
    for point in points(kind):
        if point not in NEVER_MIDWAY:
            yield zombie_at_point, ("lake-put", point + ":2" * (point in AGAIN)), f"zombie: lake-put stopped at {point}"
    for program in ("lake-put", None):
        who = program or "the pipeline"
        yield at_random, (program, signal.SIGKILL), f"kill -9 {who}, random times"
        yield zombie, (program,), f"SIGSTOP {who}, then SIGCONT"
    yield at_random, (None, signal.SIGTERM), "SIGTERM to the pipeline, random times"
    for n in (2, 3):
        yield churn, (n,), f"{n} pipelines join and leave"
    for point in ("staged", "files-there", "after-put", "committed"):
        yield beside_another, (point,), f"kill -9 lake-put beside another at {point}"
    yield far_apart, (), "pipelines join and leave, commits far apart"
    yield same_partitions, (), "two pipelines with the same fixed partitions"
