/* Bytes within records: see frame.h. */
#include "common/kafka/frame.h"

char *frame_put(const struct frame *f, char *p, const char *s, size_t len)
{
	const char *end = s + len;
	while (s < end) {
		const char *d = memchr(s, f->delim, (size_t)(end - s));
		size_t n = (size_t)((d ? d : end) - s);
		memcpy(p, s, n);
		p += n;
		s += n;
		if (!d)
			break;
		s++;
		if (f->policy == FRAME_ESCAPE) {
			*p++ = '\\';
			*p++ = f->delim ? 'n' : '0';
		} else {
			*p++ = ' ';
		}
	}
	return p;
}
