/*
 * consume: the values of its options, and a map of its files.
 *
 * The program is a core and a shell.  The core, common/stream/session, decides; it has nothing to do with Kafka, clocks
 * or messages.  Each file of the shell owns one thing outside of the program, and no two of its files call each other
 * in a circle.
 *
 * - main: the options; loop: the only wait; take, hear, act: see loop.h
 * - broker: the Kafka handle (broker_conf: its properties, broker_parts: its partitions), simple: without a group
 * - lookup: a look-up at the brokers, in steps; topics: which partitions are read
 * - health: errors of brokers, and when they are over; joining: how long the group may take to form; others: a member
 *   without partitions
 * - sinks: the lines of sinks; marks: the contents of marks; words: the messages of the session
 * - inputs: the queue of each partition, for --by-time
 * - output: standard output; encode: writes a record as bytes; partition: what the shell knows of a partition
 */
#ifndef WEIR_CONSUME_OPTIONS_H
#define WEIR_CONSUME_OPTIONS_H

#include "common/data/rejects.h"
#include "common/kafka/conf.h"
#include "common/stream/source_opt.h"
#include "common/stream/where.h"

struct range_of_partitions {
	int32_t first, last;
};

struct batch_options {
	bool on;
	int64_t interval_ms;
	uint64_t records, bytes; /* UINT64_MAX: no limit */
	bool adopt;
	bool skip_lost;
};

struct consume_options {
	struct kafka_opts kafka;
	const char *group;
	struct range_of_partitions *partitions; /* of -p; owned */
	size_t partition_count;
	struct where from, to;
	bool from_given, to_given, reset;
	bool skip_tombstones;
	struct rejects_opts rejects;
	bool by_time; /* partitions are merged by the timestamps of their records */
	const char *from_text, *to_text, *zone;
	uint64_t count; /* records; UINT64_MAX: all */
	struct batch_options batch;
	struct source_options source;
	const char *instance_id;
	uint64_t memory;    /* bytes */
	int64_t timeout_ms; /* how long brokers may leave a request unanswered */
	char **topics;
};

#endif
