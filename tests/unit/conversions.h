/* Values for the tests of convert.h. */
#ifndef WEIR_TESTS_CONVERSIONS_H
#define WEIR_TESTS_CONVERSIONS_H

#include "common/data/convert.h"
#include "common/data/json.h"
#include "tests/unit/check.h"

/* The value of the text JSON; valid until the next call.  NULL frees what the last call has allocated. */
static inline const struct value *of_json(const char *json)
{
	static struct json *j;
	struct path path;
	struct strbuf err = STRBUF_INIT;

	json_free(j);
	j = NULL;
	if (!json)
		return NULL;
	CHECK_INT(json_new(&j), 0);
	CHECK_INT(path_init(&path, ".", &err), 0);
	CHECK_INT(json_add(j, &path), 0);
	CHECK_INT(json_read(j, json, strlen(json)), 0);
	path_release(&path);
	return json_values(j);
}

/* A field of CSV. */
static inline struct value of_csv(const char *s)
{
	return (struct value){.type = VALUE_TEXT, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)};
}

/* A refused value has a reason, and the output is unchanged. */
#define CHECK_REFUSED(call, status, text)                   \
	do {                                                \
		why = NULL;                                 \
		CHECK_INT(call, status);                    \
		CHECK_STR(why ? why : "(no reason)", text); \
	} while (0)

static const char *why;

#endif
