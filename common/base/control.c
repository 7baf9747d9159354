/* Control characters: see control.h. */
#include "common/base/control.h"

size_t control_len(const char *s, size_t len, char before)
{
	unsigned char c = (unsigned char)*s, next = len > 1 ? (unsigned char)s[1] : 0;
	if (c < ' ' || c == 0x7f)
		return 1;
	if (c == 0xc2 && next >= 0x80 && next < 0xa0)
		return 2;
	return c >= 0x80 && c < 0xa0 && (unsigned char)before < 0x80;
}
