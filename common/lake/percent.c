/* Percent-encoding: see percent.h. */
#include "common/lake/percent.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/ascii.h"

static int plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_';
}

/* Append S with what is not plain, in KEEP, or above ASCII if BEYOND, as %XX. */
static void encode(struct strbuf *out, const char *s, const char *keep, bool beyond)
{
	while (*s) {
		const char *from = s;
		while (*s && (plain(*s) || strchr(keep, *s) || (beyond && (unsigned char)*s >= 0x80)))
			s++;
		strbuf_add(out, from, (size_t)(s - from));
		if (*s)
			strbuf_addf(out, "%%%02X", (unsigned char)*s++);
	}
}

void percent_encode(struct strbuf *out, const char *s, const char *keep)
{
	encode(out, s, keep, false);
}

void percent_encode_name(struct strbuf *out, const char *s)
{
	encode(out, s, "", true);
}

int percent_decode(struct strbuf *out, const char *s)
{
	for (; *s; s++) {
		if (*s != '%') {
			strbuf_addch(out, *s);
			continue;
		}
		int high = ascii_hex_value(s[1]), low = high < 0 ? -1 : ascii_hex_value(s[2]);
		if (low < 0 || high + low == 0)
			return -EINVAL;
		strbuf_addch(out, (char)(high << 4 | low));
		s += 2;
	}
	return 0;
}
