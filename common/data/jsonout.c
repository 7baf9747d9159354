/* JSON: the writing side. */
#include "common/data/jsonout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/base64.h"
#include "common/data/utf8.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGH UINT64_C(0x8080808080808080)

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
	uint64_t v, quote, slash;

	memcpy(&v, s, 8);
	quote = v ^ ONES * '"';
	slash = v ^ ONES * '\\';
	return (((v - ONES * 0x20) & ~v) | ((quote - ONES) & ~quote) | ((slash - ONES) & ~slash)) & HIGH;
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

char *jsonout_int(char *p, int64_t n)
{
	char digits[JSONOUT_INT_MAX];
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	size_t i = sizeof(digits);

	do
		digits[--i] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (n < 0)
		digits[--i] = '-';
	memcpy(p, digits + i, sizeof(digits) - i);
	return p + sizeof(digits) - i;
}

/* Write D as N / 10^DECIMALS if that gives exactly D; this works for nearly all numbers that people write. */
static char *few_decimals(char *p, double d)
{
	static const double powers[] = {1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

	for (int i = 0; i < 6; i++) {
		double n = rint(d * powers[i]);
		if (n / powers[i] != d || n >= 0x1p53)
			continue;
		uint64_t unit = (uint64_t)powers[i], whole = (uint64_t)n / unit, rest = (uint64_t)n % unit;
		p = jsonout_int(p, (int64_t)whole);
		for (*p++ = '.'; unit /= 10; rest %= unit)
			*p++ = (char)('0' + rest / unit);
		return p;
	}
	return NULL;
}

char *jsonout_double(char *p, double d)
{
	char *end;
	int n = 0;

	if (!isfinite(d)) {
		memcpy(p, "null", 4);
		return p + 4;
	}
	if (signbit(d))
		*p++ = '-';
	d = fabs(d);
	end = d < 1e15 && (d >= 1e-4 || d == 0) ? few_decimals(p, d) : NULL;
	if (end)
		return end;
	char text[JSONOUT_DOUBLE_MAX];
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(text, sizeof text, "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	memcpy(p, text, (size_t)n);
	if (!memchr(text, '.', (size_t)n) && !memchr(text, 'e', (size_t)n)) {
		memcpy(p + n, ".0", 2);
		n += 2;
	}
	return p + n;
}
