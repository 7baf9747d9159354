/* Expressions: functions of numbers, and from other values to numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/data/expr_func.h"
#include "common/data/number.h"
#include "common/data/value_out.h"

#define LIMIT 9223372036854775808.0 /* of int64; a double below it fits */

static const char too_large[] = "a whole number does not fit in 64 bits";

static const struct value *give_int(struct value *tmp, int64_t i)
{
	*tmp = (struct value){.type = VALUE_INT, .i = i};
	return tmp;
}

static const struct value *give_double(struct expr *e, const struct expr_node *n, double d, struct value *tmp)
{
	if (!isfinite(d))
		return expr_fail(e, n, "a number is too large, or there is none", tmp);
	*tmp = (struct value){.type = VALUE_DOUBLE, .d = d};
	return tmp;
}

/* Argument I as a number, in *ROOM or where it is; NULL: a null and a fault are in *TMP. */
static const struct value *number_arg(
	struct expr *e, const struct expr_node *n, size_t i, struct value *room, struct value *tmp)
{
	const struct value *v = expr_number(n->args[i], room);

	if (!v)
		(void)expr_fail(e, n, "a function needs a number", tmp);
	return v;
}

/* D, which is whole, as an int64. */
static const struct value *whole_double(struct expr *e, const struct expr_node *n, double d, struct value *tmp)
{
	if (!(fabs(d) < LIMIT))
		return expr_fail(e, n, too_large, tmp);
	return give_int(tmp, (int64_t)d);
}

static const struct value *to_whole(struct expr *e, struct expr_node *n, double (*how)(double), struct value *tmp)
{
	struct value room;
	const struct value *v = number_arg(e, n, 0, &room, tmp);

	if (!v)
		return tmp;
	return v->type == VALUE_INT ? give_int(tmp, v->i) : whole_double(e, n, how(number_double(v)), tmp);
}

const struct value *expr_call_floor(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return to_whole(e, n, floor, tmp);
}

const struct value *expr_call_ceil(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return to_whole(e, n, ceil, tmp);
}

/* The nearest number with DIGITS after the point: by the decimal text, so that 1.005 is what is written. */
static double round_to(double d, int64_t digits)
{
	char text[400];

	if (digits > 20)
		return d;
	if (digits < 0) {
		double unit = pow(10, (double)-digits);
		return round(d / unit) * unit;
	}
	/* A half is exact only in doubles that are, and these go away from zero as in round(). */
	double scaled = d * pow(10, (double)digits);
	if (fabs(scaled) < 0x1p52 && fabs(scaled) - floor(fabs(scaled)) == 0.5)
		return round(scaled) / pow(10, (double)digits);
	(void)snprintf(text, sizeof text, "%.*f", (int)digits, d);
	struct value v;
	return value_of_text(text, strlen(text), &v) ? number_double(&v) : d;
}

const struct value *expr_call_round(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value room;
	int64_t digits;

	if (n->count == 1)
		return to_whole(e, n, round, tmp);
	const struct value *v = number_arg(e, n, 0, &room, tmp);
	if (!v || !expr_whole(e, n, 1, &digits, tmp))
		return tmp;
	if (v->type == VALUE_INT && digits >= 0)
		return give_int(tmp, v->i);
	double d = digits < -400 ? 0 : round_to(number_double(v), digits);
	return v->type == VALUE_INT ? whole_double(e, n, d, tmp) : give_double(e, n, d, tmp);
}

/* Set *RET to the number that the argument is, or that its text is.  False: there is none, and *TMP is the result. */
static bool read_number(struct expr *e, struct expr_node *n, struct value *ret, struct value *tmp)
{
	const struct value *a = n->args[0];

	if (!expr_is_string(a)) {
		const struct value *number = number_arg(e, n, 0, ret, tmp);
		if (number)
			*ret = *number;
		return number;
	}
	if (a->len && value_of_text(a->s, a->len, ret))
		return true;
	expr_fail(e, n, "this text is not a number", tmp);
	return false;
}

const struct value *expr_call_int(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct value v;

	if (a->type == VALUE_BOOL)
		return give_int(tmp, a->b);
	if (!read_number(e, n, &v, tmp))
		return tmp;
	return v.type == VALUE_INT ? give_int(tmp, v.i) : whole_double(e, n, trunc(number_double(&v)), tmp);
}

const struct value *expr_call_float(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct value v;

	if (a->type == VALUE_DURATION) /* its seconds */
		return give_double(e, n, (double)a->i / 1e6, tmp);
	if (!read_number(e, n, &v, tmp))
		return tmp;
	return give_double(e, n, number_double(&v), tmp);
}

const struct value *expr_call_bool(struct expr *e, struct expr_node *n, struct value *tmp)
{
	static const char *const words[] = {"false", "true", "no", "yes", "0", "1", "f", "t", "n", "y"};
	const struct value *a = n->args[0];
	struct value room;
	const struct value *number = expr_is_string(a) ? NULL : expr_number(a, &room);

	if (a->type == VALUE_BOOL)
		return a;
	if (number)
		return expr_bool(tmp, number_double(number) != 0);
	for (size_t i = 0; expr_is_string(a) && i < sizeof words / sizeof *words; i++)
		if (a->len == strlen(words[i]) && strncasecmp(a->s, words[i], a->len) == 0)
			return expr_bool(tmp, i % 2);
	return expr_fail(e, n, "this is neither true nor false", tmp);
}

const struct value *expr_call_abs(struct expr *e, struct expr_node *n, struct value *tmp)
{
	const struct value *a = n->args[0];
	struct value room;
	const struct value *v = a->type == VALUE_DURATION ? a : number_arg(e, n, 0, &room, tmp);

	if (!v)
		return tmp;
	if (v->type == VALUE_DOUBLE || v->type == VALUE_NUMBER)
		return give_double(e, n, fabs(number_double(v)), tmp);
	if (v->i == INT64_MIN)
		return expr_fail(e, n, too_large, tmp);
	*tmp = (struct value){.type = v->type, .i = v->i < 0 ? -v->i : v->i};
	return tmp;
}

static const struct value *real(struct expr *e, struct expr_node *n, double (*how)(double), struct value *tmp)
{
	struct value room;
	const struct value *v = number_arg(e, n, 0, &room, tmp);

	return v ? give_double(e, n, how(number_double(v)), tmp) : tmp;
}

const struct value *expr_call_sqrt(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return real(e, n, sqrt, tmp);
}

const struct value *expr_call_log(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return real(e, n, log, tmp);
}

const struct value *expr_call_exp(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return real(e, n, exp, tmp);
}

/* A to the power of B, exactly; false: it does not fit. */
static bool whole_power(int64_t a, int64_t b, int64_t *ret)
{
	int64_t r = 1;

	while (b > 0) {
		if (b & 1 && __builtin_mul_overflow(r, a, &r))
			return false;
		b >>= 1;
		if (b && __builtin_mul_overflow(a, a, &a))
			return false;
	}
	*ret = r;
	return true;
}

const struct value *expr_call_pow(struct expr *e, struct expr_node *n, struct value *tmp)
{
	struct value ra, rb;
	const struct value *a = number_arg(e, n, 0, &ra, tmp), *b = a ? number_arg(e, n, 1, &rb, tmp) : NULL;
	int64_t i;

	if (!b)
		return tmp;
	if (a->type != VALUE_INT || b->type != VALUE_INT || b->i < 0)
		return give_double(e, n, pow(number_double(a), number_double(b)), tmp);
	return whole_power(a->i, b->i, &i) ? give_int(tmp, i) : expr_fail(e, n, too_large, tmp);
}

/* The least or, with ORDER EXPR_GREATER, the greatest of the elements of the array; null has no part in it. */
static const struct value *extreme_of(
	struct expr *e, struct expr_node *n, const struct value *array, enum expr_order order, struct value *tmp)
{
	struct strbuf text = STRBUF_INIT, best_text = STRBUF_INIT;
	struct value best = {.type = VALUE_NULL}, v;
	struct json_item item, best_item = {0};
	enum expr_order found = EXPR_NULL;
	struct json_scan scan;

	json_scan_begin(&scan, array->s, array->len);
	while (found != EXPR_UNLIKE && json_scan_next(&scan, &item)) {
		value_of_json(item.s, item.len, &text, &v);
		found = expr_is_null(&v) ? EXPR_EQUAL : expr_is_null(&best) ? order : expr_compare(&v, &best);
		if (found == order) {
			best_item = item;
			value_of_json(item.s, item.len, &best_text, &best);
		}
	}
	strbuf_release(&text);
	strbuf_release(&best_text);
	if (found == EXPR_UNLIKE)
		return expr_fail(e, n, "values of unlike types are compared", tmp);
	*tmp = (struct value){.type = VALUE_NULL};
	if (best_item.s)
		value_of_json(best_item.s, best_item.len, &n->text, tmp);
	return tmp;
}

static const struct value *extreme(struct expr *e, struct expr_node *n, enum expr_order order, struct value *tmp)
{
	const struct value *best = n->args[0];

	if (n->count == 1 && best->type == VALUE_ARRAY)
		return extreme_of(e, n, best, order, tmp);
	for (size_t i = 1; i < n->count; i++) {
		enum expr_order found = expr_compare(n->args[i], best);
		if (found == EXPR_UNLIKE)
			return expr_fail(e, n, "values of unlike types are compared", tmp);
		if (found == order)
			best = n->args[i];
	}
	return best;
}

const struct value *expr_call_min(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return extreme(e, n, EXPR_LESS, tmp);
}

const struct value *expr_call_max(struct expr *e, struct expr_node *n, struct value *tmp)
{
	return extreme(e, n, EXPR_GREATER, tmp);
}
