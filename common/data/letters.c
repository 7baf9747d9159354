/* Letters and white space: see letters.h. */
#include "common/data/letters.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <wctype.h>

#include "common/data/utf8.h"

/* The locale whose tables are used; without it (Debian's libc always has it) only ASCII changes. */
static locale_t tables(void)
{
	static locale_t locale;
	static bool tried;

	if (!tried)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	tried = true;
	return locale;
}

static uint32_t lower(uint32_t code)
{
	return tables() ? (uint32_t)towlower_l((wint_t)code, tables()) : code;
}

static uint32_t upper(uint32_t code)
{
	return tables() ? (uint32_t)towupper_l((wint_t)code, tables()) : code;
}

/* Letters with two forms in lower case, as the Greek sigma, have one in upper case. */
static uint32_t fold(uint32_t code)
{
	return lower(upper(code));
}

static void change(struct strbuf *out, const char *s, size_t len, char low, char high, uint32_t (*map)(uint32_t))
{
	char *p = strbuf_grow(out, len * 2), *start = p; /* a character of 2 bytes can become one of 3 */
	const char *end = s + len;

	while (s < end) {
		if ((unsigned char)*s < 0x80) {
			*p++ = (char)(*s >= low && *s <= high ? *s ^ 0x20 : *s);
			s++;
			continue;
		}
		size_t n = utf8_char_len(s, (size_t)(end - s));
		if (n)
			p = utf8_put(p, map(utf8_code(s, n)));
		else
			*p++ = *s;
		s += n ? n : 1;
	}
	strbuf_extend(out, (size_t)(p - start));
}

void letters_lower(struct strbuf *out, const char *s, size_t len)
{
	change(out, s, len, 'A', 'Z', lower);
}

void letters_upper(struct strbuf *out, const char *s, size_t len)
{
	change(out, s, len, 'a', 'z', upper);
}

void letters_fold(struct strbuf *out, const char *s, size_t len)
{
	change(out, s, len, 'A', 'Z', fold);
}

/* The white space of Unicode (property White_Space). */
static bool is_space(uint32_t code)
{
	return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xa0 || code == 0x1680 ||
	       (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
	       code == 0x205f || code == 0x3000;
}

/* The start of the character that ends at END; not before S. */
static const char *last_char(const char *s, const char *end)
{
	const char *last = end - 1;

	while (last > s && ((unsigned char)*last & 0xc0) == 0x80 && end - last < 4)
		last--;
	return last;
}

void letters_trim(const char **s, size_t *len)
{
	const char *p = *s, *end = p + *len;
	size_t n;

	while (p < end && (n = utf8_char_len(p, (size_t)(end - p))) != 0 && is_space(utf8_code(p, n)))
		p += n;
	while (end > p) {
		const char *last = last_char(p, end);
		n = utf8_char_len(last, (size_t)(end - last));
		if (!n || last + n != end || !is_space(utf8_code(last, n)))
			break;
		end = last;
	}
	*s = p;
	*len = (size_t)(end - p);
}
