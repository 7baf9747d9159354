/* Columns of a terminal: see width.h. */
#include "common/data/width.h"

#include <stdbool.h>
#include <wchar.h>

locale_t width_begin(void)
{
	return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

void width_end(locale_t utf8)
{
	if (utf8)
		freelocale(utf8);
}

/* The number of bytes that do not continue a character; *RET_ASCII is set to false when some are not ASCII. */
static size_t count_chars(const char *s, size_t len, bool *ret_ascii)
{
	size_t n = 0;
	unsigned char all = 0;
	for (size_t i = 0; i < len; i++) {
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
		all |= (unsigned char)s[i];
	}
	*ret_ascii = all < 0x80;
	return n;
}

size_t width_of(locale_t utf8, const char *s, size_t len)
{
	bool ascii;
	size_t chars = count_chars(s, len, &ascii), width = 0;
	if (ascii || !utf8)
		return chars;
	locale_t before = uselocale(utf8);
	mbstate_t state = {0};
	for (size_t i = 0; i < len;) {
		wchar_t c;
		size_t n = mbrtowc(&c, s + i, len - i, &state);
		if (n == 0 || n > len - i) { /* not a character: should not happen */
			width++;
			i++;
			state = (mbstate_t){0};
			continue;
		}
		int columns = wcwidth(c);
		/* a character that was not yet assigned when libc was made */
		width += columns < 0 ? 1 : (size_t)columns;
		i += n;
	}
	uselocale(before);
	return width;
}
