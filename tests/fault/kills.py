"""Cases of the fault matrix: processes that are killed, stopped, ended, joined by others."""

import signal
import time

from actors import Failure, until

LAKE_PUT = """lock-created locked stage-announced stage-created stage-appended stage-written stage-sealed staged before-commit
before-link after-link committed before-publish after-publish published claim-ended before-unlock before-at after-at
before-ack acked""".split()
CONSUME = """before-S after-S before-Q after-Q answered before-R after-R before-B after-B after-ack before-commit after-commit
before-F after-F""".split()
NEVER_MIDWAY = "source-before-S source-after-S source-before-F source-after-F claim-ended before-unlock".split()
OFTEN = """before-commit before-link after-link committed before-publish after-publish published staged stage-sealed
source-before-B source-after-B""".split()
BESIDE = "staged after-link committed before-publish after-publish published".split()
FILTER = "before-mark after-mark".split()


def points():
    for point in LAKE_PUT:
        yield "lake-put", point
    for point in CONSUME:
        yield "consume", "source-" + point
    for point in FILTER:
        yield "split", point


def thrice(program, point):
    """The kills of a supervisor: at this point the first time, the third time, and when it is asked to end."""
    return [{program: point}, {program: f"{point}:3"}, {program: f"{point}:8"}]


def watch_kills(s, point, committed):
    """Wait until supervisor S has been through these kills; COMMITTED() tells how many records it has written."""
    killed = 0
    for run in (1, 2, 3):
        number, before = run, committed()

        def over():
            return s.runs > number or not s.thread.is_alive()

        # on a busy machine it takes a while to start
        until("a kill or a commit", lambda before=before, over=over: over() or committed() > before, 60)
        try:
            until("the kill", over, 4)
        except Failure:  # a point at the end, or one that is not passed so often
            s.signal(signal.SIGTERM, s.pipeline.source)
            until("the end", over, 30)
        if not s.thread.is_alive():  # ended well, without passing the point
            break
        killed += 1
    if not killed:
        raise Failure(f"{point} is never passed")


def at_point(case, program, point):
    """Killed at this point the first time, the third time, and when it is asked to end; it is restarted each time."""
    case.create()
    case.produce()
    s = case.supervise(kills=thrice(program, point), static=case.random.random() < 0.5)
    watch_kills(s, point, case.committed)
    if not s.thread.is_alive():
        case.supervise("b")
    return case.settle()


def at_random(case, program, number, times=5, consume=()):
    """A signal to one program, or to all of the pipeline, at random times."""
    case.create()
    case.produce()
    s = case.supervise(static=case.random.random() < 0.5, consume=consume)
    for _ in range(times):
        time.sleep(case.random.uniform(0.2, 3))
        ends = number in (signal.SIGTERM, signal.SIGHUP)
        s.ending = ends  # also when the pipeline ends with 75
        s.signal(number, program)
        if ends:
            s.thread.join(30)
            if s.thread.is_alive() or s.status not in (0, 75):
                raise Failure(f"after {signal.Signals(number).name}: {s.status}; {s.state()}")
            case.retire(s, (s.status,))
            s = case.supervise(s.name + "x", consume=consume)
    return case.settle()


def zombie(case, program):
    """Stopped beyond the session's timeout and max.poll.interval, while another pipeline goes on; then it wakes up."""
    case.create()
    case.produce()
    options = ["-X", "session.timeout.ms=1500", "-X", "max.poll.interval.ms=2000", "--drain-timeout", "1s"]
    a, b = (case.supervise(name, consume=options) for name in "ab")
    for s in (a, b, a):
        time.sleep(case.random.uniform(2, 3))
        stopped = s.pipeline
        stopped.signal(signal.SIGSTOP, program)
        time.sleep(case.random.uniform(3.5, 5))
        stopped.signal(signal.SIGCONT, program)
    return case.settle()


def zombie_at_point(case, program, point):
    """It is stopped at this point, and so is its whole pipeline; another pipeline takes over and commits; then it goes on."""
    case.create()
    case.produce()
    options = ["-X", "session.timeout.ms=1500"]
    a = case.supervise("a", consume=options, kills=[{program: "stop " + point}])
    until("the stop", lambda: a.pipeline.stopped(program), 30)
    a.signal(signal.SIGSTOP)
    case.supervise("b", consume=options)
    before = case.committed()
    until("commits of the other pipeline", lambda: case.caught_up(before + 300), 30)
    a.signal(signal.SIGCONT)
    return case.settle()


def churn(case, pipelines, consume=()):
    """Pipelines join and leave every few seconds, by SIGTERM and by kill -9, all on one table."""
    case.create(6)
    case.produce()
    members = [case.supervise(f"m{i}", consume=consume) for i in range(pipelines)]
    for i in range(6):
        time.sleep(case.random.uniform(0.5, 3))
        k = case.random.randrange(len(members))
        if case.random.random() < 0.5:
            members[k].signal(signal.SIGKILL)
        else:
            members[k].stop()
            members[k] = case.supervise(f"n{i}", consume=consume)
    return case.settle()


def churn_by_time(case, pipelines):
    """The same, with a queue for each partition."""
    return churn(case, pipelines, ["--by-time"])


def random_by_time(case, program, number):
    """Signals at random times, with a queue for each partition."""
    return at_random(case, program, number, consume=["--by-time"])


def beside_another(case, point):
    """lake-put dies at this point and is not restarted for a while: the other pipeline, which is running, must handle its remains."""
    case.create()
    case.produce()
    case.supervise("b")
    time.sleep(1)
    a = case.supervise("a", kills=[{"lake-put": point + ":2"}] * 2, pause=2)
    until("two kills", lambda: a.runs == 3, 40)
    return case.settle()


def far_apart(case):
    """Commits are rare, so that much is in hand at rebalances."""
    case.create(6)
    case.produce()
    options = {"put": ["--commit-every", "5s"]}
    members = [case.supervise(f"m{i}", **options) for i in range(2)]
    for i in range(6):
        time.sleep(case.random.uniform(0.5, 2))
        s = case.supervise(f"n{i}", **options)
        time.sleep(case.random.uniform(0.5, 2))
        if case.random.random() < 0.5:
            s.stop()
        else:
            s.kill()
            case.retire(s, (-signal.SIGKILL, 75))
        members[i % 2].signal(signal.SIGKILL, case.random.choice(list(members[i % 2].pipeline.processes)))
    return case.settle()


def same_partitions(case):
    """Two pipelines with the same fixed partitions, by mistake: what one has committed, the other does not commit."""
    case.create(2)
    case.produce()
    for name in "ab":
        case.supervise(name, consume=["-p", "0,1"])
    time.sleep(8)
    case.supervisors[1].kill()
    case.retire(case.supervisors[1], (-signal.SIGKILL, 75))
    return case.settle()


def late_ack(case):
    """A rebalance while consume, which was told to end, waits for the last acknowledgement: it ends well all the same."""
    case.create()
    case.produce()
    a = case.supervise("a", kills=[{"lake-put": "stop before-ack:3"}])
    until("the stop", lambda: a.pipeline.stopped("lake-put"), 30)
    a.signal(signal.SIGTERM, "consume")
    time.sleep(1)
    case.supervise("b")
    time.sleep(2)
    a.signal(signal.SIGCONT, "lake-put")
    a.thread.join(30)
    case.retire(a, (0,))
    return case.settle()


def cases():
    for program, point in points():
        yield f"kill -9 {program} at {point}", at_point, (program, point)
    for program in ("consume", "split", "lake-put", None):
        who = program or "the pipeline"
        yield f"kill -9 {who}, random times", at_random, (program, signal.SIGKILL)
    for program in ("consume", None):
        yield f"SIGTERM to {program or 'the pipeline'}, random times", at_random, (program, signal.SIGTERM)
    yield "SIGHUP to the pipeline, as from a terminal that is closed", at_random, (None, signal.SIGHUP)
    for program in ("consume", "split", "lake-put", None):
        yield f"SIGSTOP {program or 'the pipeline'}, then SIGCONT", zombie, (program,)
    for program, point in points():
        if point not in NEVER_MIDWAY:
            yield f"zombie: {program} stopped at {point}", zombie_at_point, (program, point + ":2" * (point in OFTEN))
    for n in (2, 3):
        yield f"{n} pipelines join and leave", churn, (n,)
    yield "2 pipelines join and leave, --by-time", churn_by_time, (2,)
    yield "kill -9 consume --by-time, random times", random_by_time, ("consume", signal.SIGKILL)
    yield "SIGTERM to consume --by-time, random times", random_by_time, ("consume", signal.SIGTERM)
    for point in BESIDE:
        yield f"kill -9 lake-put beside another at {point}", beside_another, (point,)
    yield "pipelines join and leave, commits far apart", far_apart, ()
    yield "two pipelines with the same fixed partitions", same_partitions, ()
    yield "a rebalance while the last acknowledgement is awaited", late_ack, ()
