/* Percent-encoding: see uri.h. */
#include "common/io/uri.h"

#include <errno.h>

#include "common/base/ascii.h"

static bool is_plain(char c, bool slashes)
{
	char lower = (char)(c | 0x20);
	if (ascii_is_digit(c) || (lower >= 'a' && lower <= 'z'))
		return true;
	return c == '-' || c == '.' || c == '_' || c == '~' || (slashes && c == '/');
}

void uri_encode(struct strbuf *ret, const char *s, size_t len, bool slashes)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (is_plain(s[i], slashes))
			strbuf_addch(ret, s[i]);
		else
			strbuf_add(ret, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
	}
}

int uri_decode(struct strbuf *ret, const char *s, size_t len)
{
	size_t before = ret->len;
	for (size_t i = 0; i < len; i++) {
		if (s[i] != '%') {
			strbuf_addch(ret, s[i]);
			continue;
		}
		int high = len - i > 2 ? ascii_hex_value(s[i + 1]) : -1;
		int low = len - i > 2 ? ascii_hex_value(s[i + 2]) : -1;
		if (high < 0 || low < 0 || high + low == 0) {
			strbuf_setlen(ret, before);
			return -EILSEQ;
		}
		strbuf_addch(ret, (char)(high << 4 | low));
		i += 2;
	}
	return 0;
}
