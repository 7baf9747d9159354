"""Cases of the fault matrix: brokers that die, connections that break, requests that are refused."""

import subprocess
import time

from actors import BUILD, Broker, until
from proxy import Proxy


def own_broker(case):
    broker = Broker(case.directory / "kafka")
    case.cleanups.append(lambda: broker.script("kill"))
    case.brokers = broker.address
    return broker


def broker_ends(case, how):
    """The broker is killed, or stopped, and started again, three times."""
    broker = own_broker(case)
    case.create()
    case.produce()
    case.supervise()
    for _ in range(3):
        time.sleep(case.random.uniform(1, 4))
        broker.script(how)
        time.sleep(case.random.uniform(0, 3))
        broker.script("restart")
    return case.settle()


def connection(case, mode, delay, seconds):
    """The connections between clients and broker are cut, delayed, stalled; two pipelines."""
    broker, proxy = own_broker(case), Proxy()
    case.cleanups.append(proxy.close)
    proxy.address = broker.address
    broker.advertise(proxy.port)
    broker.script("stop")
    broker.script("restart")
    case.brokers = f"127.0.0.1:{proxy.port}"
    case.create()
    case.produce()
    case.supervise("a")
    case.supervise("b")
    for _ in range(4):
        time.sleep(case.random.uniform(1, 3))
        proxy.set(mode, delay)
        time.sleep(case.random.uniform(seconds / 2, seconds))
        proxy.set("up")
    return case.settle()


class Mock:
    """mock-broker with its control input."""

    def __init__(self, case):
        command = [BUILD / "bin/mock-broker", "--control"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        case.cleanups.append(self.close)
        case.brokers = self.process.stdout.readline().strip()

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer == "ok", f"{line}: {answer}"

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def refused(case, api, error):
    """Requests of a kind get an error, a few at once and single ones, at random times."""
    mock = Mock(case)
    mock.tell(f"topic {case.topic} 4")
    case.produce()
    case.supervise()
    until("the first commit", lambda: case.caught_up(1), 30)
    for count in (1, 3, 1, 2):
        mock.tell(f"errors {api}{f' {error}' * count}")
        time.sleep(case.random.uniform(0.5, 3))
    mock.tell(f"clear {api}")
    return case.settle()


GROUP_ERRORS = "UNKNOWN_MEMBER_ID ILLEGAL_GENERATION REBALANCE_IN_PROGRESS".split()
REFUSALS = [
    *(("OffsetCommit", e) for e in [*GROUP_ERRORS, "COORDINATOR_NOT_AVAILABLE", "_TRANSPORT"]),
    *(("Heartbeat", e) for e in GROUP_ERRORS),
    ("JoinGroup", "NOT_COORDINATOR"),
    ("SyncGroup", "REBALANCE_IN_PROGRESS"),
    ("OffsetFetch", "_TRANSPORT"),
    ("ListOffsets", "LEADER_NOT_AVAILABLE"),
    ("Fetch", "_TRANSPORT"),
]


def connections(limit, seconds):
    """The faults of connections, which also stall for SECONDS, longer than LIMIT."""
    yield "connections cut for a moment", connection, ("cut", 0, 0.5)
    yield "connections cut for longer than the session", connection, ("cut", 0, 6)
    yield "connections delayed", connection, ("up", 0.4, 5)
    yield f"connections stalled for longer than {limit}", connection, ("stall", 0, seconds)
    yield "answers of the broker lost", connection, ("deaf", 0, 2)


def cases():
    for how in ("kill", "stop"):
        yield f"broker: {how}, then started again", broker_ends, (how,)
    yield from connections("the session", 8)
    for api, error in REFUSALS:
        yield f"{api} answered with {error}", refused, (api, error)
