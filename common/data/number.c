/* Numbers of records, exactly: see number.h. */
#include "common/data/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_impl.h"
#include "common/data/jsonout.h"

/* From here on not every whole number can be a double. */
#define FAR 0x1p53
/* At most this many zeros are written out after the digits of a whole number. */
#define ZEROS_MAX 20

/*
 * A number: its digits from the first to the last one that is not 0, perhaps with a '.' between them, and the power of
 * ten of the first one.  Without digits the number is 0.
 */
struct decimal {
	const char *s, *end;
	int64_t power;
	bool minus;
	char room[320]; /* the text of a value that has none */
};

double number_double(const struct value *v)
{
	double d;

	if (v->type == VALUE_INT)
		return (double)v->i;
	if (v->type == VALUE_DOUBLE)
		return v->d;
	if (json_strtod(v->s, v->len, &d))
		return d;
	char *text = xstrndup(v->s, v->len); /* too large or too small: strtod tells which */
	d = strtod(text, NULL);
	free(text);
	return d;
}

bool number_is_long(const struct value *v)
{
	return v->type != VALUE_INT && v->s && (v->type == VALUE_NUMBER || fabs(v->d) >= 0x1p63) &&
	       !memchr(v->s, '.', v->len) && !memchr(v->s, 'e', v->len) && !memchr(v->s, 'E', v->len);
}

/* The exponent after the 'e', from S to END.  Exponents above 10^17 are pointless and become 10^17. */
static int64_t take_power(const char *s, const char *end)
{
	const int64_t limit = INT64_C(100000000000000000);
	bool minus = s < end && *s == '-';
	int64_t power = 0;

	for (; s < end && power < limit; s++)
		if (*s >= '0' && *s <= '9')
			power = power * 10 + (*s - '0');
	return minus ? -power : power;
}

static void take_text(struct decimal *d, const char *s, size_t len)
{
	const char *end = s + len;

	d->minus = len && *s == '-';
	s += d->minus;
	d->s = d->end = s;
	while (d->end < end && (*d->end | 0x20) != 'e')
		d->end++;
	int64_t power = take_power(d->end + (d->end < end), end);
	const char *point = memchr(s, '.', (size_t)(d->end - s));
	if (!point)
		point = d->end;
	while (d->s < d->end && (*d->s == '0' || *d->s == '.'))
		d->s++;
	while (d->end > d->s && (d->end[-1] == '0' || d->end[-1] == '.'))
		d->end--;
	d->power = power + (point - d->s) - (point > d->s);
}

static void take_decimal(struct decimal *d, const struct value *v)
{
	size_t len;

	if (v->type != VALUE_INT && v->s) {
		take_text(d, v->s, v->len);
		return;
	}
	if (v->type == VALUE_INT)
		len = (size_t)(jsonout_int(d->room, v->i) - d->room);
	else
		len = (size_t)snprintf(d->room, sizeof d->room, "%.0f", v->d);
	take_text(d, d->room, len);
}

static int next_digit(struct decimal *d)
{
	d->s += d->s < d->end && *d->s == '.';
	return d->s < d->end ? *d->s++ : '0';
}

static int sign_of(const struct decimal *d)
{
	return d->s == d->end ? 0 : d->minus ? -1 : 1;
}

static int compare_decimals(const struct value *a, const struct value *b)
{
	struct decimal p, q;
	int x = 0, y = 0;

	take_decimal(&p, a);
	take_decimal(&q, b);
	int sign = sign_of(&p);
	if (sign != sign_of(&q) || !sign)
		return sign - sign_of(&q);
	if (p.power != q.power)
		return p.power < q.power ? -sign : sign;
	while (x == y && (p.s < p.end || q.s < q.end)) {
		x = next_digit(&p);
		y = next_digit(&q);
	}
	return sign * (x - y);
}

/* Exact, although not every int64 is a double. */
static int compare_int_double(int64_t i, double d)
{
	if (d >= 0x1p63)
		return -1;
	if (d < -0x1p63)
		return 1;
	int64_t whole = (int64_t)d; /* towards zero */
	if (i != whole)
		return i < whole ? -1 : 1;
	double rest = d - (double)whole;
	return rest > 0 ? -1 : rest < 0;
}

/* Whether its digits must be compared. */
static bool is_far(const struct value *v)
{
	return v->type == VALUE_NUMBER || (v->type == VALUE_DOUBLE && v->s && fabs(v->d) >= FAR);
}

int number_compare(const struct value *a, const struct value *b)
{
	if (a->type == VALUE_INT && b->type == VALUE_INT)
		return (a->i > b->i) - (a->i < b->i);
	if (is_far(a) || is_far(b)) {
		/* rounding keeps the order, so digits must be compared only when both are rounded to the same double */
		double x = number_double(a), y = number_double(b);
		return x != y ? (x > y) - (x < y) : compare_decimals(a, b);
	}
	if (a->type == VALUE_INT)
		return compare_int_double(a->i, b->d);
	if (b->type == VALUE_INT)
		return -compare_int_double(b->i, a->d);
	return (a->d > b->d) - (a->d < b->d);
}

/* Store a whole number that fits into an int64 in *RET. */
static bool take_int(struct decimal d, struct value *ret)
{
	uint64_t n = 0;

	if (d.power > 18)
		return false;
	for (int64_t i = 0; i <= d.power; i++)
		n = n * 10 + (uint64_t)(next_digit(&d) - '0');
	if (d.s < d.end || n > (uint64_t)INT64_MAX + d.minus)
		return false;
	*ret = (struct value){.type = VALUE_INT, .i = (int64_t)(d.minus ? -n : n)};
	return true;
}

/* The text of D, of N digits. */
static void write_decimal(struct decimal d, int64_t n, struct strbuf *text)
{
	bool plain = d.power >= 0 && d.power - (n - 1) <= ZEROS_MAX;
	int64_t before = plain ? d.power + 1 : 1; /* digits before the point */

	if (d.minus)
		strbuf_addch(text, '-');
	for (int64_t i = 0; i < before || i < n; i++) {
		if (i == before)
			strbuf_addch(text, '.');
		strbuf_addch(text, (char)next_digit(&d));
	}
	if (!plain)
		strbuf_addf(text, "e%+lld", (long long)d.power);
}

void number_canonical(const struct value *v, struct value *ret, struct strbuf *text)
{
	struct decimal d;

	if (v->type == VALUE_INT) {
		*ret = (struct value){.type = VALUE_INT, .i = v->i};
		return;
	}
	if (!is_far(v) && v->d >= -9223372036854775808.0 && v->d < 9223372036854775808.0) {
		*ret = (struct value){.type = VALUE_DOUBLE, .d = v->d};
		if (v->d == rint(v->d))
			*ret = (struct value){.type = VALUE_INT, .i = (int64_t)v->d};
		return;
	}
	take_decimal(&d, v);
	if (!v->s) /* it has no text: use as few digits as possible */
		take_text(&d, d.room, (size_t)(jsonout_double(d.room, v->d) - d.room));
	if (d.s == d.end)
		*ret = (struct value){.type = VALUE_INT};
	if (d.s == d.end || (d.power >= 0 && take_int(d, ret)))
		return;
	int64_t n = d.end - d.s - (memchr(d.s, '.', (size_t)(d.end - d.s)) != NULL);
	strbuf_clear(text);
	write_decimal(d, n, text);
	*ret = (struct value){
		.type = VALUE_NUMBER, .raw = text->s, .raw_len = text->len, .s = text->s, .len = text->len};
}
