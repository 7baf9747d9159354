/*
 * Values within arrays and objects that are JSON text: getting them, and making the text again with one of them
 * changed.
 */
#ifndef WEIR_CMD_MAP_NESTED_H
#define WEIR_CMD_MAP_NESTED_H

#include <stdbool.h>

#include "common/base/strbuf.h"
#include "common/data/path.h"
#include "common/data/value.h"

/* The value at the steps of PATH from number FROM on, within V; VALUE_MISSING: none.  TEXT is for strings with escapes.
 */
void nested_get(const struct value *v, const struct path *path, size_t from, struct strbuf *text, struct value *ret);

/* Whether several members have one name on the way of PATH, from step FROM on. */
bool nested_is_repeated(const struct value *v, const struct path *path, size_t from);

/*
 * Append V with the value at the steps of PATH from number FROM on replaced by the LEN bytes of JSON at S; S NULL:
 * without it (it is there).  Objects that are missing on the way are made.  False: something on the way is neither null
 * nor an object (an array that is long enough, for an index), and OUT is of no use.
 */
bool nested_put(const struct value *v, const struct path *path, size_t from, const char *s, size_t len,
	struct strbuf *out) MUST_CHECK;

#endif
