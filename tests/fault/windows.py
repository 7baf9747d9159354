"""Cases of the fault matrix: windows that are open over batches and restarts.

consume | aggregate --window --state | lake-put: the rows in the lake are those that plain Python finds in the topic, none
lost, doubled, or of another count.  Points are in one partition, whose order says what is late, so that windows close all
along, by the times of records; random times are in four, and windows wait for the slowest of them, at the end of batches.
--lateness covers what the producers write in any order.
"""

import datetime
import signal
import time

from actors import Failure, call, program, until
from kills import at_point, at_random
from state import STATE

SIZE, LATENESS = 10_000, 3_000  # ms
HOUR = 3_600_000
BEGIN = 1_000_000_000_000
CONSUME = "answered after-R before-B after-B before-commit after-commit after-F".split()
LAKE_PUT = "locked staged before-link after-link before-publish published before-ack".split()


def rows_of(lines, lateness):
    """The rows of all windows that are closed by the last of the lines."""
    found, watermark = {}, 0
    for line in sorted(lines, key=lambda line: "\tend\t" in line):  # kcat lists partition by partition
        at, key, x = line.split("\t")[2:5]
        start = int(at) // SIZE * SIZE
        if start + SIZE > watermark:
            row = found.setdefault((start, key), [0, 0])
            row[0] += 1
            row[1] += int(x)
            watermark = max(watermark, int(at) - lateness)
    return [f"{stamp(start)}\t{stamp(start + SIZE)}\t{key}\t{count}\t{total}"
            for (start, key), (count, total) in found.items() if start + SIZE <= watermark]  # fmt: skip


def stamp(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_key_x(case):
    """Times of about a window for 50 records, some of them late."""

    def key(number):
        at = BEGIN + number * SIZE // 50 - int(case.random.random() ** 4 * 2 * LATENESS)
        return f"{at}\t{case.random.choice('abcde')}\t{case.random.randrange(-50, 100)}"

    return key


def all_read(case):
    try:
        call(program("lag"), "-b", case.brokers, "-g", case.group, "--max-lag", "0", case.topic)
    except Failure:
        return False
    return True


def last_record(case, killed):
    """A record of much later, when all others are in, closes what is open; it is killed then once more."""
    for producer in case.producers:
        producer.stop()
    until("all to be read", lambda: all_read(case))
    call("kcat", "-P", "-b", case.brokers, "-t", case.topic, "-p", "0", "-K", ":",
         input=f"{BEGIN + 100 * HOUR}\tend\t0:{case.topic}-last\n".encode())  # fmt: skip
    if killed:
        time.sleep(case.random.uniform(0, 0.5))
        for s in case.supervisors:
            s.signal(signal.SIGKILL, killed[0])


def windows(case, partitions, then, *arguments):
    """What THEN does, with windows by key."""
    lateness = LATENESS if partitions == 1 else 10 * HOUR
    query = ["--input", "tsv", "--format", "tsv", "--no-header", "--window", f"tumbling {SIZE}ms", "--time", "$3"]
    query += ["--lateness", f"{lateness}ms", "--state", str(case.directory / "state"), "-g", "$4", "count", "sum($5)"]
    query += ["--watermark", "event"] if partitions == 1 else []
    case.format = r"%p\t%o\t%k\t%s\n"
    case.filters = [("aggregate", query)]
    case.wanted = lambda lines: rows_of(lines, lateness)
    create, produce, supervise, settle = case.create, case.produce, case.supervise, case.settle
    parts = ",".join(str(p) for p in range(partitions))

    def end():
        last_record(case, arguments if then is at_random else ())
        return settle()

    case.create = lambda: create(partitions)
    case.produce = lambda **more: produce(**{"key": time_key_x(case), **more})
    # State does not move between members of a group, so this is none.
    case.supervise = lambda name="a", **more: supervise(name, **{**more, "consume": ["-p", parts], "static": False})
    case.settle = end
    return then(case, *arguments)


def itself(case, point):
    """aggregate; a function of its own, so that a sample always has some."""
    return windows(case, 1, at_point, "aggregate", point)


def cases():
    for point in STATE.split():
        yield f"windows: kill -9 aggregate at {point}", itself, (point,)
    for point in CONSUME:
        yield f"windows: kill -9 consume at {point}", windows, (1, at_point, "consume", "source-" + point)
    for point in LAKE_PUT:
        yield f"windows: kill -9 lake-put at {point}", windows, (1, at_point, "lake-put", point)
    for name in ("consume", "aggregate", "lake-put", None):
        yield f"windows: kill -9 {name or 'the pipeline'} at any time", windows, (4, at_random, name, signal.SIGKILL)
    yield "windows: SIGTERM to consume at any time", windows, (4, at_random, "consume", signal.SIGTERM)
