"""Cases of the fault matrix: db-put into PostgreSQL and SQLite, whose tables other clients read."""

import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import buckets
import harness
from actors import Failure, Server, call, until
from disks import fill, free, small_disk
from kills import at_point, at_random, churn, same_partitions, zombie, zombie_at_point

KINDS = ("postgres", "sqlite")
POINTS = "before-at after-at before-begin positions-moved in-transaction before-commit after-commit before-ack acked".split()
WITHIN = ("positions-moved", "in-transaction", "before-commit")  # SQLite's lock is held: see stopped_within()
ONCE = ("before-at", "after-at")  # a question comes once in a run without a rebalance


class Postgres:
    """A table in a database of its own, read by psql."""

    def __init__(self, server):
        self.server, self.name = server, f"fault_{os.getpid()}_{os.urandom(6).hex()}"
        self.psql(server.environment["WEIR_TEST_POSTGRES"], f"CREATE DATABASE {self.name}")

    @property
    def port(self):
        return int(self.server.environment["WEIR_TEST_POSTGRES"].rpartition(":")[2].partition("/")[0])

    def url(self, port=None):
        return f"postgresql://weir@127.0.0.1:{port or self.port}/{self.name}"

    @staticmethod
    def psql(url, *statements):
        words = [word for statement in statements for word in ("-c", statement)]
        return call("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url, *words).decode().splitlines()

    def sql(self, *statements):
        return self.psql(self.url(), *statements)

    def check(self):
        pass


class Sqlite:
    """A table in a file, read by the library of Python."""

    def __init__(self, path):
        self.path = path
        self.sql("PRAGMA journal_mode = WAL")

    def url(self, _port=None):
        return f"sqlite:{self.path}"

    def connect(self):
        return sqlite3.connect(self.path, timeout=20, isolation_level=None)

    def sql(self, *statements):
        connection = self.connect()
        try:
            rows = []
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            return [str(row[0]) for row in rows]
        finally:
            connection.close()

    def check(self):
        if self.sql("PRAGMA integrity_check") != ["ok"]:
            raise Failure("the file is damaged")


def shared_server():
    """The PostgreSQL of all cases; that of the tests' run when there is one."""
    with buckets.lock:
        if "postgres" not in buckets.servers:
            there = pathlib.Path(os.environ.get("WEIR_TEST_SERVERS", "/")) / "postgres"
            running = (there / "env").exists()
            own = f"{os.environ['XDG_RUNTIME_DIR']}/postgres"
            buckets.servers["postgres"] = Server("postgres", there if running else own, running=running)
        return buckets.servers["postgres"]


class Case(harness.Case):
    """One whose table is in a database; the matrix gives cases of this module such a one."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.filters, self.database, self.port, self.key = [], None, None, ()
        self.environment["WEIR_IDLE_MS"] = "1500"  # how long a zombie may hold a lock of PostgreSQL

    def open(self, kind, where=None, server=None):
        """Make the database, the file in the directory WHERE or on a server of the case's own."""
        if kind == "postgres":
            self.database = Postgres(server or shared_server())
        else:
            self.database = Sqlite((where or self.directory) / "a.db")
        self.make_table()

    def make_table(self):
        self.database.sql(f"CREATE TABLE t (line text{' PRIMARY KEY, more int DEFAULT 7' if self.key else ''})")

    def sink(self, options):
        words = ["--table", "t", "--columns", "line", "--input", "tsv", *self.key, *options]
        return "db-put", [*words, self.database.url(self.port)]

    def rows(self):
        return self.database.sql("SELECT line FROM t")

    def committed(self):
        try:
            return int(self.database.sql("SELECT count(*) FROM t")[0])
        except (Failure, sqlite3.Error):  # the server is down, the disk is full
            return 0

    def verify(self):
        self.database.check()
        rows = int(self.database.sql("SELECT count(*) FROM t")[0])
        positions = int(self.database.sql("SELECT sum(next) FROM weir_positions WHERE group_name = '%s'" % self.group)[0])
        if rows != positions:
            raise Failure(f"{rows} rows, but the positions say {positions}")


def in_database(case, kind, function, *arguments):
    """A case whose table is there."""
    case.open(kind)
    return function(case, *arguments)


def upserted(case, function, *arguments):
    """The same where rows replace those of their key."""
    case.key = ("--key", "line")
    case.database.sql("DROP TABLE t")
    case.make_table()
    return function(case, *arguments)


def stopped_within(case, point):
    """Stopped within its transaction: others end with 75 after --timeout, again and again, until it goes on."""
    case.create()
    case.produce()
    case.put = ["--timeout", "300ms"]
    a = case.supervise("a", consume=["-X", "session.timeout.ms=1500"], kills=[{"db-put": f"stop {point}:2"}])
    until("the stop", lambda: a.pipeline.stopped("db-put"), 30)
    a.signal(signal.SIGSTOP)
    b = case.supervise("b", consume=["-X", "session.timeout.ms=1500"])
    until("failures", lambda: b.runs > 2, 60)
    a.signal(signal.SIGCONT)
    return case.settle()


def two_groups(case):
    """A second group for the same topic and table is refused, however often it tries."""
    case.create()
    case.produce()
    case.supervise("a")
    until("commits", lambda: case.committed() > 200, 60)
    group, case.group = case.group, "other-" + case.group
    other = case.supervise("b")
    case.group = group
    until("the refusal", lambda: not other.thread.is_alive(), 60)
    case.retire(other, (78,))
    return case.settle()


def dropped(case):
    """The table is dropped and made again while the pipeline runs: 78, and nothing more is put into it."""
    case.create()
    case.produce()
    s = case.supervise("a")
    until("commits", lambda: case.committed() > 200, 60)
    case.database.sql("DROP TABLE t", "CREATE TABLE t (line text)")
    until("the end of the pipeline", lambda: not s.thread.is_alive(), 60)
    case.retire(s, (78,))
    if case.committed():
        raise Failure("rows in a table that was made again")
    case.database.sql("DROP TABLE weir_positions")
    case.group = "new-" + case.group
    case.supervise("b")
    return case.settle()


def locked(case):
    """Another program holds SQLite's lock for longer than --timeout, now and then."""
    case.create()
    case.produce()
    case.put = ["--timeout", "200ms"]
    s = case.supervise("a")
    for _ in range(4):
        time.sleep(case.random.uniform(0.3, 1))
        runs, other = s.runs, case.database.connect()
        other.execute("BEGIN IMMEDIATE")
        until("a failure", lambda runs=runs: s.runs > runs, 30)
        other.execute("ROLLBACK")
        other.close()
    return case.settle()


def server_of_its_own(case, directory):
    server = Server("postgres", directory / "postgres")
    case.cleanups.append(lambda: server.script("stop"))
    return server


def server_ends(case, verb):
    """The server is killed, or stopped, and comes back."""
    server = server_of_its_own(case, case.directory)
    case.open("postgres", server=server)
    case.create()
    case.produce()
    case.supervise("a")
    for _ in range(3):
        time.sleep(case.random.uniform(0.5, 2))
        server.script(verb)
        time.sleep(case.random.uniform(0, 2))
        server.script("restart")
    return case.settle()


class Proxy:
    """Stands before the server and cuts some of the connections in which a COMMIT comes: before it, or after its work is done."""

    def __init__(self, case, how):
        self.how, self.random, self.port = how, case.random, case.database.port
        self.cuts, self.open = 0, True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.open:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                continue
            swallow = threading.Event()
            for words in ((client, server, True, swallow), (server, client, False, swallow)):
                threading.Thread(target=self.carry, args=words, daemon=True).start()

    def carry(self, source, sink, requests, swallow):
        try:
            while data := source.recv(65536):
                if requests and b"COMMIT\0" in data and self.random.random() < 0.3:
                    self.cuts += 1
                    if self.how == "before":
                        break
                    swallow.set()
                if not requests and swallow.is_set():  # the server has answered, so it is done
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.open = False
        self.listener.close()


def cut(case, how):
    """Connections are cut before a COMMIT comes, or after it was done and before the answer."""
    proxy = Proxy(case, how)
    case.cleanups.append(proxy.close)
    case.port = proxy.address
    case.create()
    case.produce()
    case.supervise("a")
    until("cuts", lambda: proxy.cuts >= 6)
    return case.settle()


def full_disk(case, kind):
    """The disk of the database is full, now and then."""
    disk = small_disk(case, "200m" if kind == "postgres" else "16m")
    server = server_of_its_own(case, disk) if kind == "postgres" else None
    case.open(kind, disk, server)
    case.create()
    case.produce(padding="x" * 200)
    s = case.supervise("a", put=["--timeout", "1s"])
    for _ in range(3):
        time.sleep(case.random.uniform(0.5, 2))
        runs = s.runs
        fill(disk, "space")
        try:
            until("a failure", lambda runs=runs: s.runs > runs, 10)
        except Failure:  # PostgreSQL has room in its files for a while
            pass
        free(disk)
        if server and subprocess.call(["pg_isready", "-q", "-h", "127.0.0.1", "-p", str(case.database.port)]):
            server.script("kill")
            server.script("restart")
    return case.settle()


def full_tablespace(case, point):
    """The table's own disk fills up while db-put is stopped within its transaction, and stays full until its next run has failed, too."""
    disk = small_disk(case)
    case.open("postgres", server=server_of_its_own(case, case.directory))
    space = disk / "space"
    space.mkdir(mode=0o700)
    if os.geteuid() == 0:  # then the server runs as nobody
        os.chown(space, 65534, 65534)
    case.database.sql(f"CREATE TABLESPACE small LOCATION '{space}'", "ALTER TABLE t SET TABLESPACE small")
    case.create()
    case.produce(padding="x" * 200)
    case.put = ["--timeout", "1s"]
    s = case.supervise("a", kills=[{"db-put": f"stop {point}:2"}])
    until("the stop", lambda: s.pipeline.stopped("db-put"), 30)
    fill(disk, "space")
    s.signal(signal.SIGCONT, "db-put")
    until("failures", lambda: s.runs > 2, 60)
    free(disk)
    return case.settle()


MOUNTING = (full_disk, full_tablespace)


def inner(kind):
    """The cases of KIND that need nothing but its table."""
    for point in POINTS:
        yield f"kill -9 db-put at {point}", at_point, ("db-put", point)
    yield "kill -9 db-put --key at in-transaction", upserted, (at_point, "db-put", "in-transaction")
    yield "kill -9 db-put --key at after-commit", upserted, (at_point, "db-put", "after-commit")
    for program in ("consume", "db-put", None):
        yield f"kill -9 {program or 'the pipeline'}, random times", at_random, (program, signal.SIGKILL)
    yield "SIGTERM to the pipeline, random times", at_random, (None, signal.SIGTERM)
    yield "SIGSTOP the pipeline, then SIGCONT", zombie, (None,)
    for point in POINTS:
        if kind == "sqlite" and point in WITHIN:
            yield f"zombie: db-put stopped at {point}, its lock held", stopped_within, (point,)
        else:
            yield f"zombie: db-put stopped at {point}", zombie_at_point, ("db-put", point + ":2" * (point not in ONCE))
    yield "2 pipelines join and leave", churn, (2,)
    yield "two pipelines with the same fixed partitions", same_partitions, ()
    yield "two groups", two_groups, ()
    yield "the table dropped and made again", dropped, ()
    if kind == "postgres":
        for how in ("before", "after"):
            yield f"connections cut {how} COMMIT", cut, (how,)
    else:
        yield "another holds the lock", locked, ()


def cases():
    for kind in KINDS:
        for words, function, arguments in inner(kind):
            yield f"{kind}: {words}", in_database, (kind, function, *arguments)
        yield f"{kind}: full disk", full_disk, (kind,)
    yield "postgres: full tablespace, from positions-moved on", full_tablespace, ("positions-moved",)
    for verb in ("kill", "stop"):
        yield f"postgres: the server is {'killed' if verb == 'kill' else 'restarted'}", server_ends, (verb,)
