#!/usr/bin/env python3
"""member.py BROKERS GROUP TOPIC: a member of a consumer group by a client that shares no code with weir's (kafka-python).

Prints the records as PARTITION:OFFSET:VALUE, commits as it goes, and leaves the group at SIGTERM.
"""
import logging
import signal
import sys

import kafka

logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.INFO)  # on the standard error
ending = []
signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
brokers, group, topic = sys.argv[1:]
consumer = kafka.KafkaConsumer(
    topic, bootstrap_servers=brokers, group_id=group, auto_offset_reset="earliest", auto_commit_interval_ms=200,
    session_timeout_ms=6000, heartbeat_interval_ms=300, metadata_max_age_ms=1000,
)  # fmt: skip
while not ending:
    for records in consumer.poll(timeout_ms=100).values():
        for r in records:
            sys.stdout.write(f"{r.partition}:{r.offset}:{r.value.decode()}\n")
    sys.stdout.flush()
consumer.close()
