/* Expressions: what is less, equal, greater, and what can not be compared. */
#include "common/data/expr_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"
#include "common/data/jsonout.h"

const struct value *expr_number(const struct value *v, struct value *tmp)
{
	if (v->type >= VALUE_INT && v->type <= VALUE_NUMBER)
		return v;
	if (v->type != VALUE_TEXT || !v->len)
		return NULL;
	*tmp = (struct value){.s = v->s, .len = v->len, .raw = v->s, .raw_len = v->len};
	return json_take_number(v->s, v->len, tmp) ? tmp : NULL;
}

double expr_double(const struct value *v)
{
	double d;

	if (v->type == VALUE_INT)
		return (double)v->i;
	if (v->type == VALUE_DOUBLE)
		return v->d;
	if (json_strtod(v->s, v->len, &d))
		return d;
	char *text = xstrndup(v->s, v->len); /* too large or too small: strtod says which */
	d = strtod(text, NULL);
	free(text);
	return d;
}

static enum expr_order order_of(bool less, bool greater)
{
	return less ? EXPR_LESS : greater ? EXPR_GREATER : EXPR_EQUAL;
}

/* Exact, though not every int64 is a double. */
static enum expr_order compare_int_double(int64_t i, double d)
{
	if (d >= 9223372036854775808.0)
		return EXPR_LESS;
	if (d < -9223372036854775808.0)
		return EXPR_GREATER;
	double whole = trunc(d);
	int64_t w = (int64_t)whole;
	if (i != w)
		return order_of(i<w, i> w);
	return order_of(d > whole, d < whole);
}

/* The digits of a whole number, without sign; NULL: it has a fraction or an exponent. */
static const char *whole_digits(const struct value *v, char buf[JSONOUT_INT_MAX], size_t *ret_len, bool *ret_minus)
{
	const char *s = v->s;
	size_t len = v->len;

	if (v->type == VALUE_DOUBLE)
		return NULL;
	if (v->type == VALUE_INT) {
		len = (size_t)(jsonout_int(buf, v->i) - buf);
		s = buf;
	}
	if (memchr(s, '.', len) || memchr(s, 'e', len) || memchr(s, 'E', len))
		return NULL;
	*ret_minus = *s == '-';
	*ret_len = len - *ret_minus;
	return s + *ret_minus;
}

/* A number's digits from the first that is not 0, with a '.' perhaps, and the power of ten of that one. */
struct decimal {
	const char *s, *end;
	int64_t power;
};

/* Of the text of V, without its sign.  Powers beyond 10^17, which no one has a use for, become that. */
static struct decimal take_decimal(const struct value *v)
{
	const char *s = v->s + (*v->s == '-'), *end = v->s + v->len;
	struct decimal d = {.s = s, .end = s};
	int64_t power = 0, limit = INT64_C(100000000000000000);

	while (d.end < end && (*d.end | 0x20) != 'e')
		d.end++;
	for (const char *p = d.end + 1; p < end; p++)
		if (*p >= '0' && *p <= '9' && power < limit)
			power = power * 10 + (*p - '0');
	if (d.end + 1 < end && d.end[1] == '-')
		power = -power;
	const char *point = memchr(s, '.', (size_t)(d.end - s));
	while (d.s < d.end && (*d.s == '0' || *d.s == '.'))
		d.s++;
	if (!point)
		point = d.end;
	d.power = power + (point - d.s) - (point > d.s);
	return d;
}

static int next_digit(struct decimal *d)
{
	d->s += d->s < d->end && *d->s == '.';
	return d->s < d->end ? *d->s++ : '0';
}

/* Both are texts that are not 0. */
static int compare_digits(struct decimal a, struct decimal b)
{
	int x = 0, y = 0;

	if (a.power != b.power)
		return a.power < b.power ? -1 : 1;
	while (x == y && (a.s < a.end || b.s < b.end)) {
		x = next_digit(&a);
		y = next_digit(&b);
	}
	return x - y;
}

/* Numbers that are the same as doubles because they are too large or too small for one. */
static enum expr_order compare_extreme(const struct value *a, const struct value *b)
{
	int sign_a = a->type != VALUE_NUMBER ? 0 : *a->s == '-' ? -1 : 1;
	int sign_b = b->type != VALUE_NUMBER ? 0 : *b->s == '-' ? -1 : 1;

	if (sign_a != sign_b || !sign_a)
		return order_of(sign_a<sign_b, sign_a> sign_b);
	int order = compare_digits(take_decimal(a), take_decimal(b)) * sign_a;
	return order_of(order<0, order> 0);
}

/* Numbers of which one fits neither int64 nor double: exact when both are whole, or both far out. */
static enum expr_order compare_large(const struct value *a, const struct value *b)
{
	char buf_a[JSONOUT_INT_MAX], buf_b[JSONOUT_INT_MAX];
	size_t len_a, len_b;
	bool minus_a, minus_b;
	const char *x = whole_digits(a, buf_a, &len_a, &minus_a), *y = whole_digits(b, buf_b, &len_b, &minus_b);

	if (!x || !y) {
		double dx = expr_double(a), dy = expr_double(b);
		bool extreme = dx == dy && (dx == 0 || isinf(dx));
		return extreme ? compare_extreme(a, b) : order_of(dx<dy, dx> dy);
	}
	if (minus_a != minus_b)
		return minus_a ? EXPR_LESS : EXPR_GREATER;
	int order = len_a != len_b ? (len_a < len_b ? -1 : 1) : memcmp(x, y, len_a);
	return minus_a ? order_of(order > 0, order < 0) : order_of(order<0, order> 0);
}

static enum expr_order compare_numbers(const struct value *a, const struct value *b)
{
	if (a->type == VALUE_INT && b->type == VALUE_INT)
		return order_of(a->i<b->i, a->i> b->i);
	if (a->type == VALUE_DOUBLE && b->type == VALUE_DOUBLE)
		return order_of(a->d<b->d, a->d> b->d);
	if (a->type == VALUE_NUMBER || b->type == VALUE_NUMBER)
		return compare_large(a, b);
	if (a->type == VALUE_INT)
		return compare_int_double(a->i, b->d);
	enum expr_order order = compare_int_double(b->i, a->d);
	return order_of(order == EXPR_GREATER, order == EXPR_LESS);
}

/* By bytes, which for UTF-8 is by characters. */
static enum expr_order compare_strings(const struct value *a, const struct value *b)
{
	int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);

	if (order)
		return order_of(order<0, order> 0);
	return order_of(a->len<b->len, a->len> b->len);
}

/* A time beside a text or number that is one. */
static enum expr_order compare_times(const struct value *a, const struct value *b)
{
	struct timespec t;

	if (b->type == VALUE_TIME)
		return order_of(a->i<b->i, a->i> b->i);
	if (!expr_is_string(b) || value_time(b, &t) < 0)
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
