/*
 * Paths to a value within a record: .user  .geo.city  .items[0]  .["a name"]  ."a name"  and . for the whole record.
 *
 * Layer: data (uses base, utf8).  The syntax is jq's, without slices, negative indexes and [].  A plain name consists
 * of ASCII letters, digits (not first), '_', '@' and '$', and any characters beyond ASCII; all other names are quoted
 * as in JSON, with JSON's escapes.  A '.' before '[' is optional.  At most PATH_MAX_STEPS steps.
 */
#ifndef WEIR_DATA_PATH_H
#define WEIR_DATA_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

#define PATH_MAX_STEPS 64
#define PATH_MAX_INDEX INT32_MAX

struct path_step {
	char *name;     /* member of an object, owned; NULL: element of an array */
	size_t len;     /* bytes of the name, which may hold NULs */
	uint32_t index; /* of the element, 0 the first */
};

struct path {
	struct path_step *steps;
	size_t count; /* 0: the whole record */
};

/*
 * Read a path from the start of the LEN bytes at S.
 *
 * Returns 0 and sets *ret_used to the path's length; or -EINVAL with the reason in ERR, and *ret_used is the position
 * (byte, from 0) of the mistake.  On failure P needs no release.
 */
int path_scan(struct path *p, const char *s, size_t len, size_t *ret_used, struct strbuf *err) MUST_CHECK;

/*
 * The same for the path of a column, whose '.' at the beginning may be missing, and in whose name in quotes "" may
 * stand for \"; LEN is that of a string, S.
 */
int path_scan_column(struct path *p, const char *s, size_t len, size_t *ret_used, struct strbuf *err) MUST_CHECK;

/*
 * Read the whole string S as a path.  Returns 0, or -EINVAL with the reason in ERR, which quotes S and names the
 * position, from 1.
 */
int path_init(struct path *p, const char *s, struct strbuf *err) MUST_CHECK;

/* Whether A equals B or is its beginning. */
bool path_covers(const struct path *a, const struct path *b);

void path_release(struct path *p);

#endif
