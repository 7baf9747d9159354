"""Cases of the fault matrix: a filter that keeps state over restarts, killed wherever its state may be incompletely written.

consume | clean -e 'dedupe ...' --state | lake-put: each key is in many records, all of one partition, and the lake holds
the first of each, row for row what a run without faults gives.  So does dedupe as a statement of map, beside a step.
"""

import signal
import time

from actors import until
from kills import CONSUME, LAKE_PUT, at_point

STATE = "state-before-head state-before-sync state-before-rename state-after-rename state-after-sync before-mark after-mark"


def first_of_each(lines):
    """kcat lists partition by partition in the order of offsets, and a key is in one partition."""
    seen, found = set(), []
    for line in lines:
        key = line.split("\t")[2]
        if key not in seen:
            seen.add(key)
            found.append(line)
    return found


def key_of(case):
    """A mixture of new keys and repeated older keys."""

    def key(number):
        new = case.random.random() < 0.3
        return f"k{number if new else case.random.randrange(max(number - 1, 1))}"

    return key


STATEMENTS = "step count $1 as $5; dedupe $3 within 10h; step shift $3 as $6; del $5, $6"


def dedupe(case, program="clean"):
    case.format = r"%p\t%o\t%k\t%s\n"
    rule = ["-e", "dedupe $3 within 10h"] if program == "clean" else ["-e", STATEMENTS, "--rejects", "drop"]
    case.filters = [(program, ["--input", "tsv", *rule, "--state", str(case.directory / "state")])]
    case.wanted = first_of_each
    produce, supervise = case.produce, case.supervise
    case.produce = lambda **more: produce(**{"key": key_of(case), **more})
    # State does not move between members of a group, so this is none.
    case.supervise = lambda name="a", **more: supervise(name, **{**more, "consume": ["-p", "0,1,2,3"], "static": False})


def killed_at(case, program, point, by="clean"):
    dedupe(case, by)
    return at_point(case, program, point)


def killed_at_random(case, program, by="clean"):
    dedupe(case, by)
    case.create()
    case.produce()
    s = case.supervise()
    for _ in range(8):
        time.sleep(case.random.uniform(0.2, 2))
        s.signal(signal.SIGKILL, program)
    return case.settle()


def lost(case):
    """The directory is removed between two runs: the program reports that instead of beginning again."""
    dedupe(case)
    case.create()
    case.produce()
    s = case.supervise()
    until("commits", lambda: case.caught_up(100))
    with s.lock:
        (case.directory / "state").rename(case.directory / "away")
        s.pipeline.signal(signal.SIGKILL)

    def refused():
        return any("--reset-state begins" in p.read_text() for p in case.directory.glob("*.clean.err"))

    until("the refusal", refused, 30)
    until("the end", lambda: not s.thread.is_alive(), 30)
    case.retire(s, (78,))  # a user must act
    (case.directory / "state").rmdir()
    (case.directory / "away").rename(case.directory / "state")
    case.supervise("b")
    return case.settle()


def cases():
    for point in STATE.split():
        yield f"kill -9 clean --state at {point}", killed_at, ("clean", point)
    for point in "state-before-sync state-before-rename before-mark after-mark".split():
        yield f"kill -9 map --state at {point}", killed_at, ("map", point, "map")
    yield "kill -9 map with state, random times", killed_at_random, ("map", "map")
    for point in CONSUME:
        yield f"kill -9 consume beside state at {point}", killed_at, ("consume", "source-" + point)
    for point in LAKE_PUT:
        yield f"kill -9 lake-put after state at {point}", killed_at, ("lake-put", point)
    for program in ("consume", "clean", "lake-put", None):
        yield f"kill -9 {program or 'the pipeline'} with state, random times", killed_at_random, (program,)
    yield "a state directory that is lost", lost, ()
