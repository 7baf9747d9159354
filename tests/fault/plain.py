"""Cases of the fault matrix: `consume -g` without --batch, used like kcat: at least once, and nothing is lost silently."""

import pathlib
import signal
import subprocess
import time

from actors import BUILD, Failure, call, until
from members import Member
from topics import create_again


class Reader:
    """weir consume to a file."""

    def __init__(self, case, name, *options, group=True):
        self.out = pathlib.Path(case.directory) / f"{name}.out"
        command = [BUILD / "bin/consume", "-b", case.brokers, *(["-g", case.group] if group else []), "-f", case.format]
        for setting in ("session.timeout.ms=3000", "heartbeat.interval.ms=300", "topic.metadata.refresh.interval.ms=500"):
            command += ["-X", setting]
        with open(self.out, "wb") as out, open(self.out.with_suffix(".err"), "wb") as err:
            self.process = subprocess.Popen([*command, *options, case.topic], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        case.cleanups.append(self.kill)

    def lines(self):
        return self.out.read_text().splitlines()

    def said(self):
        return self.out.with_suffix(".err").read_text()

    def ended(self):
        return self.process.poll() is not None

    def end(self, number=signal.SIGTERM, statuses=(0,)):
        self.process.send_signal(number)
        if self.process.wait(30) not in statuses:
            raise Failure(f"ends with {self.process.returncode}: {self.said()}")

    def kill(self):
        self.process.kill()
        self.process.wait()


def at_least_once(case, seen):
    """The comparison: records that were not seen are lost; seeing one twice is allowed."""

    def compare(truth):
        lost = set(truth) - set(seen())
        return len(truth), len(lost), 0

    case.compare = compare


def put(case, name, count):
    call("kcat", "-P", "-b", case.brokers, "-t", case.topic, input="".join(f"{name}-{i}\n" for i in range(count)).encode())


def recreated(case, gap, count, group):
    """Deleted and made again while it is read: all of the new one is printed, or it ends with 65 or 78 and says so."""
    case.create(1)
    put(case, "old", 20)
    reader = Reader(case, "reader", group=group)
    until("the old records", lambda: len(reader.lines()) == 20, 60)
    time.sleep(2)
    old = reader.lines()
    case.kadmin("delete", case.topic)
    time.sleep(gap)
    until("the topic to be gone", lambda: create_again(case), 30)
    put(case, "new", count)
    new = case.truth()
    end = time.monotonic() + 45
    while not reader.ended() and not set(new) <= set(reader.lines()):
        if time.monotonic() > end:
            raise Failure(f"{len(set(new) - set(reader.lines()))} of {count} new records were skipped: {reader.said()!r}")
        time.sleep(0.1)
    if reader.ended() and reader.process.returncode not in (65, 78):
        raise Failure(f"ends with {reader.process.returncode}: {reader.said()}")
    if reader.ended() and case.topic not in reader.said():
        raise Failure(f"no message: {reader.said()!r}")
    at_least_once(case, lambda: reader.lines() + (new if reader.ended() else []))
    return old + new


def recreated_away(case, count):
    """The same between two runs: the broker has forgotten the group's offsets with the topic."""
    case.create(1)
    put(case, "old", 20)
    reader = Reader(case, "first")
    until("the old records", lambda: len(reader.lines()) == 20, 60)
    reader.end()
    case.kadmin("delete", case.topic)
    until("the topic to be gone", lambda: create_again(case), 30)
    put(case, "new", count)
    again = Reader(case, "again", "--to", "end")
    status = again.process.wait(60)
    if status not in (0, 65, 78):
        raise Failure(f"ends with {status}: {again.said()}")
    truth = case.truth()
    at_least_once(case, lambda: again.lines() if status == 0 else truth)
    return truth


def foreign(case, number):
    """A foreign member joins and leaves: between the two of them every record is seen."""
    case.create(6)
    case.produce()
    reader, members = Reader(case, "reader"), []
    until("records", reader.lines, 60)
    for _ in range(3):
        members.append(Member(case))
        until("it to get partitions", lambda: members[-1].lines() or members[-1].process.poll() is not None, 60)
        time.sleep(case.random.uniform(0.5, 2))
        members[-1].end(number)
    case.producers[0].stop()
    truth = case.truth()

    def seen():
        return reader.lines() + [line for m in members for line in m.lines()]

    until("all records", lambda: set(truth) <= set(seen()) or reader.ended(), 60)
    at_least_once(case, seen)
    reader.end()
    return truth


def fenced(case, idle):
    """Another member with its instance id: it ends with 78 and a message, even when it has nothing to do."""
    case.create(2)
    put(case, "x", 50)
    options = ["--instance-id", "same"]
    older = Reader(case, "older", *options)
    until("the records", lambda: len(older.lines()) == 50, 60)
    time.sleep(3 if idle else 0)  # what there was is committed
    newer = Reader(case, "newer", *options)
    if not idle:
        case.produce()
    until("the older one to end", older.ended, 60)
    if older.process.returncode != 78 or not older.said():
        raise Failure(f"ends with {older.process.returncode}: {older.said()!r}")
    for producer in case.producers:
        producer.stop()
    put(case, "y", 50)
    truth = case.truth()
    until("the rest", lambda: set(truth) <= set(older.lines() + newer.lines()) or newer.ended(), 60)
    at_least_once(case, lambda: older.lines() + newer.lines())
    newer.end()
    return truth


def grown(case, start):
    """Partitions that come during the run are read from their beginning, whatever --from says."""
    case.create(1)
    put(case, "old", 20)
    reader = Reader(case, "reader", "--from", start)
    if start == "start":
        until("the old records", lambda: len(reader.lines()) == 20, 60)
    else:
        time.sleep(6)
    case.kadmin("grow", case.topic, 3)
    case.produce()
    time.sleep(3)
    case.producers[0].stop()
    truth = [line for line in case.truth() if start == "start" or ":old-" not in line]
    until("all records", lambda: set(truth) <= set(reader.lines()) or reader.ended(), 60)
    at_least_once(case, reader.lines)
    reader.end()
    return truth


def hung_up(case):
    """SIGHUP again and again: records that were printed are committed, or are printed again."""
    case.create(2)
    case.produce()
    readers = []
    for i in range(4):
        readers.append(Reader(case, f"reader-{i}"))
        until("records", lambda: readers[-1].lines() or readers[-1].ended(), 60)
        time.sleep(case.random.uniform(0, 1))
        readers[-1].end(signal.SIGHUP, (0, 75))
    case.producers[0].stop()
    last = Reader(case, "last", "--to", "end")
    last.process.wait(60)
    at_least_once(case, lambda: [line for r in [*readers, last] for line in r.lines()])
    return case.truth()


def cases():
    for group in (True, False):
        who = "with -g" if group else "without -g"
        for gap in (0, 0.5, 1.5, 3):
            yield f"plain: topic recreated after {gap} s, more records, {who}", recreated, (gap, 60, group)
        yield f"plain: topic recreated after 1.5 s, fewer records, {who}", recreated, (1.5, 5, group)
    for more in (True, False):
        yield f"plain: topic recreated, {'more' if more else 'fewer'} records, away", recreated_away, (60 if more else 5,)
    for how, number in (("leaves", signal.SIGTERM), ("is killed", signal.SIGKILL)):
        yield f"plain: a foreign member joins and {how}", foreign, (number,)
    yield "plain: fencing: two with one instance id", fenced, (False,)
    yield "plain: fencing: two with one instance id, idle", fenced, (True,)
    for start in ("start", "end"):
        yield f"plain: partitions added during a run, --from {start}", grown, (start,)
    yield "plain: SIGHUP", hung_up, ()
