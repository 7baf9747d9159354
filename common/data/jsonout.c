/* JSON: the writing side. */
#include "common/data/jsonout.h"

#include <math.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/base/eight.h"
#include "common/data/base64.h"
#include "common/data/shortest.h"
#include "common/data/utf8.h"

static const char base64_open[] = "{\"base64\":\"", base64_close[] = "\"}";

/* The letter after the backslash; 'u': \u00XX; 0: the byte needs no escape. */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\n':
		return 'n';
	case '\t':
		return 't';
	case '\r':
		return 'r';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	default:
		return c < 0x20 ? 'u' : 0;
	}
}

/* Not 0 when one of 8 bytes needs an escape.  The lowest bit that is set is exact; higher ones may be wrong. */
static uint64_t escapes_in(const char *s)
{
	uint64_t v;

	memcpy(&v, s, 8);
	return ((v - EIGHT_ONES * 0x20) & ~v & EIGHT_HIGH) | eight_that_are(v, '"') | eight_that_are(v, '\\');
}

static char *put_byte(char *p, unsigned char c)
{
	char escape = escape_of(c);

	if (!escape) {
		*p++ = (char)c;
		return p;
	}
	*p++ = '\\';
	*p++ = escape;
	if (escape == 'u') {
		*p++ = '0';
		*p++ = '0';
		p = ascii_put_hex(p, &c, 1);
	}
	return p;
}

char *jsonout_string(char *p, const char *s, size_t len)
{
	const char *end = s + len;

	*p++ = '"';
	while (s < end) {
		/* Most text needs no escapes, so 8 bytes are checked at once. */
		while (end - s >= 8 && !escapes_in(s)) {
			memcpy(p, s, 8);
			p += 8;
			s += 8;
		}
		const char *stop = end - s > 8 ? s + 8 : end;
		while (s < stop)
			p = put_byte(p, (unsigned char)*s++);
	}
	*p++ = '"';
	return p;
}

char *jsonout_bytes(char *p, const char *s, size_t len)
{
	if (!s) {
		memcpy(p, "null", 4);
		return p + 4;
	}
	if (utf8_valid(s, len))
		return jsonout_string(p, s, len);
	memcpy(p, base64_open, sizeof(base64_open) - 1);
	p += sizeof(base64_open) - 1;
	p += base64_encode(p, s, len);
	memcpy(p, base64_close, sizeof(base64_close) - 1);
	return p + sizeof(base64_close) - 1;
}

size_t jsonout_bytes_size(const char *s, size_t len)
{
	size_t size = len + 2;

	if (!s)
		return 4;
	if (!utf8_valid(s, len))
		return sizeof(base64_open) + sizeof(base64_close) - 2 + BASE64_SIZE(len);
	for (size_t i = 0; i < len; i++) {
		char escape = escape_of((unsigned char)s[i]);
		size += escape == 'u' ? 5 : escape != 0;
	}
	return size;
}

/* Two digits at a time. */
char *jsonout_int(char *p, int64_t n)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
				    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	char digits[JSONOUT_INT_MAX];
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	size_t i = sizeof(digits);

	for (; rest >= 100; rest /= 100)
		memcpy(digits + (i -= 2), pairs + 2 * (rest % 100), 2);
	if (rest >= 10)
		memcpy(digits + (i -= 2), pairs + 2 * rest, 2);
	else
		digits[--i] = (char)('0' + rest);
	if (n < 0)
		digits[--i] = '-';
	memcpy(p, digits + i, sizeof(digits) - i);
	return p + sizeof(digits) - i;
}

/*
 * Write D, which is below FEW_MAX, as a number with up to 6 decimals if that gives exactly D, as for nearly all numbers
 * that people write; NULL: it does not.  The result is the same as from put_shortest().
 */
#define FEW_MAX 4e9
static char *few_decimals(char *p, double d)
{
	const uint64_t unit = 1000000;
	double n = rint(d * (double)unit);

	if (n / (double)unit != d)
		return NULL;
	uint64_t part = (uint64_t)n % unit, place = unit;
	p = jsonout_int(p, (int64_t)((uint64_t)n / unit));
	*p++ = '.';
	do {
		place /= 10;
		*p++ = (char)('0' + part / place);
		part %= place;
	} while (part);
	return p;
}

/*
 * Write the number whose digits and exponent SHORTEST has (1.25e+06): without an exponent from 0.0001 up to 10^15, or
 * as long as there are more digits.
 */
static char *put_shortest(char *p, const char *shortest, const char *end)
{
	char digits[SHORTEST_MAX];
	int n = 0, exponent = 0;
	const char *s = shortest;
	for (; *s != 'e'; s++)
		if (*s != '.')
			digits[n++] = *s;
	for (const char *e = s + 2; e < end; e++)
		exponent = 10 * exponent + (*e - '0');
	if (s[1] == '-')
		exponent = -exponent;
	if (exponent < -4 || exponent >= (n > 15 ? n : 15)) {
		memcpy(p, shortest, (size_t)(end - shortest));
		return p + (end - shortest);
	}
	if (exponent < 0) {
		p = JSONOUT_LITERAL(p, "0.");
		while (++exponent)
			*p++ = '0';
		return jsonout_raw(p, digits, (size_t)n);
	}
	for (int i = 0; i < n || i <= exponent + 1; i++) {
		if (i == exponent + 1)
			*p++ = '.';
		*p++ = i < n ? digits[i] : '0';
	}
	return p;
}

char *jsonout_double(char *p, double d)
{
	char text[SHORTEST_MAX];

	if (!isfinite(d))
		return JSONOUT_LITERAL(p, "null");
	if (signbit(d))
		*p++ = '-';
	d = fabs(d);
	char *end = d < FEW_MAX && (d >= 1e-4 || d == 0) ? few_decimals(p, d) : NULL;
	if (end)
		return end;
	end = shortest_double(text, d);
	return put_shortest(p, text, end);
}

char *jsonout_float(char *p, float f)
{
	char text[SHORTEST_MAX];

	if (!isfinite(f))
		return JSONOUT_LITERAL(p, "null");
	if (signbit(f))
		*p++ = '-';
	f = fabsf(f);
	if (f == 0)
		return JSONOUT_LITERAL(p, "0.0");
	return put_shortest(p, text, shortest_float(text, f));
}
