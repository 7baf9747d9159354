/* Writing fields of TSV and CSV: see columnsout.h. */
#include "common/data/columnsout.h"

#include <string.h>

/* The letter that stands for C after a backslash; 0: C is written as it is. */
static char code_of(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return 0;
	}
}

char *columnsout_tsv(char *p, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char code = code_of(s[i]);
		if (code)
			*p++ = '\\';
		*p++ = code ? code : s[i];
	}
	return p;
}

char *columnsout_csv(char *p, const char *s, size_t len, char sep, char delim)
{
	bool quote = false;

	for (size_t i = 0; i < len; i++)
		quote |= s[i] == sep || s[i] == '"' || s[i] == '\n' || s[i] == '\r' || s[i] == delim;
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

char *columnsout_field(char *p, bool csv, const char *s, size_t len, char sep, char delim)
{
	return csv ? columnsout_csv(p, s, len, sep, delim) : columnsout_tsv(p, s, len);
}

char *columnsout_csv_end(char *start, char *p)
{
	if (p == start) {
		*p++ = '"';
		*p++ = '"';
	}
	return p;
}
