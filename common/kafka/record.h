/*
 * A record of a topic, to be written: a view that owns nothing.
 *
 * Layer: kafka (libc only).
 */
#ifndef WEIR_KAFKA_RECORD_H
#define WEIR_KAFKA_RECORD_H

#include <stddef.h>
#include <stdint.h>

enum record_time {
	RECORD_TIME_NONE,   /* the record has no timestamp */
	RECORD_TIME_CREATE, /* the timestamp is the producer's */
	RECORD_TIME_APPEND, /* the timestamp is the broker's */
};

struct record_header {
	const char *name;
	const char *value; /* NULL: absent */
	size_t name_len, value_len;
};

/* How a key or a value is written as JSON. */
enum record_form {
	RECORD_TEXT,   /* a string, or {"base64":"…"} when it is not UTF-8 */
	RECORD_JSON,   /* JSON, already checked: written without the white space outside of strings */
	RECORD_BASE64, /* a string: its base64 */
	RECORD_COPY,   /* JSON without such white space: copied byte for byte */
};

struct record {
	const char *topic;
	int32_t partition;
	int64_t offset;
	int64_t timestamp; /* ms since the epoch */
	enum record_time timestamp_type;
	const char *key, *value; /* NULL: absent */
	size_t key_len, value_len;
	enum record_form key_form, value_form;
	const struct record_header *headers; /* in the order of the record */
	size_t header_count;
};

#endif
