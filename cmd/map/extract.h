/*
 * Fields from a text: by regular expressions and grok patterns, and of lines of CSV, key=value, syslog and access logs.
 */
#ifndef WEIR_CMD_MAP_EXTRACT_H
#define WEIR_CMD_MAP_EXTRACT_H

#include <stdbool.h>

#include "cmd/map/row.h"
#include "cmd/map/step.h"

/* The name of form I; NULL: there are no more. */
const char *extract_form(int i);

/*
 * Append the regular expression of FORM, whose pattern is WORD; nothing when it has none.  -EINVAL with the reason in
 * ERR.
 */
int extract_pattern(enum parse_form form, const char *word, struct strbuf *out, struct strbuf *err) MUST_CHECK;

/* A group of a regular expression that has a name. */
struct extract_group {
	size_t number;
	const char *name;
	size_t name_len;
	char *lead; /* owned: the name as JSON, and a colon */
	size_t lead_len;
	char type; /* of grok_type() */
};

/*
 * Set what S, which has a regular expression, finds in the LEN bytes at TEXT as fields of ROW; TEXT lives as long as
 * that.  Like extract().
 */
int extract_set(struct map_step *s, struct row *row, const char *text, size_t len) MUST_CHECK;

/* Append the object or, for CSV, the array that S finds in the LEN bytes at TEXT.  1, 0: the text is not like that, or
 * -errno of regex_find(). */
int extract(struct map_step *s, const char *text, size_t len, struct strbuf *out) MUST_CHECK;

/* The name of group I of S's regular expression, from 1, for header lines; NULL: there is no such group. */
const char *extract_name(const struct map_step *s, size_t i);

#endif
