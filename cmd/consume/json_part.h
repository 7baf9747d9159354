/*
 * Keys and values that are JSON: whether they can be written as such.
 */
#ifndef WEIR_CONSUME_JSON_PART_H
#define WEIR_CONSUME_JSON_PART_H

#include "common/base/strbuf.h"
#include "common/data/json.h"
#include "common/kafka/record.h"

struct json_part {
	struct json *json; /* owned */
	const char *what;  /* "value", for messages; static */
	bool metadata;     /* it must be an object, to which metadata are added */
};

/*
 * Check parts of the name WHAT that stand WITHIN so many levels of other JSON; with METADATA they must be objects
 * without members of the names of metadata.h.
 */
void json_part_init(struct json_part *part, const char *what, int within, bool metadata);
void json_part_release(struct json_part *part);

/*
 * Check the *LEN bytes at *S, and leave out the white space around them; *ret is how they are to be written:
 * RECORD_JSON or RECORD_COPY.  Returns 0, or -EBADMSG with the reason in WHY.
 */
int json_part_check(
	struct json_part *part, const char **s, size_t *len, enum record_form *ret, struct strbuf *why) MUST_CHECK;

#endif
