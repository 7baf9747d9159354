/* Writing fields of TSV and CSV: see columnsout.h. */
#include "common/data/columnsout.h"

#include <stdbool.h>
#include <string.h>

char *columnsout_tsv(char *p, const char *s, size_t len)
{
	static const char bytes[] = "\t\n\r\\", codes[] = "tnr\\";

	for (size_t i = 0; i < len; i++) {
		const char *special = (unsigned char)s[i] <= '\\' ? memchr(bytes, s[i], sizeof bytes - 1) : NULL;
		if (special) {
			*p++ = '\\';
			*p++ = codes[special - bytes];
		} else {
			*p++ = s[i];
		}
	}
	return p;
}

char *columnsout_csv(char *p, const char *s, size_t len, char delim)
{
	bool quote = false;

	for (size_t i = 0; i < len; i++)
		quote |= s[i] == ',' || s[i] == '"' || s[i] == '\n' || s[i] == '\r' || s[i] == delim;
	if (!quote) {
		if (len)
			memcpy(p, s, len);
		return p + len;
	}
	*p++ = '"';
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			*p++ = '"';
		*p++ = s[i];
	}
	*p++ = '"';
	return p;
}
