"""Cases of the fault matrix: a second table follows the first one, while the writers of either are killed."""

import collections
import copy
import json
import os
import signal
import subprocess
import threading
import time

import delta
import harness
import remote
from actors import DEADLINE, Failure, Supervisor, program, until
from kills import BESIDE, LAKE_PUT, NEVER_MIDWAY, at_point, at_random, thrice, watch_kills

LAKE_CAT = [f"source-{point}" for point in """before-S after-S before-Q after-Q answered before-R after-R before-B after-B after-ack
before-F after-F""".split()] + ["version-read"]  # fmt: skip
FILTER = "before-mark after-mark".split()
# of lake-compact
COMPACT = """stage-announced stage-written staged before-commit before-link after-link committed before-aside after-aside set-aside
before-publish after-publish published compacted before-unlock""".split()
COMPACT_DELTA = "stage-announced stage-written staged files-there before-commit before-put after-put committed compacted".split()


class Follower(Supervisor):
    """lake-cat --follow | filters | lake-put, from the case's lake into its second one."""

    def stages(self, extra=()):
        read = ["--batch", "100ms", "-g", "copy", *(() if extra else ("--follow", "--poll", "20ms"))]
        put = ["--compress", "gzip:1", "--commit-every", "200ms", *self.case.put, *self.put, str(self.case.second.lake)]
        return [("lake-cat", [*read, str(self.case.lake)]), *self.case.filters, ("lake-put", put)]


class Compactor:
    """lake-compact on both tables of a case, over and over, killed at POINT every other time, until it is told to end."""

    def __init__(self, case, point):
        self.case, self.point, self.trouble, self.killed, self.done = case, point, None, 0, 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        case.cleanups.append(self.stop)

    def run(self):
        number = 0
        while not self.ending.wait(self.case.random.uniform(0.1, 0.5)) and not self.trouble:
            for table in (self.case, self.case.second):
                if table.versions():
                    number += 1
                    self.once(table, number % 4 < 2)

    def once(self, table, kill):
        environment = {**os.environ, **self.case.environment, **({"WEIR_KILL_AT": self.point} if kill else {})}
        done = subprocess.run([program("lake-compact"), table.lake], capture_output=True, env=environment, check=False,
                              timeout=DEADLINE)  # fmt: skip
        self.killed += done.returncode == -signal.SIGKILL
        self.done += done.returncode == 0
        if done.returncode not in (0, 75, -signal.SIGKILL):
            self.trouble = f"lake-compact ends with {done.returncode}: {done.stderr.decode()}"

    def stop(self):
        self.ending.set()
        self.thread.join()

    def judge(self):
        self.stop()
        if self.trouble or not self.killed or not self.done:
            raise Failure(self.trouble or f"lake-compact was killed {self.killed} times and has ended {self.done} times")


class Followed:
    """A case with a second table."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.followers = []
        self.second = copy.copy(self)
        self.second.lake = self.directory / "second"
        self.second.files = harness.Directory(self.second)
        self.second.entry_of = {}  # of delta.Case

    @staticmethod
    def records(entry):
        """How many records an entry adds; a compaction none."""
        return sum(json.loads(a["add"]["stats"])["numRecords"] for a in entry if a.get("add", {}).get("dataChange"))

    def logged(self):
        """The files that the log has at its end."""
        live = set()
        for entry in self.kept(self.entries()):
            if not any("undoes" in a.get("commitInfo", {}) for a in entry):
                live -= {a["remove"]["path"] for a in entry if "remove" in a}
                live |= {a["add"]["path"] for a in entry if "add" in a}
        return sorted(live)

    def follow(self, name="f", **options):
        """Start a pipeline that follows the lake, once there is one."""
        until("the lake", lambda: self.versions(), 60)  # pylint: disable=unnecessary-lambda
        follower = Follower(self, name, **options)
        self.supervisors.remove(follower)
        self.followers.append(follower)
        return follower

    def settle(self):
        """The lake settles, and then its followers."""
        truth = super().settle()

        def done():
            for f in self.followers:
                if f.failed():
                    raise Failure(f"pipeline {f.pipeline.name} ends with {f.status}: {f.state()}")
            return self.second.committed() >= len(truth)

        try:
            until(f"{len(truth)} records in the second table", done, self.deadline)
        except Failure as failure:
            raise Failure(f"{failure}; " + " / ".join(f.state() for f in self.followers)) from None
        for f in self.followers:
            f.stop()
        last = Follower(self, "last-f", kills=())
        self.supervisors.remove(last)
        self.retired.append(last)
        last.stop()
        return truth

    def verify(self):
        """What is true of a table once all is well; files that a compaction has set aside may be there."""
        hidden = [name for name in self.files.left_over() if not name.endswith(".old")]
        if hidden:
            raise Failure(f"left over: {' '.join(hidden[:5])}")
        self.call(harness.BUILD / "bin/lake-check", "-b", self.brokers, self.lake)

    def compare(self, truth):
        """Records, lost, doubled, of both tables."""
        records, lost, doubled = super().compare(truth)
        seen = collections.Counter(self.second.rows())
        missing = [line for line in truth if line not in seen]
        if set(seen) - set(truth):
            raise Failure(f"the second table has records that the topic does not have, such as {min(set(seen) - set(truth))}")
        if not isinstance(self, delta.Case) and any(table.logged() != table.visible() for table in (self, self.second)):
            raise Failure("the files in the log of a table are not the files that exist")
        hidden = [name for name in self.second.files.left_over() if not name.endswith(".old")]
        if hidden:
            raise Failure(f"left over: {' '.join(hidden[:5])}")
        self.call(harness.BUILD / "bin/lake-check", self.second.lake)
        if missing:
            self.note += f" first lost in the second table {missing[0]}"
        return records, lost + len(missing), doubled + sum(seen.values()) - len(seen)

    def close(self):
        self.retired += self.followers
        super().close()


class Case(Followed, harness.Case):
    """The matrix gives cases of this module such a one."""


# --- the cases -----------------------------------------------------------------------------------------------------


def follower_at_point(case, program, point):
    """A program of the follower is killed at this point, and started again each time."""
    case.create()
    case.produce()
    case.supervise()
    f = case.follow(kills=thrice(program, point))
    watch_kills(f, point, case.second.committed)
    if not f.thread.is_alive():
        case.follow("g")
    return case.settle()


def follower_at_random(case, program, number):
    """A signal to one program of the follower, or to all, at random times."""
    case.create()
    case.produce()
    case.supervise()
    f = case.follow()
    for _ in range(5):
        time.sleep(case.random.uniform(0.2, 2))
        f.signal(number, program)
        if number == signal.SIGTERM:
            f.thread.join(DEADLINE)
            if f.thread.is_alive() or f.status not in (0, 75):
                raise Failure(f"after SIGTERM: {f.status}; {f.state()}")
            case.followers.remove(f)
            case.retired.append(f)
            f = case.follow(f.name + "x")
    return case.settle()


def followed(case, function, *arguments):
    """A case of kills.py, whose lake is followed meanwhile."""
    supervise = case.supervise

    def supervise_and_follow(*words, **options):
        s = supervise(*words, **options)
        if not case.followers:
            case.follow()
        return s

    case.supervise = supervise_and_follow
    return function(case, *arguments)


def compacted(case, point):
    """Both tables are put together meanwhile, by a program that is killed at this point; and so are the others at times."""
    case.create()
    case.produce()
    s = case.supervise()
    f = case.follow()
    compactor = Compactor(case, point)
    for _ in range(4):
        time.sleep(case.random.uniform(1, 2))
        case.random.choice([s, f]).signal(signal.SIGKILL, None)
    until("kills", lambda: compactor.trouble or (compactor.killed and compactor.done), 60)
    compactor.judge()
    return case.settle()


def zombie_follower(case, point):
    """A follower is stopped at this point; another one of the same group goes on; then the first one wakes up."""
    case.create()
    case.produce()
    case.supervise()
    f = case.follow(kills=[{"lake-put": "stop " + point}])
    until("the stop", lambda: f.pipeline.stopped("lake-put"), 30)
    case.follow("g")
    before = case.second.committed()
    until("commits of the other follower", lambda: case.second.committed() > before + 100, 30)
    f.signal(signal.SIGCONT, "lake-put")
    return case.settle()


def two_followers(case):
    """Two followers of one group, by mistake: what one has committed, the other does not commit."""
    case.create()
    case.produce()
    case.supervise()
    for name in "fg":
        case.follow(name)
    time.sleep(6)
    f = case.followers.pop()
    f.kill()
    case.retired.append(f)
    return case.settle()


def in_bucket(case, kind, function, *arguments):
    """The same, with the first table on a server of this kind."""
    return remote.in_bucket(case, kind, function, *arguments)


def inner(points, compact):
    """The cases of a kind of table, of which lake-put and lake-compact have these POINTS."""
    for point in LAKE_CAT:
        yield f"kill -9 lake-cat at {point}", follower_at_point, ("lake-cat", point)
    for point in points:
        yield f"kill -9 the second lake-put at {point}", follower_at_point, ("lake-put", point)
    for who in ("lake-cat", "lake-put", None):
        yield f"kill -9 {who or 'the follower'}, random times", follower_at_random, (who, signal.SIGKILL)
    yield "SIGTERM to lake-cat, random times", follower_at_random, ("lake-cat", signal.SIGTERM)
    for point in points:
        yield f"kill -9 the first lake-put at {point}", followed, (at_point, "lake-put", point)
    yield "kill -9 the first pipeline, random times", followed, (at_random, None, signal.SIGKILL)
    for point in BESIDE:
        if point in points and point not in NEVER_MIDWAY:
            yield f"zombie: the second lake-put stopped at {point}", zombie_follower, (point + ":2",)
    yield "two followers of one group", two_followers, ()
    for point in compact:
        yield f"compaction beside, kill -9 lake-compact at {point}", compacted, (point,)


def cases():
    for words, function, arguments in inner(LAKE_PUT, COMPACT):
        yield f"follow: {words}", function, arguments
    for point in FILTER:
        yield f"follow: kill -9 split at {point}", follower_at_point, ("split", point)
    for kind in ("minio", "versitygw"):
        for point in LAKE_CAT:
            yield f"follow in {kind}: kill -9 lake-cat at {point}", in_bucket, (kind, follower_at_point, "lake-cat", point)
        yield f"follow in {kind}: kill -9 the follower, random times", in_bucket, (kind, follower_at_random, None, signal.SIGKILL)
        for point in ("staged", "committed", "after-put", "copied"):
            yield f"follow in {kind}: kill -9 the first lake-put at {point}", in_bucket, (kind, followed, at_point, "lake-put", point)
