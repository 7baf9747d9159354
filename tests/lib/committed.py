#!/usr/bin/env python3
"""committed.py BROKERS TOPIC: the values of all records of TOPIC that a reader of committed records gets, one a line, once no
transaction in it is open any more.

It is a client of its own (kafka-python), so it judges librdkafka's transactions independently.
"""

import os
import sys
import time

import kafka

DEADLINE = 60  # seconds


def await_end(brokers, reader, parts):
    """Where the partitions end once committed and other readers agree on it; a transaction that is open holds the former up."""
    other = kafka.KafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)
    limit = time.monotonic() + DEADLINE
    while (ends := reader.end_offsets(parts)) != other.end_offsets(parts):
        if time.monotonic() > limit:
            sys.exit("committed.py: a transaction is open")
        time.sleep(0.1)
    other.close()
    return ends


def main():
    brokers, topic = sys.argv[1:]
    reader = kafka.KafkaConsumer(
        bootstrap_servers=brokers, isolation_level="read_committed", enable_auto_commit=False, check_crcs=True
    )
    parts = [kafka.TopicPartition(topic, p) for p in sorted(reader.partitions_for_topic(topic))]
    reader.assign(parts)
    reader.seek_to_beginning(*parts)
    ends = await_end(brokers, reader, parts)
    with os.fdopen(1, "wb") as out:
        while any(reader.position(p) < ends[p] for p in parts):
            for records in reader.poll(timeout_ms=500).values():
                for record in records:
                    out.write(record.value + b"\n")
    reader.close()


main()
