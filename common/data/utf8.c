/* UTF-8: validation and encoding. */
#include "common/data/utf8.h"

#include <string.h>

#include "common/base/eight.h"

size_t utf8_char_len(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	/* The allowed values of the second byte depend on the first: Unicode table 3-7. */
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (len < n || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Whether the eight bytes at A and those at B are all ASCII. */
static inline bool are_ascii(const char *a, const char *b)
{
	uint64_t x, y;

	memcpy(&x, a, 8);
	memcpy(&y, b, 8);
	return !((x | y) & EIGHT_HIGH);
}

/* The last 16 bytes of the LEN at S, or all if there are 8 to 15. */
static bool end_is_ascii(const char *s, size_t len)
{
	if (len < 8)
		return false;
	return are_ascii(len < 16 ? s : s + len - 16, s + len - 8);
}

size_t utf8_valid_prefix(const char *s, size_t len)
{
	size_t i = 0;

	/*
	 * Most text is ASCII, so 16 bytes are checked at once; the last bytes, or those of a short text, may be checked
	 * twice.
	 */
	while (i < len) {
		size_t left = len - i;
		if (left >= 16 && are_ascii(s + i, s + i + 8)) {
			i += 16;
			continue;
		}
		if (left < 16 && end_is_ascii(s, len))
			return len;
		size_t end = left > 16 ? i + 16 : len;
		while (i < end) {
			size_t n = utf8_char_len(s + i, len - i);
			if (!n)
				return i;
			i += n;
		}
	}
	return i;
}

bool utf8_valid(const char *s, size_t len)
{
	return utf8_valid_prefix(s, len) == len;
}

void utf8_add_valid(struct strbuf *out, const char *s, size_t len)
{
	while (len) {
		size_t n = utf8_valid_prefix(s, len);
		strbuf_add(out, s, n);
		s += n;
		len -= n;
		if (!len)
			break;
		strbuf_addf(out, "\\x%02x", (unsigned char)*s);
		s++;
		len--;
	}
}

uint32_t utf8_code(const char *s, size_t len)
{
	static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)s[0] & first[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	return code;
}

char *utf8_put(char *p, uint32_t code)
{
	if (code < 0x80) {
		*p++ = (char)code;
	} else if (code < 0x800) {
		*p++ = (char)(0xc0 | code >> 6);
		*p++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*p++ = (char)(0xe0 | code >> 12);
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
		*p++ = (char)(0x80 | (code & 0x3f));
	} else {
		*p++ = (char)(0xf0 | code >> 18);
		*p++ = (char)(0x80 | (code >> 12 & 0x3f));
		*p++ = (char)(0x80 | (code >> 6 & 0x3f));
		*p++ = (char)(0x80 | (code & 0x3f));
	}
	return p;
}
