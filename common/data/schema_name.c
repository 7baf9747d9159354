/* Names of fields: see schema_name.h. */
#include "common/data/schema_name.h"

#include <locale.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>

#include "common/base/ascii.h"
#include "common/data/utf8.h"

const char *schema_name_fault(const char *name, size_t len)
{
	if (!len)
		return "is empty";
	if (memchr(name, '\0', len))
		return "has a NUL";
	if (!utf8_valid(name, len))
		return "is not UTF-8";
	return NULL;
}

static bool is_plain(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = name[i], lower = (char)(c | 0x20);
		if (!((lower >= 'a' && lower <= 'z') || c == '_' || (unsigned char)c >= 0x80 ||
			    (i && ascii_is_digit(c))))
			return false;
	}
	return len > 0;
}

void schema_name_print(const char *name, size_t len, struct strbuf *out)
{
	if (is_plain(name, len)) {
		strbuf_add(out, name, len);
		return;
	}
	strbuf_addch(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (name[i] == '"')
			strbuf_addch(out, '"');
		strbuf_addch(out, name[i]);
	}
	strbuf_addch(out, '"');
}

/* The code of the valid character of N bytes at S. */
static uint32_t code_of(const char *s, size_t n)
{
	static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)s[0] & first[n];

	for (size_t i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	return code;
}

/* The same for names with letters beyond ASCII. */
static void fold_wide(const char *name, size_t len, struct strbuf *out)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_char_len(name + i, len - i);
		uint32_t code = n ? code_of(name + i, n) : (unsigned char)name[i];
		if (!n)
			n = 1; /* no name can contain this */
		if (utf8)
			code = (uint32_t)towlower_l((wint_t)code, utf8);
		char *end = utf8_put(strbuf_grow(out, 4), code);
		strbuf_extend(out, (size_t)(end - (out->s + out->len)));
	}
	if (utf8)
		freelocale(utf8);
}

void schema_name_fold(const char *name, size_t len, struct strbuf *out)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)name[i];
	if (all >= 0x80) {
		fold_wide(name, len, out);
		return;
	}
	for (size_t i = 0; i < len; i++)
		strbuf_addch(out, name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i]);
}
