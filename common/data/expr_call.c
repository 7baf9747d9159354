/* Expressions: functions that look at values and make times of them. */
#include "common/data/expr_func.h"

#include <errno.h>
#include <string.h>

#include "common/base/alloc.h"

/*
 * Whether both are strings.  If not, the result of the function is in *tmp: false, and a fault unless one of them is
 * null.
 */
static bool two_strings(struct expr *e, const struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0], *b = n->args[1];

	if (expr_is_string(a) && expr_is_string(b))
		return true;
	if (!expr_is_null(a) && !expr_is_null(b))
		(void)!expr_strings(e, n, 2, tmp);
	(void)expr_bool(tmp, false);
	return false;
}

const struct value *expr_call_startswith(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0], *b = n->args[1];

	if (!two_strings(e, n, tmp))
		return tmp;
	return expr_bool(tmp, a->len >= b->len && memcmp(a->s, b->s, b->len) == 0);
}

const struct value *expr_call_endswith(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0], *b = n->args[1];

	if (!two_strings(e, n, tmp))
		return tmp;
	return expr_bool(tmp, a->len >= b->len && memcmp(a->s + a->len - b->len, b->s, b->len) == 0);
}

const struct value *expr_call_contains(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0], *b = n->args[1];

	if (!two_strings(e, n, tmp))
		return tmp;
	return expr_bool(tmp, memmem(a->s, a->len, b->s, b->len) != NULL);
}

const struct value *expr_call_length(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	int64_t length = 0;

	if (expr_is_string(a))
		length = (int64_t)expr_char_count(a->s, a->len);
	else if (a->type == VALUE_ARRAY || a->type == VALUE_OBJECT)
		length = (int64_t)json_scan_count(a->s, a->len);
	else if (!expr_is_null(a))
		return expr_fail(e, n, "length needs a string, an array or an object", tmp);
	*tmp = (struct value){.type = VALUE_INT, .i = length};
	return tmp;
}

const struct value *expr_call_exists(struct expr *e, struct expr_node *n, struct value *tmp)
{
	(void)e;
	return expr_bool(tmp, !expr_is_null(n->args[0]));
}

static const struct value *give_time(const struct timespec *t, struct value *tmp)
{
	*tmp = (struct value){.type = VALUE_TIME, .i = (int64_t)t->tv_sec * 1000000 + t->tv_nsec / 1000};
	return tmp;
}

int expr_prepare_time(struct expr_lex *lex, struct expr_node *n)
{
	const struct expr_node *pattern = n->b->next;
	struct strbuf reason = STRBUF_INIT;
	int r = 0;

	if (!pattern)
		return 0;
	if (pattern->op != EXPR_CONST || pattern->value.type != VALUE_STRING)
		return expr_lex_fail(lex, pattern->pos, "the pattern of a time has to be a string");
	n->format = xcalloc(1, sizeof(*n->format));
	if (time_format_init(n->format, pattern->value.s, &reason) < 0)
		r = expr_lex_fail(lex, pattern->pos, "%s", reason.s);
	strbuf_release(&reason);
	return r;
}

const struct value *expr_call_time(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct value tn;
	struct timespec t;
	size_t used = 0;
	int r;

	if (a->type == VALUE_TIME && !n->format)
		return a;
	if (!n->format)
		r = value_time(a, &e->times, &t);
	else if (expr_is_string(a) || (expr_number(a, &tn) && a->raw)) /* a number of the record: by its digits */
		r = time_format_parse(n->format, a->s, a->len, &used, &t);
	else
		r = -EINVAL;
	if (r == 0 && n->format && used < a->len)
		r = -EINVAL;
	if (r < 0)
		return expr_fail(
			e, n, r == -ERANGE ? "a time is outside of the years 1 to 9999" : "this is not a time", tmp);
	return give_time(&t, tmp);
}

const struct value *expr_call_now(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct timespec t;

	(void)e, (void)n;
	(void)clock_gettime(CLOCK_REALTIME, &t); /* fails for bad arguments only */
	return give_time(&t, tmp);
}
