"""Cases of the fault matrix: the lake is in S3, on two servers, in Azure, or in HDFS; requests and answers that go wrong."""

import signal
import time

from actors import BUILD, Failure, until
from buckets import STORES, Proxy, Refused, enter, own_server, shared
from kills import (CONSUME, FILTER, NEVER_MIDWAY, OFTEN, at_point, at_random, beside_another, churn, same_partitions,
                   zombie, zombie_at_point)  # fmt: skip
from watcher import UNREACHABLE

S3 = "minio versitygw".split()
HDFS = "hdfs httpfs".split()
LAKE_PUT = "synced staged before-commit before-put entry-written after-put committed copied published before-at after-at before-ack acked".split()
AGAIN = set(OFTEN) | {"synced", "before-put", "after-put", "copied", "entry-written"}


def in_bucket(case, kind, function, *arguments):
    """A case of another module, with its lake on such a server."""
    enter(case, kind, shared(kind))
    return function(case, *arguments)


def several_files(case):
    """Each commit has several files: one for each minute, taking the offset for seconds."""
    case.format, case.filters = r"%o %p:%o:%s\n", []  # split would make records of the words
    case.put = ["--partition-by", "m=%M", "--time", "s@1"]


def in_files(case, kind, function, *arguments):
    several_files(case)
    return in_bucket(case, kind, function, *arguments)


def in_parts(case, kind, point):
    """Files are large enough for uploads in parts, or while they grow; killed at the first one, and at later ones."""
    enter(case, kind, shared(kind))
    case.put = ["--memory", "4M"]
    case.create()
    case.produce(rate=80, padding=case.random.randbytes(50000).hex())
    kills = [{"lake-put": f"{point}:{n}"} for n in ((1, 1, 2) if point == "growing" else (1, 2, 3))]
    s = case.supervise(put=["--commit-every", "20s", "--commit-bytes", "40M"], kills=kills)
    until("three kills", lambda: s.runs == 4, 120)
    return case.settle()


def server_dies(case, kind, verb, *part):
    """The server, or that part of it, is killed (or stopped) and started again, three times."""
    if kind in HDFS:  # whose own clients wait for a minute for a data node that is gone
        case.deadline = 240
    server = own_server(case, kind)
    enter(case, kind, server)
    case.create()
    case.produce()
    case.supervise("a")
    case.supervise("b")
    until("the first commit", lambda: case.caught_up(1), 60)
    for _ in range(3):
        time.sleep(case.random.uniform(0.5, 3))
        server.script(verb, *part)
        time.sleep(case.random.uniform(0, 3))
        server.script("restart", *part)
        until("answers", lambda: answers(case))
    return case.settle()


def answers(case):
    """Whether the whole server works: at first a name node is in safe mode, and a data node unknown."""
    try:
        case.committed()
    except (*UNREACHABLE, Refused):
        return False
    return True


def messages(case, name):
    """The messages of lake-put in all runs of the pipeline NAME."""
    return "".join(path.read_text() for path in sorted(case.directory.glob(f"{name}-*.lake-put.err")))


def say(case, name, words):
    if words not in messages(case, name):
        raise Failure(f"lake-put did not say '{words}': {messages(case, name)}")


def stopped_at(case, point):
    s = case.supervise(kills=[{"lake-put": f"stop {point}:2"}])
    until("the stop", lambda: s.pipeline.stopped("lake-put"), 60)
    return s


def stage_removed(case, kind, how):
    """What is staged is removed before the commit: nothing is committed, the next run reads the records again."""
    enter(case, kind, shared(kind))
    case.create()
    case.produce()
    s = stopped_at(case, "before-commit")
    if how == "--clean":
        time.sleep(2)  # servers count whole seconds, and the stage is not old in its first
        case.call(BUILD / "bin/lake-check", "--clean", "--older-than", "0s", case.lake)
    else:
        for name in case.files.stages():
            case.files.remove(name)
    s.signal(signal.SIGCONT, "lake-put")
    until("a new run", lambda: s.runs > 1, 60)
    say(case, s.name, "is gone or was changed, before it could be committed")
    return case.settle()


def stage_lost(case, kind):
    """The same after the commit: an error that no new run can repair, until lake-check has undone the commit."""
    enter(case, kind, shared(kind)).statuses.add(65)
    case.create()
    case.produce()
    s = stopped_at(case, "committed")
    for name in case.files.stages():
        case.files.remove(name)
    s.signal(signal.SIGCONT, "lake-put")
    until("the end of the pipeline", lambda: not s.thread.is_alive(), 75)
    if s.status != 65:
        raise Failure(f"ends with {s.status}, not 65: {s.state()}")
    say(case, s.name, "--undo-head")
    case.retire(s, (65,))
    again = case.supervise("again")
    until("it to end again", lambda: not again.thread.is_alive(), 75)
    case.retire(again, (65,))
    case.call(BUILD / "bin/lake-check", "--undo-head", case.lake)
    case.supervise("b")
    return case.settle()


def too_old(case, kind):
    """Files that were begun too long ago are not committed."""
    enter(case, kind, shared(kind))
    case.environment["WEIR_STAGE_MS"] = "10000"  # a busy HDFS takes some seconds for the first commit
    case.create()
    case.produce()
    s = stopped_at(case, "before-commit")
    time.sleep(11)
    s.signal(signal.SIGCONT, "lake-put")
    until("a new run", lambda: s.runs > 1, 60)
    say(case, s.name, "may count as abandoned: nothing is committed")
    return case.settle()


def too_old_at_put(case, kind):
    """The same between the check of the age and the put; --clean has removed the stages of the entry."""
    enter(case, kind, shared(kind))
    case.environment["WEIR_STAGE_MS"] = "15000"
    case.create()
    case.produce()
    s = stopped_at(case, "before-put")
    time.sleep(17)
    case.call(BUILD / "bin/lake-check", "--clean", "--older-than", "2s", case.lake)
    if case.files.stages():
        raise Failure(f"left by --clean: {case.files.stages()}")
    s.signal(signal.SIGCONT, "lake-put")
    until("a new run", lambda: s.runs > 1, 60)
    say(case, s.name, "was begun too long ago, and may count as abandoned")
    return case.settle()


def through(case, kind, rules, killing=False):
    """Requests and answers go wrong by RULES; each commit has several files."""
    several_files(case)
    enter(case, kind, shared(kind))
    return through_proxy(case, kind, rules, killing)


def through_proxy(case, kind, rules, killing):
    """Two pipelines, whose requests and answers go wrong by RULES; perhaps they are killed as well."""
    proxy = Proxy(case, shared(kind))
    case.create()
    case.produce()
    members = [case.supervise(name) for name in "ab"]
    until("the first commit", lambda: case.caught_up(1), 60)
    proxy.set(*rules)
    for _ in range(5):
        time.sleep(case.random.uniform(1, 2))
        if killing:
            case.random.choice(members).signal(signal.SIGKILL, case.random.choice(["lake-put", "consume", None]))
    until("faults", lambda: proxy.followed() >= 3, 30)
    proxy.set()
    return case.settle()


def ignores_conditions(case, kind):
    """A server that overwrites despite the condition is refused before the first commit."""
    enter(case, kind, shared(kind))
    proxy = Proxy(case, shared(kind))
    proxy.set({"do": "ignore_conditions"})
    case.create()
    case.produce()
    s = case.supervise()
    until("the end of the pipeline", lambda: not s.thread.is_alive(), 75)
    if s.status != 78 or case.versions():
        raise Failure(f"ends with {s.status}, not 78, with {len(case.versions())} versions: {s.state()}")
    say(case, s.name, "overwrites an object although the request says not to")
    case.retire(s)
    proxy.set()
    case.supervise("b")
    return case.settle()


def often(do, **more):
    return {"do": do, "probability": 0.15, **more}


def faults(kind, directory="_weir_log"):
    """The rules of faulthttp, by what goes wrong; the log of the table is in DIRECTORY."""
    renames = kind in HDFS
    log = {"method": "PUT", "path": f"op=RENAME.*{directory}%2F0" if renames else f"/{directory}/0"}
    copies = {"method": "PUT|DELETE", "path": "op=RENAME.*part-" if renames else "/part-|/_weir_stage/"}
    ends = (0, "half", "all_but_one")
    every_other = list(range(1, 99, 2))
    yield "requests cut", [often("cut_request", at=at, method="PUT") for at in ends]
    if not renames:  # a RENAME has no body
        yield "requests cut in the log", [often("cut_request", at=at, **log) for at in ends]
    yield "requests reset", [often("reset")]
    yield "answers lost", [often("lose_answer"), often("cut_answer", at="half"), often("cut_answer", at="all_but_one", how="close")]
    yield "answers lost in the log", [{"do": "lose_answer", "nth": every_other, **log}]
    yield "answers lost to copies", [{"do": "lose_answer", "nth": every_other, **copies}]
    yield "429, 500, 503", [often("too_many"), often("internal"), often("slow_down")]
    if kind in S3:
        yield "200 with an error", [often("error_in_200", method="PUT", path="/part-")]
        yield "401 once", [{"do": "unauthorized", "nth": list(range(1, 999, 7))}]
        yield "403 once", [{"do": "expired", "nth": list(range(1, 999, 7))}]
    yield "puts that arrive late", [{"do": "late", "after": 2, "probability": 0.4, **log}, often("late", after=1.5, method="PUT|DELETE")]
    yield "puts that arrive very late", [{"do": "late", "after": 6, "probability": 0.4, **log}]
    yield "requests delivered twice", [{"do": "deliver_twice", "probability": 0.4}]
    yield "answers that come twice", [often("answer_twice")]
    yield "a clock that is off", [{"do": "date_off", "seconds": -100000}]
    yield "slow answers", [often("slow", delay=1.5)]
    yield "all of it", [often(do, method="PUT|DELETE|GET|HEAD") for do in ("lose_answer", "internal", "reset", "late")]


def deaths(kind):
    """How servers of this kind end: of what, and the verb and part for their script."""
    if kind in S3:
        yield "the server is killed", "kill"
    elif kind in HDFS:
        yield "all servers are killed", "kill"
        yield "the name node is killed", "kill", "namenode"
        yield "the data node is killed", "kill", "datanode"
    if kind == "httpfs":
        yield "HttpFS is killed", "kill", "httpfs"
    if kind == "azurite":  # writes that it has acknowledged in its last seconds do not survive kill -9
        yield "the server is stopped", "stop"


def cases():
    for kind in STORES:
        for function, arguments, words in inner(kind):
            yield f"{kind}: {words}", in_bucket, (kind, function, *arguments)
        yield f"{kind}: several files, kill -9 lake-put, random times", in_files, (kind, at_random, "lake-put", signal.SIGKILL)
        for point in ("committed", "published" if kind in HDFS else "copied"):
            yield f"{kind}: several files, kill -9 lake-put at {point}", in_files, (kind, at_point, "lake-put", point)
        for point in ("part-sent", "synced") if kind not in HDFS else ():
            yield f"{kind}: parts, kill -9 lake-put at {point}", in_parts, (kind, point)
        if kind in HDFS:
            yield f"{kind}: large files, kill -9 lake-put at growing", in_parts, (kind, "growing")
        for words, *how in deaths(kind):
            yield f"{kind}: {words}", server_dies, (kind, *how)
        for how in ("a hand", "--clean"):
            yield f"{kind}: a stage removed by {how} before the commit", stage_removed, (kind, how)
        yield f"{kind}: a stage removed after the commit", stage_lost, (kind,)
        yield f"{kind}: a stage that is too old", too_old, (kind,)
        yield f"{kind}: a stage that is too old at the put", too_old_at_put, (kind,)
        for name, rules in faults(kind):
            yield f"{kind}: {name}", through, (kind, rules)
            if "late" in name or "lost" in name or "all" in name:
                yield f"{kind}: {name}, and kill -9", through, (kind, rules, True)
        if kind in S3:  # only there can faulthttp sign again
            yield f"{kind}: a server that ignores conditions", ignores_conditions, (kind,)


def inner(kind):
    """Cases of kills.py, which are for any lake."""
    absent = {"copied"} if kind in HDFS else {"entry-written"}
    points = [("lake-put", p) for p in LAKE_PUT if p not in absent]
    if kind in S3:  # the causes of death of the others do not depend on the kind of store
        points += [("consume", "source-" + p) for p in CONSUME] + [("split", p) for p in FILTER]
    for program, point in points:
        yield at_point, (program, point), f"kill -9 {program} at {point}"
    for program, point in points:
        if program == "lake-put" and point not in NEVER_MIDWAY:
            yield zombie_at_point, (program, point + ":2" * (point in AGAIN)), f"zombie: {program} stopped at {point}"
    for program in ("lake-put", None):
        who = program or "the pipeline"
        yield at_random, (program, signal.SIGKILL), f"kill -9 {who}, random times"
        yield zombie, (program,), f"SIGSTOP {who}, then SIGCONT"
    for n in (2, 3):
        yield churn, (n,), f"{n} pipelines join and leave"
    for point in ("staged", "after-put", "committed", *({"copied"} - absent), "published"):
        yield beside_another, (point,), f"kill -9 lake-put beside another at {point}"
    yield same_partitions, (), "two pipelines with the same fixed partitions"
