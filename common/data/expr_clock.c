/* Expressions: functions of times. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/expr_func.h"
#include "common/data/zone.h"

#define US  1000000
#define DAY INT64_C(86400)

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Argument 0 as a time in microseconds: a time, or what time(x) reads. */
static bool time_arg(struct expr *e, struct expr_node *n, int64_t *ret_us, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct timespec t;

	if (a->type == VALUE_TIME) {
		*ret_us = a->i;
		return true;
	}
	if (value_time(a, &e->times, &t) < 0) {
		(void)expr_fail(e, n, "this is not a time", tmp);
		return false;
	}
	*ret_us = (int64_t)t.tv_sec * US + t.tv_nsec / 1000;
	return true;
}

/* The zone that argument 2 names; one zone is kept for each N.  False: a null and a fault are in *TMP. */
static bool zone_arg(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *name = n->count > 2 ? n->args[2] : NULL;

	if (name && !expr_is_string(name)) {
		(void)expr_fail(e, n, "a zone is a string, as \"Europe/Berlin\"", tmp);
		return false;
	}
	if (n->zone && (!name || zone_is(n->zone, name->s, name->len)))
		return true;
	zone_free(n->zone);
	n->zone = NULL;
	if (zone_open(&n->zone, name ? name->s : NULL, name ? name->len : 0) == 0)
		return true;
	(void)expr_fail(e, n, "there is no such time zone", tmp);
	return false;
}

int expr_prepare_strftime(struct expr_lex *lex, struct expr_node *n)
{
	const struct expr_node *pattern = n->b->next;
	struct time_pattern check;
	struct strbuf reason = STRBUF_INIT;
	int r = 0;

	if (pattern->op != EXPR_CONST || pattern->value.type != VALUE_STRING)
		return expr_lex_fail(lex, pattern->pos, "the pattern of a time has to be a string");
	struct strbuf plain = STRBUF_INIT; /* without %f and %3f, which are written here */
	for (const char *s = pattern->value.s; *s; s++)
		if (s[0] == '%' && s[1] == 'f')
			s++;
		else if (s[0] == '%' && s[1])
			strbuf_add(&plain, s++, 2);
		else
			strbuf_addch(&plain, *s);
	if (time_pattern_init(&check, plain.s, &reason) < 0)
		r = expr_lex_fail(lex, pattern->pos, "%s", reason.s);
	time_pattern_release(&check);
	strbuf_release(&plain);
	strbuf_release(&reason);
	return r;
}

const struct value *expr_call_strftime(struct expr *e, struct expr_node *n, struct value *tmp)
{
	int64_t us;

	if (!time_arg(e, n, &us, tmp) || !zone_arg(e, n, tmp))
		return tmp;
	zone_print(n->zone, us, n->args[1]->s, expr_text(n));
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_call_truncate(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *unit = n->args[1];
	int64_t us;

	if (!time_arg(e, n, &us, tmp) || !zone_arg(e, n, tmp))
		return tmp;
	if (unit->type != VALUE_DURATION || unit->i <= 0)
		return expr_fail(e, n, "a time is truncated to a duration, as 1h", tmp);
	int64_t local = us + zone_offset(n->zone, divide_down(us, US)) * US, from = 0;
	if (unit->i % (7 * DAY * US) == 0 && (n->count > 2 || time_zone_is_given()))
		from = -3 * DAY * US; /* the Monday before 1970-01-01: weeks of a zone are those of ISO 8601 */
	local = divide_down(local - from, unit->i) * unit->i + from;
	/* When clocks go forward, the start may not exist: then the first moment after it. */
	us = zone_utc(n->zone, local, us);
	if (us < TIME_MIN_S * US)
		return expr_fail(e, n, "a time is outside of the years 1 to 9999", tmp);
	*tmp = (struct value){.type = VALUE_TIME, .i = us};
	return tmp;
}

const struct value *expr_call_epoch(struct expr *e, struct expr_node *n, struct value *tmp)
{
	static const char *const units[] = {"s", "ms", "us", "ns"};
	static const int64_t size[] = {US, 1000, 1};
	size_t unit = 0;
	int64_t us, ns;

	if (!time_arg(e, n, &us, tmp))
		return tmp;
	while (n->count > 1 && unit < 4 &&
		(!expr_is_string(n->args[1]) || n->args[1]->len != strlen(units[unit]) ||
			memcmp(n->args[1]->s, units[unit], n->args[1]->len) != 0))
		unit++;
	if (unit == 4)
		return expr_fail(e, n, "a unit is s, ms, us or ns", tmp);
	if (unit == 3 && __builtin_mul_overflow(us, 1000, &ns))
		return expr_fail(e, n, "a whole number does not fit in 64 bits", tmp);
	*tmp = (struct value){.type = VALUE_INT, .i = unit == 3 ? ns : divide_down(us, size[unit])};
	return tmp;
}
