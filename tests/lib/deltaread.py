#!/usr/bin/env python3
"""Read a Delta table by independent readers, which have to agree; print its rows as JSON, sorted.

usage: deltaread.py TABLE [APPID...]
       deltaread.py --duckdb TABLE

The readers are delta-rs (deltalake), DuckDB with its extension and Polars; with --duckdb DuckDB alone, for what the
others do not read.  With APPIDs, print the version of each transaction, as delta-rs has it, before the rows.

To load the three takes 0.8 s of CPU, to read a small table 0.03 s.  So within bats one process reads for all: it ends
with the directory of the run, and whoever cannot reach it reads by itself.
"""

# pylint: disable=import-outside-toplevel
import contextlib
import datetime
import fcntl
import glob
import json
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
import traceback


def canonical(value):
    """VALUE in a form for JSON: times as texts, in UTC if they have a zone, and maps as lists of pairs."""
    if isinstance(value, dict):
        if set(value) == {"key", "value"}:
            return [canonical(value["key"]), canonical(value["value"])]
        return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [canonical(v) for v in value]
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and value != value:
        return "NaN"
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def lines(table):
    """The rows of TABLE, of Arrow, as sorted lines."""
    return sorted(json.dumps(canonical(row), sort_keys=True) for row in table.to_pylist())


def by_duckdb(path):
    import duckdb
    import duckdb_extension_delta

    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    root = os.path.dirname(duckdb_extension_delta.__file__)
    (extension,) = glob.glob(os.path.join(root, "**", "delta.duckdb_extension"), recursive=True)
    connection.execute(f"LOAD '{extension}'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection.execute("SELECT * FROM delta_scan(?)", [path]).to_arrow_table()


def read(arguments):
    """What ARGUMENTS ask for, as lines."""
    if arguments[0] == "--duckdb":
        return lines(by_duckdb(arguments[1]))
    import deltalake
    import polars

    path = arguments[0]
    table = deltalake.DeltaTable(path)
    versions = [f"{app} {table.transaction_version(app)}" for app in arguments[1:]]
    rows = lines(table.to_pyarrow_table())
    for name, other in (("DuckDB", by_duckdb(path)), ("Polars", polars.read_delta(path).to_arrow())):
        if lines(other) != rows:
            raise ValueError(f"{name} reads {lines(other)[:3]}…, delta-rs {rows[:3]}…")
    return versions + rows


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            answer = {"lines": read(json.loads(self.rfile.readline()))}
        except BaseException:  # pylint: disable=broad-exception-caught # a panic of delta-rs is no Exception
            answer = {"error": traceback.format_exc()}
        self.wfile.write(json.dumps(answer).encode())


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


def serve(path):
    """Read for all that ask, until the directory of PATH is gone."""
    server = Server(path, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while os.path.exists(path):
        time.sleep(0.2)
    os._exit(0)  # the threads of the engines may not end


def connect(path):
    """A connection to the one that reads for all, which is started if it does not run."""
    with open(path + ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begin = time.monotonic()
        child = None
        while time.monotonic() < begin + 60:
            peer = socket.socket(socket.AF_UNIX)
            try:
                peer.connect(path)
                return peer
            except OSError:
                peer.close()
            if not child:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
                with open(path + ".err", "a", encoding="utf-8") as err:
                    child = subprocess.Popen(
                        [sys.executable, os.path.realpath(__file__), "--serve", path],
                        stdin=subprocess.DEVNULL,
                        stdout=err,
                        stderr=err,
                        start_new_session=True,
                    )
            time.sleep(0.05)
    raise TimeoutError(path)


def ask(path, arguments):
    """The answer of the process that reads for all."""
    with connect(path) as peer:
        peer.sendall(json.dumps(arguments).encode() + b"\n")
        return json.load(peer.makefile("rb"))


def main():
    if sys.argv[1] == "--serve":
        serve(sys.argv[2])
    arguments = sys.argv[1:]
    table = arguments.index("--duckdb") + 1 if "--duckdb" in arguments else 0
    arguments[table] = os.path.abspath(arguments[table])
    run = os.environ.get("BATS_RUN_TMPDIR")
    answer = {}
    if run:
        with contextlib.suppress(OSError, ValueError):
            answer = ask(os.path.join(run, "deltaread"), arguments)
    if "error" in answer:
        sys.exit(answer["error"])
    print("\n".join(answer["lines"] if "lines" in answer else read(arguments)), flush=True)
    os._exit(0)  # the engines have threads, and have been seen to call terminate() while the interpreter ends


main()
