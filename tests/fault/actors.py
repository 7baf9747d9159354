"""The actors in a case of the fault matrix: brokers, producers, pipelines, and the supervisors that restart these.

Every wait has a deadline; every process is ended by its own number.
"""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", "build/release"))
BUILD = BUILD if BUILD.is_absolute() else ROOT / BUILD
DEADLINE = 90  # seconds, of every wait

# The line of a record contains its place, in the lake and in kcat's output.
FORMAT = r"%p:%o:%s\n"


class Failure(Exception):
    """A failure of a case other than lost and doubled records."""


def until(what, condition, seconds=DEADLINE):
    """Wait until CONDITION() holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"waited {seconds} s in vain: {what}")
        time.sleep(0.05)


def call(*command, **options):
    """The standard output of a command that must succeed within the deadline."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, timeout=DEADLINE, check=False, **options
    )
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise Failure(f"{command[0]} ends with {done.returncode}: {said[:2000]}")
    return done.stdout


def program(name):
    """The program with kill points, if there is one."""
    path = BUILD / "kill/bin" / name
    return path if path.exists() else BUILD / "bin" / name


class Server:
    """A server of tests/servers, with the variables that its DIR/env sets; started unless it is RUNNING already."""

    def __init__(self, kind, directory, *arguments, running=False, variables=()):
        self.kind, self.directory, self.running = kind, pathlib.Path(directory), running
        self.variables = {**os.environ, **dict(variables)}
        if not running:
            self.script("start", *arguments)
        self.read_environment()

    def read_environment(self):
        words = shlex.split((self.directory / "env").read_text())
        self.environment = dict(word.split("=", 1) for word in words if "=" in word)

    def script(self, verb, *arguments):
        # Not through pipes: the server would hold them.
        log = self.directory.with_suffix(".out")
        with open(log, "ab") as out:
            status = subprocess.call(
                [ROOT / "tests/servers" / self.kind, verb, self.directory, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self.variables,
                timeout=DEADLINE,
            )
        if status:
            raise Failure(f"tests/servers/{self.kind} {verb}: {log.read_text()}")


class Broker(Server):
    """A Kafka of one node; the shared one when the environment names it."""

    def __init__(self, directory):
        super().__init__("kafka", directory)

    @property
    def address(self):
        return self.environment["WEIR_TEST_KAFKA"]

    def advertise(self, port):
        """From the next start on, clients are told to use PORT."""
        ports = (self.directory / "ports").read_text().split()
        with open(self.directory / "server.properties", "a", encoding="ascii") as properties:
            properties.write(f"advertised.listeners=PLAIN://127.0.0.1:{port},SECURE://127.0.0.1:{ports[1]}\n")


class Producer:
    """Records with values of their own, at about RATE a second, until stop()."""

    def __init__(self, case, rate=400, options=(), key=None, padding=""):
        self.case, self.rate, self.key, self.padding, self.count = case, rate, key, padding, 0
        command = ["kcat", "-P", "-E", "-q", "-b", case.brokers, "-t", case.topic, "-X", "enable.idempotence=true"]
        command += ["-X", "sticky.partitioning.linger.ms=1", *(["-K", ":"] if key else []), *options]
        with open(case.directory / "producer.err", "ab") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=err)
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def line(self):
        self.count += 1
        value = f"{self.case.topic}-{self.count:07d}{self.padding}"
        return f"{self.key(self.count)}:{value}\n" if self.key else value + "\n"

    def run(self):
        try:
            while not self.ending.wait(0.05):
                self.process.stdin.write("".join(self.line() for _ in range(self.rate // 20)).encode())
                self.process.stdin.flush()
        except OSError:
            pass

    def stop(self):
        self.ending.set()
        self.thread.join(2)
        if self.thread.is_alive():  # the broker accepts nothing
            self.process.kill()
        self.thread.join()
        try:
            self.process.stdin.close()
            self.process.wait(DEADLINE)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


class Pipeline:
    """One run of the SUPERVISOR's programs; its processes share a process group, as those of a shell do."""

    def __init__(self, supervisor, number, kill=None, extra=()):
        self.case, self.kill = supervisor.case, kill or {}
        self.name = f"{supervisor.name}-{number}"
        self.processes = {}
        self.begin = time.monotonic()
        stages, read = supervisor.stages(extra), subprocess.DEVNULL
        self.source = stages[0][0]
        for name, arguments in stages:
            read = self.start(name, arguments, read)

    def start(self, name, arguments, stdin):
        """Start a program; returns the pipe that the next one reads."""
        environment = {**os.environ, **self.case.environment}
        if name in self.kill:
            how, _, where = self.kill[name].rpartition(" ")
            environment["WEIR_STOP_AT" if how else "WEIR_KILL_AT"] = where
        last = name in ("lake-put", "db-put", "produce")
        with open(self.case.directory / f"{self.name}.{name}.err", "wb") as err:
            process = subprocess.Popen(
                [*(self.case.before_sink if last else ()), program(name), *arguments],
                stdin=stdin,
                stdout=subprocess.DEVNULL if last else subprocess.PIPE,
                stderr=err,
                env=environment,
                process_group=self.processes[self.source].pid if self.processes else 0,
            )
        if stdin != subprocess.DEVNULL:
            stdin.close()
        self.processes[name] = process
        return process.stdout

    def runs(self):
        return any([p.poll() is None for p in self.processes.values()])  # polls all

    def signal(self, number, name=None):
        """Send a signal to one of the programs, or to the process group."""
        if name:
            self.processes[name].send_signal(number)
        elif self.runs():
            with contextlib.suppress(ProcessLookupError):  # the last one has just ended
                os.killpg(self.processes[self.source].pid, number)

    def stopped(self, name):
        """Whether it has reached the point where it was to stop."""
        try:
            stat = pathlib.Path(f"/proc/{self.processes[name].pid}/stat").read_text()
        except OSError:
            return False
        return stat.rpartition(") ")[2].startswith("T")

    def end(self):
        """Wait for all; returns the status by the rule of weir-guarantees(7): permanent failures take precedence over 75."""
        statuses = [process.wait() for process in self.processes.values()]
        bad = [s for s in statuses if s not in (0, 1)]  # 1: a filter has rejected records
        lasting = [s for s in bad if s > 0 and s != 75]
        return (lasting or bad[-1:] or [0])[0]

    def messages(self):
        text = ""
        for name in self.processes:
            text += (self.case.directory / f"{self.name}.{name}.err").read_text(errors="replace")
        return text


class Supervisor:
    """Starts a pipeline again whenever it ends with 75 or is killed, as the manual tells users to."""

    RESTART = (75, -signal.SIGKILL)

    def __init__(self, case, name="a", consume=(), put=(), kills=(), static=False, pause=0.1):
        self.case, self.name, self.kills, self.pause = case, name, list(kills), pause
        self.consume = ["-b", case.brokers, "-g", case.group, "--batch", "100ms", "-f", case.format]
        for setting in ("session.timeout.ms=3000", "heartbeat.interval.ms=300", "max.poll.interval.ms=10000"):
            self.consume += ["-X", setting]
        self.consume += ["--instance-id", name] if static else []
        self.consume += consume
        self.put = list(put)
        self.pipeline, self.runs, self.ending, self.status = None, 0, False, None
        self.lock = threading.Lock()
        self.start()
        self.thread = threading.Thread(target=self.supervise)
        self.thread.start()
        case.supervisors.append(self)

    def stages(self, extra=()):
        """The programs of a run, with their arguments: consume | filters | the sink."""
        often = () if "--commit-every" in self.put else ("--commit-every", "300ms")
        sink = self.case.sink([*often, *self.case.put, *self.put])
        return [("consume", [*self.consume, *extra, *self.case.topics]), *self.case.filters, sink]

    def start(self):
        kill = self.kills[self.runs] if self.runs < len(self.kills) else None
        self.runs += 1
        self.pipeline = Pipeline(self, self.runs, kill)

    def supervise(self):
        while True:
            self.status = self.pipeline.end()
            if self.status not in self.RESTART:
                return
            time.sleep(self.pause)
            with self.lock:
                if self.ending:
                    return
                self.start()

    def signal(self, number, name=None):
        with self.lock:
            self.pipeline.signal(number, name)

    def stop(self, seconds=DEADLINE):
        """End it as a user would; its unfinished work is done completely or repeated."""
        with self.lock:
            self.ending = True
            self.pipeline.signal(signal.SIGTERM, self.pipeline.source)
        self.thread.join(seconds)
        if self.thread.is_alive():
            raise Failure(f"pipeline {self.pipeline.name} does not end: {self.state()}")

    def kill(self):
        self.ending = True
        while self.thread.is_alive():
            with self.lock:
                self.pipeline.signal(signal.SIGCONT)
                self.pipeline.signal(signal.SIGKILL)
            self.thread.join(0.1)

    def state(self):
        p = self.pipeline
        return ", ".join(f"{n} {x.returncode}" for n, x in p.processes.items()) + "; " + p.messages()[-1500:]

    def failed(self):
        """It has ended by itself, with a status that a new run cannot repair."""
        return not self.thread.is_alive() and not self.ending and self.status
