"""Cases of the fault matrix: partitions that are added to a topic, during a run and between runs."""

import signal
import time

from actors import call, until

REFRESH = ["-X", "topic.metadata.refresh.interval.ms=500"]


def old_records(case, start):
    """With --from end: records before the first run are not wanted, but all later ones are."""
    if start != "end":
        return
    call("kcat", "-P", "-b", case.brokers, "-t", case.topic, input="".join(f"old-{i}\n" for i in range(300)).encode())
    case.wanted = lambda lines: [line for line in lines if ":old-" not in line]


def grow(case, count):
    case.kadmin("grow", case.topic, count)


def begun(case):
    """Where the partitions began is in the table."""
    return (case.lake / "_weir_log").is_dir() and any((case.lake / "_weir_log").glob("[0-9]*.json"))


def during(case, start, killed):
    case.create(2)
    old_records(case, start)
    s = case.supervise(consume=["--from", start, *REFRESH])
    until("a beginning", lambda: begun(case), 30) if start == "end" else None
    case.produce()
    until("the first commit", lambda: case.caught_up(1), 30)
    for count in (3, 6):
        grow(case, count)
        case.produce()  # a client that knows the new ones from its start: they fill before weir has seen them
        if killed:
            time.sleep(case.random.uniform(0.1, 1))
            s.signal(signal.SIGKILL, case.random.choice(["consume", "lake-put"]))
        time.sleep(case.random.uniform(0.5, 2))
    return case.settle()


def between(case, start):
    case.create(2)
    old_records(case, start)
    s = case.supervise(consume=["--from", start, *REFRESH])
    until("a beginning", lambda: begun(case), 30) if start == "end" else None
    case.produce()
    until("the first commit", lambda: case.caught_up(1), 30)
    s.stop()
    case.retire(s)
    grow(case, 5)
    case.produce()
    time.sleep(1)
    case.supervise("again", consume=["--from", start, *REFRESH])
    return case.settle()


def cases():
    for start in ("start", "end"):
        yield f"partitions added during a run, --from {start}", during, (start, False)
        yield f"partitions added during a run, --from {start}; kill -9", during, (start, True)
        yield f"partitions added between runs, --from {start}", between, (start,)
