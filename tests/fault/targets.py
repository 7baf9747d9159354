"""Cases of the fault matrix: produce, which writes into another topic of the cluster; kafka-python judges what committed readers get."""

import json
import signal
import subprocess
import sys
import time

import kafka

import harness
from actors import ROOT, Failure, Server, call, until
from brokers import broker_ends, connections
from kills import at_point, at_random, churn, same_partitions, zombie, zombie_at_point

PRODUCE = "before-at after-at before-begin txn-begun txn-sent txn-offsets txn-committed before-ack acked".split()
CONSUME = "before-S after-S before-Q after-Q answered before-R after-R before-B after-B after-ack before-F".split()
STOPS = "before-begin txn-begun txn-sent txn-offsets txn-committed before-ack".split()  # in each commit
ZOMBIES = [*(("produce", p + ":2") for p in STOPS), ("consume", "source-before-B:2"), ("consume", "source-answered")]


class Case(harness.Case):
    """One whose table is a topic; the matrix gives cases of this module such a one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.filters, self.target = [], self.topic + "-to"
        self.out = self.directory / "target.out"  # what is committed so far

    def create(self, partitions=4, *config):
        super().create(partitions, *config)
        self.kadmin("create", self.target, 2)
        command = ["kcat", "-C", "-E", "-q", "-u", "-b", self.brokers, "-t", self.target, "-o", "beginning"]
        with open(self.out, "wb") as out, open(self.directory / "target.err", "wb") as err:
            reader = subprocess.Popen([*command, "-X", "isolation.level=read_committed"], stdout=out, stderr=err)
        self.cleanups += [reader.wait, reader.kill]  # the last one comes first

    def sink(self, options):
        # What a killed member leaves open is aborted by the broker, and until then nobody reads on.
        limits = ["--timeout", "5s", "-X", "transaction.timeout.ms=6000"]
        return "produce", ["-b", self.brokers, *limits, *options, self.target]

    def committed(self):
        return self.out.read_bytes().count(b"\n")

    def rows(self):
        said = call(sys.executable, ROOT / "tests/lib/committed.py", self.brokers, self.target)
        return said.decode().splitlines()

    def verify(self):
        """The group's offsets, which are committed with the records, say how many there are."""
        admin = kafka.KafkaAdminClient(bootstrap_servers=self.brokers)
        try:
            offsets = admin.list_group_offsets({self.group: None})[self.group]
        finally:
            admin.close()
        rows, read = len(self.rows()), sum(max(o.offset, 0) for o in offsets.values())
        if rows != read:
            raise Failure(f"{rows} records, but the group has read {read}")


def in_topic(case, function, *arguments):
    """A case of another module with such a table."""
    return function(case, *arguments)


def leader(case, topic):
    """The number of the broker that leads the only partition of TOPIC, an internal one: the coordinator; 0: nobody."""
    try:
        said = json.loads(call("kcat", "-L", "-J", "-b", case.brokers, "-t", topic))
        return max(said["topics"][0]["partitions"][0]["leader"], 0)
    except (Failure, LookupError):
        return 0


def coordinator_moves(case, verb):
    """Of three brokers, the one that coordinates transactions ends, so that another takes over; then it comes back."""
    servers = Server("kafka", case.directory / "kafka", "3")
    case.cleanups.append(lambda: servers.script("stop"))
    case.brokers = servers.environment["WEIR_TEST_KAFKA"]
    case.create()
    case.produce()
    case.supervise()
    seen = set()
    for _ in range(4):
        before = case.committed()
        until("commits", lambda before=before: case.committed() > before)
        until("a coordinator", lambda: leader(case, "__transaction_state"))
        old = leader(case, "__transaction_state")
        seen.add(old)
        servers.script(verb, str(old))
        until("another coordinator", lambda old=old: leader(case, "__transaction_state") not in (0, old))
        time.sleep(case.random.uniform(0, 2))
        servers.script("restart", str(old))
    if len(seen) < 2:
        raise Failure("it has never moved")
    return case.settle()


def inner():
    for program, point in (*(("produce", p) for p in PRODUCE), *(("consume", "source-" + p) for p in CONSUME)):
        yield f"kill -9 {program} at {point}", at_point, (program, point)
    for program in ("consume", "produce", None):
        yield f"kill -9 {program or 'the pipeline'}, random times", at_random, (program, signal.SIGKILL)
    yield "SIGTERM to the pipeline, random times", at_random, (None, signal.SIGTERM)
    for program in ("consume", "produce", None):
        yield f"SIGSTOP {program or 'the pipeline'}, then SIGCONT", zombie, (program,)
    for program, point in ZOMBIES:
        yield f"zombie: {program} stopped at {point.partition(':')[0]}", zombie_at_point, (program, point)
    for n in (2, 3):
        yield f"{n} pipelines join and leave", churn, (n,)
    yield "two pipelines with the same fixed partitions", same_partitions, ()
    for how in ("kill", "stop"):
        yield f"broker: {how}, then started again", broker_ends, (how,)
        yield f"the coordinator of transactions moves among three brokers: {how}", coordinator_moves, (how,)
    yield from connections("a call may take", 12)


def cases():
    for words, function, arguments in inner():
        yield f"into a topic: {words}", in_topic, (function, *arguments)
