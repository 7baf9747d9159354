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

/* How many fields a rule names: one; as many as there are, with commas; two. */
enum rules_arity { RULES_ONE, RULES_LIST, RULES_PAIR };

/* What a line of each kind looks like: the name, the fields, then what `args` reads up to the end (NULL: nothing). */
struct rules_form {
	const char *name;
	enum rules_arity arity;
	int (*args)(struct rules_line *in, struct rule *rule);
};
extern const struct rules_form rules_forms[RULE_KINDS];

static inline bool rules_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Write the reason.  Returns -EINVAL. */
int rules_fail(struct rules_line *in, size_t pos, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Skip blanks; is there anything left? */
bool rules_more(struct rules_line *in);

/* The next word up to a blank into *ret_s, *ret_len; -EINVAL when there is none, WHAT being expected. */
int rules_word(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len) MUST_CHECK;

/* Read a field, at which the line is, and add it to RULE's. */
int rules_field(struct rules_line *in, struct rule *rule) MUST_CHECK;

#endif
