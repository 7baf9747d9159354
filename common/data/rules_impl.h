/* Private to rules*.c. */
#ifndef WEIR_DATA_RULES_IMPL_H
#define WEIR_DATA_RULES_IMPL_H

#include "common/data/rules.h"
#include "common/data/rules_lex.h"

/* How many fields a rule names: one; any number, separated by commas; two. */
enum rules_arity { RULES_ONE, RULES_LIST, RULES_PAIR };

/* What a line of each kind looks like: the name, the fields, then what `args` reads up to the end (NULL: nothing). */
struct rules_form {
	const char *name;
	enum rules_arity arity;
	int (*args)(struct rules_line *in, struct rule *rule);
	const char *form, *help; /* for --help: the whole line, and what it does */
};
extern const struct rules_form rules_forms[RULE_KINDS];

/* Read one of the words of CHOICES, which are separated by '|': its number, from 0, is added to RULE's choice. */
int rules_choice(struct rules_line *in, const char *choices, struct rule *rule) MUST_CHECK;

/* Read the field at the current position of the line, and add it to RULE's. */
int rules_add_field(struct rules_line *in, struct rule *rule) MUST_CHECK;

/* The rest of the line without blanks at its end; -EINVAL, naming WHAT as expected, when there is none. */
int rules_rest(struct rules_line *in, const char *what, const char **ret_s, size_t *ret_len) MUST_CHECK;

/* Read what follows `time .a`, and `dedupe .a,.b`. */
int rules_time(struct rules_line *in, struct rule *rule) MUST_CHECK;
int rules_within(struct rules_line *in, struct rule *rule) MUST_CHECK;

#endif
