/* Regular expressions: replacing what matches. */
#include <stdbool.h>

#include "common/base/ascii.h"
#include "common/data/regex.h"

/* Append the replacement for the match in S that ENDS tells. */
static void add_replacement(
	struct strbuf *out, const struct regex *r, const char *with, size_t len, const char *s, const size_t *ends)
{
	for (size_t i = 0; i < len; i++) {
		char c = with[i];
		if (c != '\\' || i + 1 == len) {
			strbuf_addch(out, c);
			continue;
		}
		c = with[++i];
		size_t group = (size_t)(c - '0');
		if (!ascii_is_digit(c))
			strbuf_addch(out, c == 'n' ? '\n' : c == 't' ? '\t' : c);
		else if (group <= regex_groups(r) && ends[2 * group] != SIZE_MAX)
			strbuf_add(out, s + ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
	}
}

/* Where to look for the next match: after an empty one, behind the next character. */
static size_t go_on(const char *s, size_t len, const size_t *ends)
{
	size_t pos = ends[1];

	if (ends[1] > ends[0])
		return pos;
	for (pos++; pos < len && ((unsigned char)s[pos] & 0xc0) == 0x80;)
		pos++;
	return pos;
}

int regex_replace(
	struct regex *r, const char *s, size_t len, const char *with, size_t with_len, uint64_t max, struct strbuf *out)
{
	size_t from = 0, copied = 0;
	const size_t *ends;
	int found = 0;

	do {
		int n = regex_find(r, s, len, from, &ends);
		if (n < 0)
			return n;
		if (!n)
			break;
		found = 1;
		strbuf_add(out, s + copied, ends[0] - copied);
		add_replacement(out, r, with, with_len, s, ends);
		copied = ends[1];
		from = go_on(s, len, ends);
	} while (from <= len && out->len < max);
	strbuf_add(out, s + copied, len - copied);
	return found;
}
