/* Keys and values that are JSON: checks that they can be written as JSON. */
#ifndef WEIR_CONSUME_JSON_PART_H
#define WEIR_CONSUME_JSON_PART_H

#include "common/base/strbuf.h"
#include "common/data/json.h"
#include "common/kafka/record.h"

struct json_part {
	struct json *json; /* owned */
	const char *what;  /* "value", for messages; static */
	bool metadata;     /* it must be an object, because metadata are added to it */
};

/*
 * Prepare to check parts called WHAT, which will be nested in WITHIN levels of other JSON; with METADATA they must be
 * objects without members that metadata.h names.
 */
void json_part_init(struct json_part *part, const char *what, int within, bool metadata);
void json_part_release(struct json_part *part);

/*
 * Check the *LEN bytes at *S, and remove the white space around them; *ret is the form in which to write them:
 * RECORD_JSON or RECORD_COPY.  Returns 0, or -EBADMSG with the reason in WHY.
 */
int json_part_check(
	struct json_part *part, const char **s, size_t *len, enum record_form *ret, struct strbuf *why) MUST_CHECK;

#endif
