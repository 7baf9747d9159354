#!/usr/bin/env python3
"""sparksession.py PORT DIR: one session of Spark with Delta Lake for many programs; run by tests/servers/spark.

Each POST is a Python program, which finds the session as `spark`; the answer is what it prints, or with status 500 its
traceback.  The programs run one after the other.  DIR is for what Spark stores of its own.
"""

import contextlib
import http.server
import io
import signal
import sys
import traceback

from pyspark.sql import SparkSession


def session(directory):
    """A session that has Delta Lake, and is small."""
    settings = {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "2",
        "spark.sql.warehouse.dir": directory + "/warehouse",
        "spark.local.dir": directory + "/local",
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={directory} -Djava.io.tmpdir={directory} -XX:+UseSerialGC "
        "-XX:TieredStopAtLevel=1",
        "spark.ui.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    # The first table takes so long that a test, which has little time, should not wait for it.
    table = f"delta.`{directory}/first`"
    for statement in (f"CREATE TABLE {table} (i INT) USING delta", f"INSERT INTO {table} VALUES (1)", f"OPTIMIZE {table}"):
        made.sql(statement)
    made.read.format("delta").load(directory + "/first").collect()
    return made


class Handler(http.server.BaseHTTPRequestHandler):
    """Runs a program."""

    spark = None

    def do_POST(self):  # pylint: disable=invalid-name
        program = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said, status = io.StringIO(), 200
        with contextlib.redirect_stdout(said):
            try:
                exec(program, {"spark": self.spark})  # pylint: disable=exec-used
            except BaseException:  # pylint: disable=broad-except
                said.write(traceback.format_exc())
                status = 500
        body = said.getvalue().encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass


def main():
    port, directory = sys.argv[1:]
    Handler.spark = session(directory)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with http.server.HTTPServer(("127.0.0.1", int(port)), Handler) as server:
        try:
            server.serve_forever()
        finally:
            Handler.spark.stop()


main()
