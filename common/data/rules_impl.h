/* What the files rules*.c share; nobody else's business. */
#ifndef WEIR_DATA_RULES_IMPL_H
#define WEIR_DATA_RULES_IMPL_H

#include "common/data/rules.h"

/* A line that is being read. */
struct rules_line {
	const char *s;
	size_t len, pos;
	struct strbuf *err; /* the reason; `pos` is where */
};

/* Write the reason.  Returns -EINVAL. */
int rules_fail(struct rules_line *in, size_t pos, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Skip blanks; is there anything left? */
bool rules_more(struct rules_line *in);

/* The next word up to a blank into *ret_s, *ret_len; -EINVAL when there is none, WHAT being expected. */
int rules_word(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len) MUST_CHECK;

/* Read a field, at which the line is, and add it to RULE's. */
int rules_field(struct rules_line *in, struct rule *rule) MUST_CHECK;

/* Read the arguments of RULE, whose kind is set, up to the end of the line. */
int rules_args(struct rules_line *in, struct rule *rule) MUST_CHECK;

#endif
