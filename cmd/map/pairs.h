/* key=value with blanks or commas between; logfmt: a key alone is true. */
#ifndef WEIR_CMD_MAP_PAIRS_H
#define WEIR_CMD_MAP_PAIRS_H

#include "cmd/map/step.h"

/* Append the object of the pairs in the LEN bytes at TEXT to OUT, which is empty.  Into a field, each key is there
 * once, with its last value.  1, or 0: the text is not like that. */
int pairs_extract(const struct map_step *s, const char *text, size_t len, struct strbuf *out) MUST_CHECK;

#endif
