"""Cases of the fault matrix: events of topics: transactions, compaction, retention, deletion and recreation."""

import json
import signal
import threading
import time

from actors import BUILD, Failure, call, until


class Transactions:
    """Writes transactions into each partition, about half of them aborted, the last one always."""

    def __init__(self, case, partitions):
        self.case, self.partitions, self.count, self.error = case, partitions, 0, None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        case.producers.append(self)

    def write(self, partition, kinds):
        actions = []
        for kind in kinds:
            actions.append("begin")
            for _ in range(self.case.random.randrange(20)):
                self.count += 1
                actions.append(f"={self.case.topic}-{kind}-{self.count:06d}")
            actions.append(kind)
        name = f"transactional.id={self.case.topic}-{partition}"
        call(BUILD / "servers/kput", "-X", name, self.case.brokers, self.case.topic, partition, *actions)

    def run(self):
        try:
            while not self.ending.is_set():
                kinds = self.case.random.choices(["commit", "abort"], k=6)
                self.write(self.case.random.randrange(self.partitions), kinds)
            for partition in range(self.partitions):
                self.write(partition, ["commit", "abort", "abort"])
        except Failure as failure:
            self.error = failure

    def stop(self):
        self.ending.set()
        self.thread.join()
        if self.error:
            raise self.error


def kill_at_random(case, s, times):
    for _ in range(times):
        time.sleep(case.random.uniform(0.5, 2))
        s.signal(signal.SIGKILL, case.random.choice(["consume", "split", "lake-put"]))


def transactional(case):
    """Aborted records are not in the lake, and at the end the group has no lag, though markers are last."""
    case.create(3)
    Transactions(case, 3)
    kill_at_random(case, case.supervise(), 4)
    truth = case.settle()
    if any("-abort-" in line for line in case.rows()):
        raise Failure("aborted records are in the lake")
    call(BUILD / "bin/lag", "-b", case.brokers, "-g", case.group, "--max-lag", "0", case.topic)
    return truth


def compacted(case):
    """Only records that compaction has removed may be missing; no record occurs twice."""
    case.create(2, "cleanup.policy=compact", "segment.ms=300", "min.cleanable.dirty.ratio=0.01", "max.compaction.lag.ms=300")
    producer = case.produce(key=lambda n: str(n % 40))
    s = case.supervise()
    for _ in range(3):
        time.sleep(case.random.uniform(0.5, 1.5))
        s.stop()  # so that compaction gets ahead
        time.sleep(2)
        s = case.supervise(s.name + "x")
        kill_at_random(case, s, 1)
    producer.stop()
    until("the newest records", lambda: set(case.truth()) <= set(case.rows()))  # compaction goes on meanwhile
    truth = case.settle()
    rows = case.rows()
    if not len(truth) < len(set(rows)) < producer.count:
        raise Failure(f"{producer.count} written, {len(set(rows))} in the lake, {len(truth)} left: nothing was compacted")
    return truth + sorted(set(rows) - set(truth))


def recreated(case, while_running, more, gap=3):
    """The topic is deleted and created again: an error, and no record of the new one is mistaken for one of the old topic."""
    case.create(1)
    producer = case.produce()
    s = case.supervise()
    time.sleep(2)
    producer.stop()
    truth = case.truth()
    until("all records", lambda: case.caught_up(len(truth)))
    if not while_running:
        s.stop()
        case.retire(s)
    case.kadmin("delete", case.topic)
    time.sleep(while_running * gap)
    until("the topic to be gone", lambda: create_again(case), 30)
    call("kcat", "-P", "-b", case.brokers, "-t", case.topic,
         input="".join(f"new-{i}\n" for i in range(2 * len(truth) if more else 10)).encode())  # fmt: skip
    if not while_running:
        s = case.supervise("again")
    runs = s.runs
    until("errors", lambda: s.runs > runs + 2 or not s.thread.is_alive(), 60)
    s.kill()
    text = "".join(p.read_text() for p in case.directory.glob("*.consume.err"))
    if not any(words in text for words in ("recreated", "out of range", "Unknown topic", "was deleted", "deleted")):
        raise Failure(f"no message: {text}")
    case.leftovers = True
    # one that is back at once is noticed when the source looks for records that it has read, every 3 s
    return truth if gap else truth + sorted(set(case.rows()) - set(truth))


def create_again(case):
    try:
        case.create(1)
    except Failure:
        return False
    return True


def overtaken(case, how):
    """Retention removes records that were not read: an error that names the range; --on-lost skip goes on, and the log records the range."""
    case.create(1)
    producer = case.produce()
    s = case.supervise()
    until("the first commit", lambda: case.caught_up(1), 30)
    if how == "stopped":
        s.signal(signal.SIGSTOP)
    else:
        s.stop()
        case.retire(s)
    time.sleep(2)
    producer.stop()
    truth = case.truth()
    first = int(truth[-1].split(":")[1]) - 100
    case.kadmin("delete-records", case.topic, 0, first)
    begin = s.runs
    if how == "stopped":
        s.signal(signal.SIGCONT)
    else:
        s, begin = case.supervise("again"), 0
    until("errors", lambda: s.runs > begin + 2 or not s.thread.is_alive(), 60)
    s.kill()
    case.retire(s, (65, 75, -9))
    text = "".join(p.read_text() for p in case.directory.glob("*.consume.err"))
    if "are lost" not in text:
        raise Failure(f"no message: {text}")
    held = max(int(line.split(":")[1]) for line in case.rows())
    case.supervise("skip", consume=["--on-lost", "skip"])
    until("the log to say what is lost", lambda: '"lost"' in json.dumps(case.entries()), 30)
    case.produce()
    time.sleep(1)
    after = case.settle()
    return [line for line in truth if int(line.split(":")[1]) <= held] + after


def cases():
    yield "transactions, half of them aborted; kill -9", transactional, ()
    yield "compaction while it is away; kill -9", compacted, ()
    for running in (True, False):
        for more in (True, False):
            name = f"topic recreated, {'more' if more else 'fewer'} records, {'running' if running else 'away'}"
            yield name, recreated, (running, more)
    for gap in (0, 0.7):
        yield f"topic recreated after {gap} s, more records, running", recreated, (True, True, gap)
    yield "retention overtakes while it is away", overtaken, ("away",)
    yield "retention overtakes while it is stopped", overtaken, ("stopped",)
