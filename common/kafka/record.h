/*
 * A record of a topic as it is written out: a view that owns nothing.
 *
 * Layer: kafka (libc only).
 */
#ifndef WEIR_KAFKA_RECORD_H
#define WEIR_KAFKA_RECORD_H

#include <stddef.h>
#include <stdint.h>

enum record_time {
	RECORD_TIME_NONE,   /* the record has no timestamp */
	RECORD_TIME_CREATE, /* the producer's */
	RECORD_TIME_APPEND, /* the broker's */
};

struct record_header {
	const char *name;
	const char *value; /* NULL: absent */
	size_t name_len, value_len;
};

struct record {
	const char *topic;
	int32_t partition;
	int64_t offset;
	int64_t timestamp; /* ms since the epoch */
	enum record_time timestamp_type;
	const char *key, *value; /* NULL: absent */
	size_t key_len, value_len;
	const struct record_header *headers; /* in the order of the record */
	size_t header_count;
};

#endif
