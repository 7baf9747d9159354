"""Cases of the fault matrix: windows that are open over batches and restarts.

consume | aggregate --window --state | lake-put: the rows in the lake are those that plain Python finds in the topic, none
lost, doubled, or of another count.  Points are in one partition, whose order says what is late, so that windows close all
along, by the times of records; random times are in four, and windows wait for the slowest of them, at the end of batches.
--lateness covers what the producers write in any order.
"""

import datetime
import json
import signal
import time
import types

from actors import DEADLINE, Failure, Pipeline, Supervisor, call, program, until
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
    """When all other records have arrived, a much later one closes all open windows; then the program is killed once more."""
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


def produce_points(case, points, timestamp=1000):
    """Points (key, ms) whose records have a timestamp of long before: while there are more of them windows stay open."""
    lines = [json.dumps({"key": f"{BEGIN + ms}\t{key}\t1", "value": f"{case.topic}-{key}", "partition": 0, "timestamp": timestamp})
             for key, ms in points]  # fmt: skip
    options = ["-b", case.brokers, "--format", "json", "--keep", "partition,timestamp"]
    call(program("produce"), *options, case.topic, input="\n".join([*lines, ""]).encode())


def late_commit(case):
    """Two runs cut at the same offset; the commit of the first run arrives last, when the second run has died.

    The first has read all that there is, so at offset 10 it closes the window and has the row in its batch.  For the second
    there is more, so at offset 10 the window is open.  The state after the row belongs to what the table has then.
    """
    query = ["--input", "tsv", "--format", "tsv", "--no-header", "--window", f"tumbling {SIZE}ms", "--time", "$3"]
    query += ["--lateness", "0s", "--state", str(case.directory / "state"), "-g", "$4", "count", "sum($5)"]
    case.format = r"%p\t%o\t%k\t%s\n"
    case.filters = [("aggregate", query)]
    case.wanted = lambda lines: rows_of(lines, 0)
    case.create(1)
    consume = ["-b", case.brokers, "-g", case.group, "-f", case.format, "-p", "0", "--batch", "1h,5", "--to", "end"]

    def begin(name, **kills):
        like = types.SimpleNamespace(case=case, name=name, put=[], consume=consume)
        like.stages = lambda extra: Supervisor.stages(like, extra)
        return Pipeline(like, 1, kills)

    produce_points(case, [("a", ms) for ms in range(0, 5000, 1000)])
    status = begin("before").end()
    produce_points(case, [("a", ms) for ms in (5000, 6000, 7000, 8000, SIZE + 1000)])
    first = begin("first", **{"lake-put": "stop before-commit"})
    until("the stop", lambda: first.stopped("lake-put"), 30)
    for name in ("consume", "aggregate"):
        first.signal(signal.SIGKILL, name)
        first.processes[name].wait(DEADLINE)
    produce_points(case, [("a", SIZE + ms) for ms in (2000, 3000, 4000, 5000, 6000)])
    begin("second", **{"lake-put": "before-commit"}).end()
    if status or case.committed():
        raise Failure(f"before the late commit: status {status}, {case.committed()} rows")
    first.signal(signal.SIGCONT)
    if first.end() not in (75, -signal.SIGKILL) or case.committed() != 1:
        raise Failure(f"the late commit is not there: {first.messages()}")
    produce_points(case, [("end", 100 * HOUR)], BEGIN + 100 * HOUR)
    case.supervise("third", consume=["-p", "0"])
    return case.settle()


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
    yield "windows: two runs cut at one offset, and the first one's commit comes last", late_commit, ()
    yield "windows: SIGTERM to consume at any time", windows, (4, at_random, "consume", signal.SIGTERM)
