/* Control characters made visible: see visible.h. */
#include "common/base/visible.h"

#include "common/base/control.h"

void visible_add(struct strbuf *out, const char *s, size_t len)
{
	char before = '\0';
	for (const char *end = s + len; s < end;) {
		size_t n = control_len(s, (size_t)(end - s), before);
		if (!n)
			strbuf_addch(out, *s);
		for (size_t i = 0; i < n; i++)
			strbuf_addf(out, "\\x%02x", (unsigned char)s[i]);
		s += n ? n : 1;
		before = s[-1];
	}
}

void visible_add_start(struct strbuf *out, const char *s, size_t len, size_t max)
{
	size_t n = len < max ? len : max;
	while (n && n < len && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	visible_add(out, s, n);
	if (n < len)
		strbuf_addstr(out, "...");
}
