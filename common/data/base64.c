/* Base64, RFC 4648 section 4, strict. */
#include "common/data/base64.h"

#include <errno.h>
#include <stdint.h>

static const char digits[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_encode(char *dst, const void *src, size_t len)
{
	const unsigned char *s = src;
	char *p = dst;

	for (; len >= 3; len -= 3, s += 3) {
		uint32_t group = (uint32_t)s[0] << 16 | (uint32_t)s[1] << 8 | s[2];
		*p++ = digits[group >> 18];
		*p++ = digits[group >> 12 & 63];
		*p++ = digits[group >> 6 & 63];
		*p++ = digits[group & 63];
	}
	if (len) {
		uint32_t group = (uint32_t)s[0] << 16 | (len > 1 ? (uint32_t)s[1] << 8 : 0);
		*p++ = digits[group >> 18];
		*p++ = digits[group >> 12 & 63];
		*p++ = len > 1 ? digits[group >> 6 & 63] : '=';
		*p++ = '=';
	}
	return (size_t)(p - dst);
}

/* 0..63, or -1. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int base64_decode(char *dst, const char *s, size_t len, size_t *ret_len)
{
	size_t out = 0, pad = 0;

	if (len && s[len - 1] == '=')
		pad = len > 1 && s[len - 2] == '=' ? 2 : 1;
	for (size_t i = 0; i < len; i += 4) {
		uint32_t group = 0;
		size_t n = len - i <= 4 ? len - i - pad : 4; /* characters that are not padding */
		for (size_t j = 0; j < n; j++) {
			int value = value_of(s[i + j]);
			if (value < 0) {
				*ret_len = i + j;
				return -EINVAL;
			}
			group |= (uint32_t)value << (18 - 6 * j);
		}
		/* 4 digits make 3 bytes, 3 digits make 2, and 2 digits make 1; unused bits are 0. */
		if (len - i < 4 || n < 2 || (n < 4 && group << (8 + 8 * (n - 1)))) {
			*ret_len = len - i < 4 ? len : i + n - 1;
			return -EINVAL;
		}
		for (size_t j = 0; j + 1 < n; j++)
			dst[out++] = (char)(group >> (16 - 8 * j));
	}
	*ret_len = out;
	return 0;
}
