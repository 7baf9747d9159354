/*
 * JSON records whose members are columns: the values of the members of the outermost object that have given names.
 *
 * Layer: data (uses json_tokens, value).  For programs that fill a table from records.  Other than with the paths of
 * json.h, it is noticed when a record has members of other names.  Mostly members come in the same order as in the
 * record before, so each name is compared with the one that came next last time, and is looked up only if that fails.
 */
#ifndef WEIR_DATA_MEMBERS_H
#define WEIR_DATA_MEMBERS_H

#include <stdint.h>

#include "common/data/json_tokens.h"
#include "common/data/name_index.h"
#include "common/data/value.h"

struct members {
	struct json *json;
	struct json_walk walk;
	struct members_name {
		const char *name; /* borrowed */
		size_t len;
		uint32_t next; /* the one that came after it last time */
	} * names;
	size_t count;
	struct name_index index; /* of the names, once one was looked up among many */
	uint32_t first;          /* the one that came first */
	struct value *values;
	uint64_t seen;   /* members of the current record, of whatever name */
	uint64_t others; /* members of the current record of other names, with a value that is not null */
	/* Called for each of these, as it is found; may be NULL. */
	void (*on_other)(void *arg, const char *name, size_t len);
	void *arg;
};

/*
 * Prepare M for the COUNT NAMES, which are borrowed; no two are equal.  0, or -ENOMEM.  M may be released then, too.
 */
int members_init(struct members *m, const char *const *names, size_t count) MUST_CHECK;
void members_release(struct members *m);

/*
 * Go through a span of records, like json_span() and json_next(): 1, and M has the values of the record (of a name that
 * it lacks: VALUE_MISSING; of a name that it has several times, the last one); 0; -EBADMSG: it is not JSON, or not an
 * object (members_error()); -EMSGSIZE, -ENOMEM.
 */
void members_span(struct members *m, const char *s, size_t len, char delim);
int members_next(struct members *m, const char **ret_rec, size_t *ret_len) MUST_CHECK;
const struct json_error *members_error(const struct members *m);

#endif
