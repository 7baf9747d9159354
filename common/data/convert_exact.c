/* Numbers in decimal notation: see convert_exact.h. */
#include "common/data/convert_exact.h"

#include <errno.h>

#include "common/base/ascii.h"

/* Larger exponents need not be distinguished: no number of a column has so many digits. */
#define POWER_MAX INT64_C(1000000000000)

/*
 * The text of a number, analysed: MANTISSA is the value of its first 19 digits, without the point; it is exact when
 * there are no more.
 */
struct exact_text {
	bool minus;
	const char *s, *end; /* the digits, with the point */
	uint64_t mantissa;
	size_t digits; /* not counting leading zeros */
	int64_t power; /* power of ten by which the digits must be multiplied when the point is left out */
};

static const uint64_t powers[] = {UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000),
	UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000),
	UINT64_C(10000000000), UINT64_C(100000000000), UINT64_C(1000000000000), UINT64_C(10000000000000),
	UINT64_C(100000000000000), UINT64_C(1000000000000000), UINT64_C(10000000000000000),
	UINT64_C(100000000000000000), UINT64_C(1000000000000000000)};

/* The exponent after the 'e', from P to the end. */
static bool take_power(const char *p, const char *end, struct exact_text *t)
{
	bool minus = p < end && *p == '-';
	int64_t power = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return false;
	for (; p < end && ascii_is_digit(*p); p++)
		if (power < POWER_MAX)
			power = power * 10 + (*p - '0');
	t->power += minus ? -power : power;
	return p == end;
}

static bool take_apart(const char *p, const char *end, struct exact_text *t)
{
	const char *point = NULL;
	bool any = false;

	*t = (struct exact_text){.minus = p < end && *p == '-'};
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (t->s = p; p < end; p++) {
		unsigned digit = (unsigned)(*p - '0');
		if (digit > 9) {
			if (*p != '.' || point)
				break;
			point = p;
			continue;
		}
		any = true;
		t->digits += digit || t->digits;
		if (t->digits <= 19)
			t->mantissa = t->mantissa * 10 + digit;
	}
	t->end = p;
	if (point)
		t->power = point + 1 - p;
	return any && (p == end || ((*p | 0x20) == 'e' && take_power(p + 1, end, t)));
}

/* For numbers of up to 18 digits, which most are. */
static int scale_short(const struct exact_text *t, unsigned digits, int64_t power, bool drop, exact_int *ret)
{
	exact_int n = t->mantissa;

	if (power >= 0) {
		if (t->mantissa && (int64_t)t->digits + power > (int64_t)digits)
			return EXACT_LARGE;
		for (; t->mantissa && power > 18; power -= 18)
			n *= (int64_t)powers[18];
		n *= t->mantissa ? (int64_t)powers[power] : 1;
	} else {
		uint64_t divisor = powers[power < -18 ? 18 : -power], whole = t->mantissa / divisor;
		bool rest = power < -18 ? t->mantissa != 0 : t->mantissa % divisor != 0;
		if (power < -18)
			whole = 0;
		if (rest && !drop)
			return EXACT_FRACTION;
		n = (exact_int)whole + (rest && t->minus);
		if (digits <= 18 && whole >= powers[digits])
			return EXACT_LARGE;
	}
	*ret = t->minus ? -n : n;
	return 0;
}

/* The general case, digit by digit; the number is not 0. */
static int scale_long(const struct exact_text *t, unsigned digits, int64_t power, bool drop, exact_int *ret)
{
	int64_t left = (int64_t)t->digits + power; /* digits before the point, once the number is scaled */
	exact_int n = 0;
	bool rest = false, begun = false;

	if (left > (int64_t)digits)
		return EXACT_LARGE;
	for (const char *p = t->s; p < t->end; p++) {
		if (*p == '.' || (*p == '0' && !begun))
			continue;
		begun = true;
		if (left > 0) {
			n = n * 10 + (*p - '0');
			left--;
		} else {
			rest |= *p != '0';
		}
	}
	for (; left > 0; left--)
		n *= 10;
	if (rest && !drop)
		return EXACT_FRACTION;
	n += rest && t->minus;
	*ret = t->minus ? -n : n;
	return 0;
}

int exact_scaled(const char *s, size_t len, unsigned digits, int scale, bool drop, exact_int *ret)
{
	struct exact_text t;

	if (!take_apart(s, s + len, &t))
		return -EINVAL;
	if (t.digits <= 18)
		return scale_short(&t, digits, t.power + scale, drop, ret);
	return scale_long(&t, digits, t.power + scale, drop, ret);
}

int exact_scaled_int(int64_t n, unsigned digits, int scale, bool drop, exact_int *ret)
{
	int64_t size = n < 0 ? (n == INT64_MIN ? INT64_MAX : -n) : n;
	int room = (int)digits - scale; /* digits before the point */

	if (room <= 18 && size >= (int64_t)powers[room])
		return EXACT_LARGE;
	exact_int scaled = n;
	for (; scale > 18; scale -= 18)
		scaled *= (int64_t)powers[18];
	if (scale >= 0) {
		*ret = scaled * (int64_t)powers[scale];
		return 0;
	}
	int64_t divisor = (int64_t)powers[scale < -18 ? 18 : -scale], rest = n % divisor;
	if (rest && !drop)
		return EXACT_FRACTION;
	*ret = n / divisor - (rest < 0);
	return 0;
}

bool exact_is_number(const char *s, size_t len)
{
	struct exact_text t;

	return take_apart(s, s + len, &t);
}
