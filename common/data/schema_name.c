/* Names of fields: see schema_name.h. */
#include "common/data/schema_name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/letters.h"
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

void schema_name_fold(const char *name, size_t len, struct strbuf *out)
{
	letters_lower(out, name, len);
}
