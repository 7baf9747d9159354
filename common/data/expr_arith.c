/* Expressions: + - * / %. */
#include "common/data/expr_impl.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "common/data/number.h"

static const char unlike[] = "an operator has operands of types that it does not take";

static const struct value *give_int(struct value *tmp, enum value_type type, int64_t i)
{
	*tmp = (struct value){.type = type, .i = i};
	return tmp;
}

static const struct value *give_double(struct expr *e, const struct expr_node *n, double d, struct value *tmp)
{
	if (!isfinite(d))
		return expr_fail(e, n, "a number is too large", tmp);
	*tmp = (struct value){.type = VALUE_DOUBLE, .d = d};
	return tmp;
}

/* A op B of whole numbers; false: the result does not fit.  Of EXPR_DIV it is known to be whole. */
static bool whole(enum expr_op op, int64_t a, int64_t b, int64_t *ret)
{
	switch (op) {
	case EXPR_ADD:
	case EXPR_LOOP: /* sum */
		return !__builtin_add_overflow(a, b, ret);
	case EXPR_SUB:
	case EXPR_NEGATE:
		return !__builtin_sub_overflow(a, b, ret);
	case EXPR_MUL:
		return !__builtin_mul_overflow(a, b, ret);
	case EXPR_DIV:
		if (b == -1)
			return !__builtin_sub_overflow(0, a, ret);
		*ret = a / b;
		return true;
	default:
		*ret = b == -1 ? 0 : a % b;
		return true;
	}
}

static double real(enum expr_op op, double a, double b)
{
	switch (op) {
	case EXPR_ADD:
	case EXPR_LOOP:
		return a + b;
	case EXPR_SUB:
	case EXPR_NEGATE:
		return a - b;
	case EXPR_MUL:
		return a * b;
	case EXPR_DIV:
		return a / b;
	default:
		return fmod(a, b);
	}
}

static const struct value *numbers(
	struct expr *e, const struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	int64_t i;

	if ((n->op == EXPR_DIV || n->op == EXPR_MOD) && number_double(b) == 0)
		return expr_fail(e, n, "division by zero", tmp);
	if (a->type == VALUE_INT && b->type == VALUE_INT && (n->op != EXPR_DIV || b->i == -1 || a->i % b->i == 0)) {
		if (!whole(n->op, a->i, b->i, &i))
			return expr_fail(e, n, "a whole number does not fit in 64 bits", tmp);
		return give_int(tmp, VALUE_INT, i);
	}
	return give_double(e, n, real(n->op, number_double(a), number_double(b)), tmp);
}

/* US is a time in the years 0001 to 9999. */
static bool time_ok(int64_t us)
{
	return us >= TIME_MIN_S * INT64_C(1000000) && us < (TIME_MAX_S + 1) * 1000000;
}

/* A duration multiplied or divided by a number, or divided by another duration. */
static const struct value *scale(
	struct expr *e, const struct expr_node *n, int64_t us, const struct value *by, struct value *tmp)
{
	double d;

	if (n->op == EXPR_DIV && number_double(by) == 0)
		return expr_fail(e, n, "division by zero", tmp);
	d = n->op == EXPR_MUL ? (double)us * number_double(by) : (double)us / number_double(by);
	if (!(fabs(d) < 9.2e18))
		return expr_fail(e, n, "a duration is too long", tmp);
	return give_int(tmp, VALUE_DURATION, (int64_t)d);
}

static const struct value *times(
	struct expr *e, const struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	bool time_a = a->type == VALUE_TIME, time_b = b->type == VALUE_TIME;
	bool add = n->op == EXPR_ADD || n->op == EXPR_LOOP;
	bool duration_a = a->type == VALUE_DURATION, duration_b = b->type == VALUE_DURATION;
	int64_t i;

	if (duration_a && duration_b && n->op == EXPR_DIV && b->i)
		return give_double(e, n, (double)a->i / (double)b->i, tmp);
	if (!(time_a || duration_a) || !(time_b || duration_b) || (!add && n->op != EXPR_SUB) ||
		(add && time_a && time_b) || (!add && time_b && !time_a))
		return expr_fail(e, n, unlike, tmp);
	bool is_time = time_a != time_b;
	if (!whole(n->op, a->i, b->i, &i) || (is_time && !time_ok(i)))
		return expr_fail(e, n, "a time is outside of the years 1 to 9999", tmp);
	return give_int(tmp, is_time ? VALUE_TIME : VALUE_DURATION, i);
}

static const struct value *join(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	/* The text of N cannot be a part of A or B, because these are its operands. */
	struct strbuf *text = expr_text(n);

	strbuf_add(text, a->s, a->len);
	strbuf_add(text, b->s, b->len);
	return expr_give_text(e, n, VALUE_STRING, tmp);
}

const struct value *expr_arithmetic(
	struct expr *e, struct expr_node *n, const struct value *a, const struct value *b, struct value *tmp)
{
	struct value ta, tb;
	const struct value *x, *y;

	if (expr_is_null(a) || expr_is_null(b)) {
		*tmp = (struct value){.type = VALUE_NULL};
		return tmp;
	}
	x = expr_number(a, &ta);
	y = expr_number(b, &tb);
	if (x && y)
		return numbers(e, n, x, y, tmp);
	if (a->type == VALUE_DURATION && y && (n->op == EXPR_MUL || n->op == EXPR_DIV))
		return scale(e, n, a->i, y, tmp);
	if (x && b->type == VALUE_DURATION && n->op == EXPR_MUL)
		return scale(e, n, b->i, x, tmp);
	if (a->type >= VALUE_TIME && b->type >= VALUE_TIME)
		return times(e, n, a, b, tmp);
	if (n->op == EXPR_ADD && expr_is_string(a) && expr_is_string(b))
		return join(e, n, a, b, tmp);
	return expr_fail(e, n, unlike, tmp);
}
