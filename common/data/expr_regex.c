/* Expressions: functions with a regular expression. */
#include <errno.h>
#include <string.h>

#include "common/data/expr_func.h"
#include "common/data/value_out.h"

/* A negative result of regex_find(), as a null. */
static const struct value *give_up(struct expr *e, const struct expr_node *n, int r, struct value *tmp)
{
	e->fault.given_up++;
	return expr_fail(e, n,
		r == -ENOMEM ? "no memory for a regular expression" : "a regular expression took too many steps", tmp);
}

/* Append group I of the match in S as JSON. */
static void add_group(struct strbuf *out, const char *s, const size_t *ends, size_t i)
{
	if (ends[2 * i] == SIZE_MAX)
		strbuf_addstr(out, "null");
	else
		value_add_string(out, s + ends[2 * i], ends[2 * i + 1] - ends[2 * i]);
}

/* The groups as an object by their names; if none has one, as an array. */
static const struct value *give_groups(
	struct expr *e, struct expr_node *n, const char *s, const size_t *ends, struct value *tmp)
{
	size_t count = regex_groups(n->re);
	struct strbuf *out = expr_text(n);
	bool named = false;

	for (size_t i = 1; i <= count; i++)
		named |= *regex_group_name(n->re, i) != '\0';
	strbuf_addch(out, named ? '{' : '[');
	for (size_t i = 1; i <= count; i++) {
		const char *name = regex_group_name(n->re, i);
		if (named && !*name)
			continue;
		if (out->len > 1)
			strbuf_addch(out, ',');
		if (named) {
			value_add_name(out, name, strlen(name));
			strbuf_addch(out, ':');
		}
		add_group(out, s, ends, i);
	}
	strbuf_addch(out, named ? '}' : ']');
	return expr_give_text(e, n, named ? VALUE_OBJECT : VALUE_ARRAY, tmp);
}

const struct value *expr_call_match(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	const size_t *ends;

	if (!expr_strings(e, n, 1, tmp))
		return tmp;
	int r = regex_find(n->re, a->s, a->len, 0, &ends);
	if (r < 0)
		return give_up(e, n, r, tmp);
	*tmp = (struct value){.type = VALUE_NULL};
	if (r == 0)
		return tmp;
	if (regex_groups(n->re))
		return give_groups(e, n, a->s, ends, tmp);
	*tmp = (struct value){.type = VALUE_STRING, .s = a->s + ends[0], .len = ends[1] - ends[0]};
	return tmp;
}

static const struct value *substitute(struct expr *e, struct expr_node *n, bool all, struct value *tmp)
{
	if (!expr_strings(e, n, 3, tmp))
		return tmp;
	const struct value *a = n->args[0], *with = n->args[2];
	int r = regex_replace(n->re, a->s, a->len, with->s, with->len, all ? EXPR_MAX_TEXT : 0, expr_text(n));
	return r < 0 ? give_up(e, n, r, tmp) : expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_sub(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return substitute(e, n, false, tmp);
}

const struct value *expr_call_gsub(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return substitute(e, n, true, tmp);
}
