/* JSON: numbers, exact. */
#include "common/data/json_impl.h"
#include "common/data/json_tokens.h"

#include <string.h>

#include "common/base/ascii.h"

/* A number in parts: MANTISSA * 10^EXPONENT, exact while DIGITS is at most 19. */
struct number_parts {
	bool minus, integer;
	int digits;
	uint64_t mantissa;
	int exponent;
};

/* The digits from P on, at least one; returns where they end, NULL when there is none. */
static const char *digits(const char *p, const char *end, struct number_parts *n)
{
	const char *start = p;

	for (; p < end && ascii_is_digit(*p); p++)
		n->mantissa = n->mantissa * 10 + (uint64_t)(*p - '0');
	n->digits += (int)(p - start);
	return p == start ? NULL : p;
}

static const char *exponent(const char *p, const char *end, struct number_parts *n)
{
	bool minus = p < end && *p == '-';
	const char *start;
	int value = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (start = p; p < end && ascii_is_digit(*p); p++)
		if (value < 100000) /* far beyond any double */
			value = value * 10 + (*p - '0');
	n->exponent += minus ? -value : value;
	return p == start ? NULL : p;
}

static bool take_apart(const char *p, const char *end, struct number_parts *n)
{
	*n = (struct number_parts){.minus = *p == '-', .integer = true};
	p += n->minus;
	if (end - p > 1 && *p == '0' && ascii_is_digit(p[1]))
		return false;
	p = digits(p, end, n);
	if (p && p < end && *p == '.') {
		int before = n->digits;
		n->integer = false;
		p = digits(p + 1, end, n);
		n->exponent = before - n->digits;
	}
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		n->integer = false;
		p = exponent(p + 1, end, n);
	}
	return p == end;
}

static void set_integer(struct value *v, const struct number_parts *n)
{
	if (n->digits > 19 || n->mantissa > (uint64_t)INT64_MAX + n->minus) {
		v->type = VALUE_NUMBER;
		return;
	}
	v->type = VALUE_INT;
	v->i = (int64_t)(n->minus ? -n->mantissa : n->mantissa);
}

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
	1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Both factors are exact, so the result is rounded once: Clinger's fast path, which covers nearly all decimals. */
static bool set_fast_double(struct value *v, const struct number_parts *n)
{
	if (n->digits > 19 || n->mantissa > UINT64_C(1) << 53 || n->exponent < -22 || n->exponent > 22)
		return false;
	double d = (double)n->mantissa;
	d = n->exponent < 0 ? d / powers[-n->exponent] : d * powers[n->exponent];
	v->d = n->minus ? -d : d;
	return true;
}

bool json_take_number(const char *s, size_t len, struct value *v)
{
	struct number_parts n;

	if (!take_apart(s, s + len, &n))
		return false;
	if (!v)
		return true;
	if (n.integer)
		set_integer(v, &n);
	else
		v->type = set_fast_double(v, &n) || json_strtod(s, len, &v->d) ? VALUE_DOUBLE : VALUE_NUMBER;
	return true;
}

/*
 * Eight digits, the last one in the highest byte: neighbours are combined into pairs, pairs into fours, fours into
 * eight.
 */
static uint32_t eight_digits(uint64_t v)
{
	v = (v & UINT64_C(0x0f0f0f0f0f0f0f0f)) * (10 * 256 + 1) >> 8;
	v = (v & UINT64_C(0x00ff00ff00ff00ff)) * (100 * 65536 + 1) >> 16;
	return (uint32_t)((v & UINT64_C(0x0000ffff0000ffff)) * ((UINT64_C(10000) << 32) + 1) >> 32);
}

bool json_take_quick(const char *s, size_t len, struct value *v)
{
	uint64_t word, dot;

	memcpy(&word, s, 8);
	if (len > 8 || !json_quick_number(word, (uint32_t)len, &word, &dot))
		return false;
	if (!dot) {
		v->type = VALUE_INT;
		v->i = eight_digits(word);
		return true;
	}
	/*
	 * Close the gap: the digits before the '.' move up by one byte. dot >> 7 is the lowest bit of the byte of the
	 * '.'.
	 */
	uint64_t before = word & ((dot >> 7) - 1), after = word & ~((dot << 1) - 1);
	v->type = VALUE_DOUBLE;
	v->d = eight_digits(after | before << 8 | '0') / powers[7 - __builtin_ctzll(dot) / 8];
	return true;
}
