/*
 * The words and fields of a line of rules; used by rules.c and rules_args.c.
 *
 * Layer: data (uses base, path, expr's fields).  Private to rules*.c.
 */
#ifndef WEIR_DATA_RULES_LEX_H
#define WEIR_DATA_RULES_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"
#include "common/data/expr.h"

/* A line that is being read. */
struct rules_line {
	const char *s;
	size_t len, pos;
	struct strbuf *err; /* the reason; `pos` is where */
};

static inline bool rules_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Write the reason.  Returns -EINVAL. */
int rules_fail(struct rules_line *in, size_t pos, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Skip blanks; returns whether there is anything left. */
bool rules_more(struct rules_line *in);

/* The next word, up to a blank, into *ret_s and *ret_len; -EINVAL, naming WHAT as expected, when there is none. */
int rules_word(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len) MUST_CHECK;

/* Read the field at the current position of the line; when this returns 0, the caller owns its path. */
int rules_field(struct rules_line *in, struct expr_field *ret) MUST_CHECK;

#endif
