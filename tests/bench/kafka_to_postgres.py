#!/usr/bin/env python3
"""kafka_to_postgres: what one writes by hand, exactly once: batches by COPY, their offsets in the same transaction.

usage: kafka_to_postgres.py BROKER TOPIC URL RECORDS

Ends when it has read RECORDS records. psql is the client of PostgreSQL.
"""

import json
import subprocess
import sys

import kafka

COLUMNS = ("id", "ts", "user", "action", "amount", "item", "ip", "ok", "v")


def cell(value):
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def main():
    broker, topic, url, wanted = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    consumer = kafka.KafkaConsumer(bootstrap_servers=broker, enable_auto_commit=False, max_poll_records=10000)
    partitions = [kafka.TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    consumer.seek_to_beginning()
    command = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, encoding="utf-8") as psql:
        psql.stdin.write("CREATE TEMP TABLE positions (part int PRIMARY KEY, next bigint);\n")
        read = 0
        while read < wanted:
            batch = consumer.poll(timeout_ms=1000)
            psql.stdin.write("BEGIN;\nCOPY t FROM STDIN;\n")
            for records in batch.values():
                read += len(records)
                for record in records:
                    row = json.loads(record.value)
                    psql.stdin.write("\t".join(cell(row.get(name)) for name in COLUMNS) + "\n")
            psql.stdin.write("\\.\n")
            for partition in batch:
                next_offset = consumer.position(partition)
                psql.stdin.write(
                    f"INSERT INTO positions VALUES ({partition.partition}, {next_offset})"
                    " ON CONFLICT (part) DO UPDATE SET next = excluded.next;\n"
                )
            psql.stdin.write("COMMIT;\n")
        psql.stdin.close()
    consumer.close()
    return psql.returncode


sys.exit(main())
