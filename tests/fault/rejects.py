"""Cases of the fault matrix: bad records are put aside, by a filter and by lake-put, wherever these are killed.

consume | clean --rejects | lake-put --rejects: the lake holds each good record once, and each bad one is in a file at least
once, with its place in the topic.
"""

import json
import signal

from actors import Failure
from kills import at_point, at_random

CLEAN = ["--input", "tsv", "-e", "match $2 [^7]$"]  # offsets that end with 7 break it
PUT = ["--partition-by", "d=%Y", "--time", "%Y %M@1"]  # and if the two digits are not a minute, there is no time
POINTS = {
    "clean": "before-mark after-mark aside".split(),
    "lake-put": "staged before-commit after-link committed before-ack aside".split(),
}


def offset_of(line):
    return line.split("\t")[1]


def is_bad(line):
    offset = offset_of(line)
    return offset.endswith("7") or int(offset[:2]) >= 60


def aside(case):
    """The lines that were put aside, and those of them that name a wrong place."""
    lines, wrong = set(), []
    for path in case.directory.glob("aside-*"):
        for text in path.read_text().splitlines():
            try:
                rejected = json.loads(text)
            except ValueError:  # cut off by a kill: the batch came again
                continue
            line = rejected["data"]
            lines.add(line)
            _, offset, partition, _ = line.split("\t", 3)
            places = (case.topic, None), (int(partition), None), (int(offset), None)
            if any(rejected[k] not in p for k, p in zip(("topic", "partition", "offset"), places)):
                wrong.append(text)
    return lines, wrong


def set_aside(case, then, *arguments):
    """What THEN does, with records of which many are bad."""
    bad = []
    case.format = r"2026\t%o\t%p\t%s\n"
    case.filters = [("clean", [*CLEAN, "--rejects", str(case.directory / "aside-clean")])]
    case.put = [*PUT, "--rejects", str(case.directory / "aside-lake-put")]

    def wanted(lines):
        bad[:] = [line for line in lines if is_bad(line)]
        return [line for line in lines if not is_bad(line)]

    case.wanted = wanted
    truth = then(case, *arguments)
    seen, wrong = aside(case)
    lost, alien = set(bad) - seen, seen - set(bad)
    if lost or alien or wrong or not bad:
        raise Failure(f"aside: {len(bad)} bad records, {len(lost)} lost {min(lost, default='')}, {len(alien)} others "
                      f"{min(alien, default='')}, {len(wrong)} in a wrong place {min(wrong, default='')}")  # fmt: skip
    return truth


def cases():
    for program, points in POINTS.items():
        for point in points:
            yield f"rejects: kill -9 {program} at {point}", set_aside, (at_point, program, point)
    for program in ("clean", "lake-put", None):
        who = program or "the pipeline"
        yield f"rejects: kill -9 {who}, random times", set_aside, (at_random, program, signal.SIGKILL)
