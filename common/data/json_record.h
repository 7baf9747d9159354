/*
 * A Kafka record as `consume --format json` writes it, read back exactly.
 *
 *     {"topic":"t","partition":0,"offset":5,"timestamp":1700000000000,"timestamp_type":"CreateTime",
 *      "key":null,"headers":[["name","value"],["name",null]],"value":{"base64":"/wA="}}
 *
 * Layer: data (uses json, base64).  Key, value and the values of headers are null, a string, or an object with a base64
 * member for bytes that are not UTF-8; so are names of headers and of the topic, except that they cannot be null.  The
 * value must be there, because if its name were misspelt the record would become a tombstone.  Other members may be
 * missing, which means null, and members of other names are ignored.
 */
#ifndef WEIR_DATA_JSON_RECORD_H
#define WEIR_DATA_JSON_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "common/data/json.h"

/* Any bytes; S NULL: null. */
struct json_bytes {
	const char *s;
	size_t len;
};

struct json_header {
	struct json_bytes name, value; /* the name is never null */
};

struct json_record {
	struct json_bytes topic, timestamp_type, key, value;
	int32_t partition; /* -1: null or missing */
	int64_t offset;    /* as above */
	int64_t timestamp; /* -1: null or missing; other negative numbers are milliseconds before 1970 */
	struct json_header *headers;
	size_t header_count;
	/* private */
	struct json *json, *pair;
	size_t header_cap;
	char *scratch;
	size_t scratch_len, scratch_cap;
	struct json_error error;
};

/* 0 or -ENOMEM; R may be released then, too. */
int json_record_init(struct json_record *r) MUST_CHECK;
void json_record_release(struct json_record *r);

/*
 * Read the record of LEN bytes at S (without delimiter) into R.
 *
 * The slices in R point into S or into R and are valid until the next call.  Returns 0; -EBADMSG: it is not such a
 * record, and r->error says what and where (byte of S, from 0): it is not JSON, or has a member of another type, half
 * of a surrogate pair, or invalid base64; -EMSGSIZE, -ENOMEM as json_read.  After an error the fields mean nothing.
 */
int json_record_parse(struct json_record *r, const char *s, size_t len) MUST_CHECK;

#endif
