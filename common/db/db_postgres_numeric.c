/*
 * PostgreSQL: numeric in its binary form, with all digits.  See db_postgres_impl.h.
 *
 * Source: numeric_recv() of PostgreSQL's backend/utils/adt/numeric.c: four numbers of 16 bits (how many digits to the
 * base 10000 follow, the weight of the first, the sign, the digits after the point), then these digits.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/db/db_cell.h"
#include "common/db/db_postgres_impl.h"

#define NEGATIVE    0x4000
#define DIGITS_MAX  4000 /* more than that on either side of the point are refused */
#define POINT_GROUP 4    /* decimal digits in one to the base 10000 */

/* The digits of a number without zeros at its ends; VALUE = 0.DIGITS * 10^POINT. */
struct numeric_digits {
	bool negative;
	long point;
	struct strbuf digits;
};

/* Take the digits, with at most one point among them, from *S; COUNT is how many there were. */
static void take_digits(const char **s, const char *end, struct numeric_digits *d, size_t *count)
{
	bool after = false;
	for (; *s < end && (ascii_is_digit(**s) || (**s == '.' && !after)); ++*s) {
		if (**s == '.') {
			after = true;
			continue;
		}
		++*count;
		if (d->digits.len || **s != '0') {
			strbuf_addch(&d->digits, **s);
			d->point += !after;
		} else {
			d->point -= after;
		}
	}
}

/* An exponent, if there is one.  False: it is malformed. */
static bool take_exponent(const char **s, const char *end, struct numeric_digits *d)
{
	long n = 0;
	bool negative;
	if (*s == end)
		return true;
	if ((**s | 0x20) != 'e' || ++*s == end)
		return false;
	negative = **s == '-';
	*s += negative || **s == '+';
	if (*s == end)
		return false;
	for (; *s < end && ascii_is_digit(**s); ++*s)
		n = n > 100000 ? n : n * 10 + (**s - '0');
	d->point += negative ? -n : n;
	return *s == end;
}

static bool read_decimal(const char *s, size_t len, struct numeric_digits *d)
{
	const char *end = s + len;
	size_t count = 0;
	*d = (struct numeric_digits){.digits = STRBUF_INIT, .negative = len && *s == '-'};
	s += len && (*s == '-' || *s == '+');
	take_digits(&s, end, d, &count);
	if (!count || !take_exponent(&s, end, d))
		return false;
	while (d->digits.len && d->digits.s[d->digits.len - 1] == '0')
		strbuf_setlen(&d->digits, d->digits.len - 1);
	if (!d->digits.len) {
		d->point = 0;
		d->negative = false;
	}
	return true;
}

static void add16(struct strbuf *out, long n)
{
	strbuf_addch(out, (char)(n >> 8 & 0xff));
	strbuf_addch(out, (char)(n & 0xff));
}

/* Write D with SCALE digits after the point, of which it has no more. */
static void write_numeric(const struct numeric_digits *d, long scale, struct strbuf *out)
{
	struct strbuf cell = STRBUF_INIT;
	/* groups of four digits, counted from the point: the first one has 1 to 4 */
	long weight = (d->point + POINT_GROUP * 2000 - 1) / POINT_GROUP - 2000;
	long lead = (weight + 1) * POINT_GROUP - d->point; /* zeros before the digits */
	long total = lead + (long)d->digits.len, groups = d->digits.len ? (total + POINT_GROUP - 1) / POINT_GROUP : 0;
	add16(&cell, groups);
	add16(&cell, d->digits.len ? weight : 0);
	add16(&cell, d->negative ? NEGATIVE : 0);
	add16(&cell, scale);
	for (long i = 0; i < groups; i++) {
		long n = 0;
		for (long j = i * POINT_GROUP - lead; j < (i + 1) * POINT_GROUP - lead; j++)
			n = n * 10 + (j >= 0 && j < (long)d->digits.len ? d->digits.s[j] - '0' : 0);
		add16(&cell, n);
	}
	db_cell_bytes(out, cell.s, cell.len);
	strbuf_release(&cell);
}

int postgres_numeric(
	const char *s, size_t len, unsigned precision, unsigned scale, struct strbuf *out, const char **why)
{
	struct numeric_digits d;
	bool read = read_decimal(s, len, &d);
	long after = (long)d.digits.len - d.point; /* digits after the point */
	*why = !read                                                  ? "is not a number"
	       : precision && after > (long)scale                     ? "has too many digits after the point"
	       : precision && d.point > (long)precision - (long)scale ? "has too many digits before the point"
	       : d.point > DIGITS_MAX || after > DIGITS_MAX           ? "has too many digits"
								      : NULL;
	if (!*why)
		write_numeric(&d, precision ? (long)scale : after > 0 ? after : 0, out);
	strbuf_release(&d.digits);
	return *why ? read ? -ERANGE : -EINVAL : 0;
}
