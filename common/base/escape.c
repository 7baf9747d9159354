/* Backslash escapes: see escape.h. */
#include "common/base/escape.h"

#include <errno.h>
#include <string.h>

#include "common/base/ascii.h"

int escape_next(const char **s, struct strbuf *out, struct strbuf *err)
{
	static const char names[] = "ntrvf0\\", bytes[] = "\n\t\r\v\f\0\\";
	const char *p = *s, *at = *p ? strchr(names, *p) : NULL;
	if (at) {
		strbuf_addch(out, bytes[at - names]);
		*s += 1;
		return 0;
	}
	if (*p == 'x' && ascii_hex_value(p[1]) >= 0 && ascii_hex_value(p[2]) >= 0) {
		strbuf_addch(out, (char)(ascii_hex_value(p[1]) << 4 | ascii_hex_value(p[2])));
		*s += 3;
		return 0;
	}
	strbuf_addf(err, "'\\%.1s' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN", p);
	return -EINVAL;
}

int escape_text(const char *s, struct strbuf *out, struct strbuf *err)
{
	int r = 0;
	while (*s && !r) {
		if (*s++ == '\\')
			r = escape_next(&s, out, err);
		else
			strbuf_addch(out, s[-1]);
	}
	return r;
}
