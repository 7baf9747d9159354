"""Cases of the fault matrix: other members of the group: foreign ones, and two with the same instance id."""

import signal
import subprocess
import time

from actors import ROOT, Failure, call, until


def python():
    """The Python that has the packages in tests/lib/requirements.txt."""
    script = f'. "{ROOT}/tests/lib/python.bash"; python_locate; echo "$python_home/bin/python3"'
    return call("bash", "-c", script).decode().strip()


class Member:
    """A foreign client (tests/lib/member.py) in the case's group; it commits what it reads, and stores it nowhere."""

    def __init__(self, case):
        self.out = case.directory / f"member-{time.monotonic_ns()}.out"
        command = [python(), ROOT / "tests/lib/member.py", case.brokers, case.group, case.topic]
        with open(self.out, "wb") as out, open(self.out.with_suffix(".err"), "wb") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        case.cleanups.append(self.kill)

    def lines(self):
        return self.out.read_text().splitlines()

    def said(self):
        return f"{len(self.lines())} lines; {self.out.with_suffix('.err').read_text()[-2000:]}"

    def await_lines(self, what, count, seconds=60):
        """Wait until it has printed more than COUNT lines."""
        try:
            until(what, lambda: len(self.lines()) > count or self.process.poll() is not None, seconds)
        except Failure as failure:
            raise Failure(f"{failure}: {self.said()}") from None

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is not None:
            raise Failure(f"the foreign member ended by itself: {self.said()}")
        self.process.send_signal(number)
        self.process.wait(30)

    def kill(self):
        self.process.kill()
        self.process.wait()


def foreign_first(case):
    """It has read and committed half of the topic before the lake is started: the lake holds that half too."""
    case.create()
    producer = case.produce()
    for tries in (3, 2, 1):  # kafka-python now and then asks for metadata for ever, and never joins
        member = Member(case)
        try:
            member.await_lines("it to read", 200, 20)
            break
        except Failure:
            member.kill()
            if tries == 1:
                raise
    producer.stop()
    member.end()
    case.produce()
    case.supervise()
    return case.settle()


def foreign_beside(case, number, pipelines):
    """It joins and leaves beside the pipelines; the records that it read and committed meanwhile still get into the lake."""
    case.create(6)
    case.produce()
    for i in range(pipelines):
        case.supervise(f"m{i}")
    until("the first commit", lambda: case.caught_up(1), 60)
    for _ in range(3):
        member = Member(case)
        member.await_lines("it to get partitions", 0)
        time.sleep(case.random.uniform(0.5, 2))
        member.end(number)
        time.sleep(case.random.uniform(0, 1))
    return case.settle()


def fenced(s, case):
    """It ends, soon, with a status that no restart follows, and says why."""
    try:
        until(f"pipeline {s.name} to end", lambda: not s.thread.is_alive(), 60)
    except Failure as failure:
        raise Failure(f"{failure}: {s.state()}") from None
    case.retire(s, (78,))
    said = "".join(p.read_text() for p in case.directory.glob(f"{s.name}-*.consume.err"))
    if "fenced" not in said and "instance" not in said:
        raise Failure(f"no message: {said}")


def one_instance(case, fixed):
    """A second pipeline with the instance id of the first: the older one ends with 78, the newer goes on."""
    case.create()
    case.produce()
    options = ["--instance-id", "same"]
    a = case.supervise("a", consume=options)
    until("the first commit", lambda: case.caught_up(1), 30)
    if fixed == "idle":  # nothing to read, nothing to commit: it must still notice
        for producer in case.producers:
            producer.stop()
        time.sleep(2)
    b = case.supervise("b", consume=options)
    fenced(a, case)
    before = case.committed()
    case.produce()
    until("commits of the newer one", lambda: case.caught_up(before + 100) or not b.thread.is_alive(), 60)
    return case.settle()


def stopped_instance(case):
    """The older one is stopped while a newer one takes its instance id; awake again, one of them ends with 78.

    It is the older one, unless librdkafka notices before the broker's answer that its session has run out: then it joins
    again under that id, and the newer one is fenced.
    """
    case.create()
    case.produce()
    options = ["--instance-id", "same", "-X", "session.timeout.ms=1500"]
    a = case.supervise("a", consume=options)
    until("the first commit", lambda: case.caught_up(1), 30)
    a.signal(signal.SIGSTOP)
    b = case.supervise("b", consume=options)
    before = case.committed()
    until("commits of the newer one", lambda: case.caught_up(before + 300), 60)
    a.signal(signal.SIGCONT)
    until("one of them to end", lambda: not (a.thread.is_alive() and b.thread.is_alive()), 60)
    fenced(b if a.thread.is_alive() else a, case)
    return case.settle()


def cases():
    yield "a foreign member before the first run", foreign_first, ()
    for pipelines in (1, 2):
        for how, number in (("leaves", signal.SIGTERM), ("is killed", signal.SIGKILL)):
            yield f"a foreign member joins and {how}, {pipelines} pipelines", foreign_beside, (number, pipelines)
    yield "fencing: two pipelines with one instance id", one_instance, ("busy",)
    yield "fencing: two pipelines with one instance id, idle", one_instance, ("idle",)
    yield "fencing: stopped while another takes its instance id", stopped_instance, ()
