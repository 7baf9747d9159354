/*
 * An object of a record into which members are put by their paths, as a tree: thousands of members cost as many steps,
 * where nested_put() makes the whole text again for each.
 */
#ifndef WEIR_CMD_MAP_BRANCH_H
#define WEIR_CMD_MAP_BRANCH_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/map/row.h"
#include "common/data/path.h"

struct branch;

/* The object of LEN bytes at S, which lives as long as ROW, as do names with escapes. */
struct branch *branch_new(struct row *row, const char *s, size_t len) __attribute__((returns_nonnull));

/*
 * Put the LEN bytes of JSON at S at the path of COUNT (at least one) STEPS, which are names; all live as long as ROW.
 * Objects that are missing on the way, or null, are made.  False: something else is there or on the way, and nothing
 * changes.
 */
bool branch_put(struct branch *b, struct row *row, const struct path_step *steps, size_t count, const char *s,
	size_t len) MUST_CHECK;

/* Append the object; what was there before keeps its order and the white space around it. */
void branch_write(const struct branch *b, struct strbuf *out);

/* NULL is allowed. */
void branch_free(struct branch *b);

#endif
