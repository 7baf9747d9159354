"""Cases of the fault matrix: a command that does not know marks, before a sink.

Whatever it does to the stream, nothing is committed, to the lake or to the group, and no pipeline ends as if all were
well.  Then the right pipeline runs, and the lake has every record once.
"""

import json
import signal
import subprocess
import time

from actors import BUILD, DEADLINE, Failure, call

# Commands that damage marks (a sink that reads them ends with 65), and commands that hold marks back or drop them.
DAMAGE = {
    "sed 1i": ["sed", "-u", "1i header"],
    "sed s": ["sed", "-u", "s/^/> /"],
    "tr -d ETB": ["stdbuf", "-o0", "tr", "-d", r"\027"],
    "jq -R": ["jq", "--unbuffered", "-R", "."],
    "cat -v": ["cat", "-v"],
    "nl": ["stdbuf", "-oL", "nl"],
    "awk {print NR}": ["awk", "{ print NR, $0; fflush() }"],
    "cut": ["stdbuf", "-oL", "cut", "-c", "2-"],
    "echo before": ["sh", "-c", "echo header; exec cat"],
}
# Damage that shows later, when batches without it may have been committed already.
LATE = {
    "grep -v": ["grep", "--line-buffered", "-a", "-v", "0000001"],
    "sed 300d": ["sed", "-u", "300d"],
    "sed 250p": ["sed", "-u", "250p"],
}
HOLDS = {
    "grep": ["grep", "--line-buffered", "-a", "^[0-9]"],
    "grep nothing": ["grep", "--line-buffered", "nothing of the kind"],
    "sort": ["sort"],
    "head": ["head", "-n", "3"],
    "wc -l": ["wc", "-l"],
    "gzip": ["gzip", "-c"],
}
SINKS = ("lake-put", "ack", "produce", "each")


def sink(case, name):
    """The command of a sink of that name."""
    words = {"lake-put": ["--compress", "none", case.lake], "ack": [], "each": ["cat"],
             "produce": ["-b", case.brokers, case.topic + "-out"]}  # fmt: skip
    return [str(word) for word in (BUILD / "bin" / name, *words[name])]


def pipeline(case, words, name):
    """consume | WORDS | the sink: (statuses, what the sink has written, messages)."""
    consume = [BUILD / "bin/consume", "-b", case.brokers, "-g", case.group, "--batch", "200ms", "--sink-timeout", "5s",
               "--stall-warning", "2s", "--drain-timeout", "2s", "-f", case.format, case.topic]  # fmt: skip
    commands = [consume, words, sink(case, name)]
    processes, read = [], subprocess.DEVNULL
    with open(case.directory / "err", "w+b") as err, open(case.directory / "out", "w+b") as out:
        for i, command in enumerate(commands):
            last = i == len(commands) - 1
            p = subprocess.Popen(command, stdin=read, stdout=out if last else subprocess.PIPE, stderr=err)
            case.cleanups.append(p.kill)
            if read != subprocess.DEVNULL:
                read.close()
            read = p.stdout
            processes.append(p)
        try:
            processes[0].wait(30)
        except subprocess.TimeoutExpired:
            processes[0].send_signal(signal.SIGTERM)
        statuses = [p.wait(DEADLINE) for p in processes]
        err.seek(0)
        out.seek(0)
        return statuses, out.read(), err.read().decode(errors="replace")


def committed(case):
    """Whether the group has an offset; the group need not exist."""
    lag = subprocess.run([BUILD / "bin/lag", "-b", case.brokers, "-g", case.group, "--format", "json", case.topic],
                         capture_output=True, timeout=DEADLINE, check=False)  # fmt: skip
    return any(json.loads(line)["committed"] is not None for line in lag.stdout.splitlines())


def in_front(case, words, name, kind):
    case.create(2)
    producer = case.produce()
    time.sleep(0.5)
    if name == "produce":
        call(BUILD / "servers/kadmin", case.brokers, "create", case.topic + "-out", 1)
    statuses, out, said = pipeline(case, words, name)
    if statuses[0] not in (65, 75, 78) or not said:
        raise Failure(f"consume ends with {statuses[0]}: {said}")
    if kind is not HOLDS and statuses[2] != 65:
        raise Failure(f"{name} ends with {statuses[2]}, not 65: {said}")
    if case.lake.exists() and kind is not LATE or b'"k":"' in out:
        raise Failure(f"something came through: {[p.name for p in case.lake.rglob('*')]} {out[:200]} {statuses}")
    if name == "produce" and kind is not LATE and call("kcat", "-C", "-e", "-q", "-b", case.brokers, "-t", case.topic + "-out"):
        raise Failure(f"something was produced; statuses {statuses}")
    if kind is not LATE and committed(case):
        raise Failure(f"the group has committed; statuses {statuses}: {said}")
    producer.stop()
    case.supervise()
    return case.settle()


def cases():
    for name in SINKS:
        for kind in (DAMAGE, LATE, HOLDS):
            for what, words in kind.items():
                yield f"'{what}' in front of {name}", in_front, (words, name, kind)
