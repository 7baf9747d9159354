"""Cases of the fault matrix: a longer row of filters, and a command in each, between consume and lake-put."""

import signal

from kills import at_random, churn, zombie

ROW = [
    ("each", ["--shell", "sleep 0.0$((RANDOM % 3)); cat"]),
    ("filter", ["--input", "tsv", "$2 >= 0"]),
    ("clean", ["--input", "tsv", "-e", "require $3"]),
    ("split", ["-d", "\\n"]),
]


def long_row(case, then, *arguments):
    """What THEN does, with more filters."""
    case.format = r"%p\t%o\t%s\n"
    case.filters = ROW
    return then(case, *arguments)


def cases():
    for program in ("consume", "each", "filter", "clean", "split", "lake-put", None):
        yield f"kill -9 {program or 'the pipeline'} in a long row, random times", long_row, (at_random, program, signal.SIGKILL)
    # not to all: the command in each would end by it, which is a failure of its batch
    yield "SIGTERM to consume in a long row, random times", long_row, (at_random, "consume", signal.SIGTERM)
    for program in ("each", "filter", "clean"):
        yield f"SIGSTOP {program} in a long row, then SIGCONT", long_row, (zombie, program)
    yield "2 pipelines join and leave in a long row", long_row, (churn, 2)
