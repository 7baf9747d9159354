/* Expressions: the order of values, and which values cannot be compared. */
#include "common/data/expr_impl.h"

#include <string.h>

#include "common/data/json_impl.h"
#include "common/data/number.h"

const struct value *expr_number(const struct value *v, struct value *tmp)
{
	if (v->type >= VALUE_INT && v->type <= VALUE_NUMBER)
		return v;
	if (v->type != VALUE_TEXT || !v->len)
		return NULL;
	*tmp = (struct value){.s = v->s, .len = v->len, .raw = v->s, .raw_len = v->len};
	return json_take_number(v->s, v->len, tmp) ? tmp : NULL;
}

static enum expr_order order_of(bool less, bool greater)
{
	return less ? EXPR_LESS : greater ? EXPR_GREATER : EXPR_EQUAL;
}

static enum expr_order compare_numbers(const struct value *a, const struct value *b)
{
	int order = number_compare(a, b);

	return order_of(order<0, order> 0);
}

/* By bytes, which for UTF-8 gives the order of characters. */
static enum expr_order compare_strings(const struct value *a, const struct value *b)
{
	int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	if (order)
		return order_of(order<0, order> 0);
	return order_of(a->len<b->len, a->len> b->len);
}

/* A time compared with a string or number that is a time. */
static enum expr_order compare_times(const struct value *a, const struct value *b)
{
	struct timespec t;

	if (b->type == VALUE_TIME)
		return order_of(a->i<b->i, a->i> b->i);
	if (!expr_is_string(b) || value_time(b, NULL, &t) < 0)
		return EXPR_UNLIKE;
	int64_t us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	return order_of(a->i<us, a->i> us);
}

enum expr_order expr_compare(const struct value *a, const struct value *b)
{
	struct value ta, tb;
	const struct value *x, *y;

	if (expr_is_null(a) || expr_is_null(b))
		return expr_is_null(a) && expr_is_null(b) ? EXPR_EQUAL : EXPR_NULL;
	if (a->type == VALUE_TIME)
		return compare_times(a, b);
	if (b->type == VALUE_TIME) {
		enum expr_order order = compare_times(b, a);
		return order == EXPR_UNLIKE ? order : order_of(order == EXPR_GREATER, order == EXPR_LESS);
	}
	x = expr_number(a, &ta);
	y = expr_number(b, &tb);
	if (x && y)
		return compare_numbers(x, y);
	if (expr_is_string(a) && expr_is_string(b))
		return compare_strings(a, b);
	if (a->type == VALUE_BOOL && b->type == VALUE_BOOL)
		return order_of(a->b<b->b, a->b> b->b);
	if (a->type == VALUE_DURATION && b->type == VALUE_DURATION)
		return order_of(a->i<b->i, a->i> b->i);
	return EXPR_UNLIKE;
}
