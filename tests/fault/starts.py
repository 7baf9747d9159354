"""Cases of the fault matrix: the first run of a group, with a start that is not the beginning, is killed early."""

from actors import call, until
from growth import begun

POINTS = """consume:after-Q consume:answered consume:before-R consume:after-R consume:before-B:2 consume:after-B:2
consume:after-ack:2 consume:before-B:3 consume:after-B:4 lake-put:before-at lake-put:after-at lake-put:before-commit
lake-put:before-link lake-put:after-link lake-put:committed lake-put:before-ack lake-put:acked lake-put:before-commit:2
lake-put:after-link:2 lake-put:committed:2 lake-put:staged""".split()


def first_starts(case):
    """Where the group began with each partition, by the log."""
    starts = {}
    for entry in case.entries():
        for partition, (start, _, _) in entry[0]["commitInfo"].get("read", {}).get(case.topic, {}).items():
            starts.setdefault(int(partition), start)
    return starts


def split_line(line):
    partition, offset, _ = line.split(":", 2)
    return int(partition), int(offset)


def killed_early(case, start, program, point):
    """
    While records keep coming the run is killed at POINT, and started again with the same --from: from where the log
    begins nothing is missing, and no record that any run has read.
    """
    seen = case.directory / "seen"
    seen.touch()
    case.create(3)
    old = "".join(f"old-{i}\n" for i in range(300)).encode()
    for partition in range(3):
        call("kcat", "-P", "-b", case.brokers, "-t", case.topic, "-p", partition, input=old)
    case.filters = [("split", []), ("each", ["tee", "-a", str(seen)])]
    case.produce()
    where = f"source-{point}" if program == "consume" else point
    s = case.supervise(consume=["--from", start], kills=[{program: where}, {program: where}])
    until("two kills", lambda: s.runs == 3, 60)
    until("the starts", lambda: begun(case) and len(first_starts(case)) == 3, 30)
    starts = first_starts(case)
    read = set(seen.read_text().splitlines())

    def wanted(lines):
        return [line for line in lines if line in read or split_line(line)[1] >= starts[split_line(line)[0]]]

    case.wanted = wanted
    return case.settle()


def cases():
    for point in POINTS:
        program, where = point.split(":", 1)
        yield f"the first run, --from end, is killed: {program} at {where}", killed_early, ("end", program, where)
    yield "the first run, --from -5, is killed: lake-put at staged", killed_early, ("-5", "lake-put", "staged")
