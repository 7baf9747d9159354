/* JSON: escapes in strings. */
#include "common/data/json_text.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/utf8.h"

#define REPLACEMENT 0xfffd

/* The four hexadecimal digits at S, of which LEN bytes are there; -1: they are not. */
static int32_t hex4(const char *s, size_t len)
{
	int32_t value = 0;

	if (len < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = ascii_hex_value(s[i]);
		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* What \c stands for; -1: nothing. */
static int plain_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
		return c;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return -1;
	}
}

/*
 * Decode the escape at S (a backslash) into *RET_CODE, which is -1 for half a surrogate pair.  Returns the escape's
 * length (2, 6 or 12), or 0 when it is invalid.
 */
static size_t escape(const char *s, size_t len, int32_t *ret_code)
{
	if (len < 2)
		return 0;
	if (s[1] != 'u') {
		*ret_code = plain_escape(s[1]);
		return *ret_code < 0 ? 0 : 2;
	}
	int32_t code = hex4(s + 2, len - 2);
	if (code < 0)
		return 0;
	*ret_code = code;
	if (code < 0xd800 || code > 0xdfff)
		return 6;
	*ret_code = -1;
	if (code > 0xdbff || len < 12 || s[6] != '\\' || s[7] != 'u')
		return 6;
	int32_t low = hex4(s + 8, len - 8);
	if (low < 0xdc00 || low > 0xdfff)
		return 6;
	*ret_code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	return 12;
}

int json_unescape(char *dst, const char *s, size_t len, size_t *ret_len, size_t *ret_lone)
{
	char *p = dst;
	size_t i = 0;

	*ret_lone = SIZE_MAX;
	while (i < len) {
		const char *slash = memchr(s + i, '\\', len - i);
		size_t plain = slash ? (size_t)(slash - s) - i : len - i;
		memmove(p, s + i, plain);
		p += plain;
		i += plain;
		if (!slash)
			break;
		int32_t code;
		size_t n = escape(s + i, len - i, &code);
		if (!n) {
			*ret_len = i;
			return -EINVAL;
		}
		if (code < 0 && *ret_lone == SIZE_MAX)
			*ret_lone = i;
		p = utf8_put(p, code < 0 ? REPLACEMENT : (uint32_t)code);
		i += n;
	}
	*ret_len = (size_t)(p - dst);
	return 0;
}

size_t json_bad_escape(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		const char *slash = memchr(s + i, '\\', len - i);
		if (!slash)
			break;
		i = (size_t)(slash - s);
		int32_t code;
		size_t n = escape(s + i, len - i, &code);
		if (!n)
			return i;
		i += n;
	}
	return SIZE_MAX;
}
