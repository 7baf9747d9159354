/* Remains of marks: see look.h. */
#include "common/stream/look.h"

#include <string.h>

/* Skip what separates the names and values of a mark, whether or not its quotes are left. */
static const char *skip(const char *p, const char *end)
{
	while (p < end && strchr("\\\":, ", *p) && *p)
		p++;
	return p;
}

/*
 * Skip COUNT digits at P (0: as many as there are, at least one), hexadecimal ones with HEX; NULL when they are
 * missing.
 */
static const char *digits(const char *p, const char *end, size_t count, bool hex)
{
	const char *start = p;
	while (p < end && ((*p >= '0' && *p <= '9') || (hex && (*p | 0x20) >= 'a' && (*p | 0x20) <= 'f')))
		p++;
	size_t n = (size_t)(p - start);
	return n && (!count || n == count) ? p : NULL;
}

static const char *letters(const char *p, const char *end, const char *word)
{
	for (; *word; word++, p++)
		if (p == end || (*p | 0x20) != *word)
			return NULL;
	return p;
}

/* Whether P is at the members of a mark from `run` on: "run":"00c0ffee00c0ffee","b":17,"n":120,"by":"… */
static bool is_run(const char *p, const char *end)
{
	static const struct {
		const char *name;
		size_t digits;
		bool hex;
	} members[] = {{"run", 16, true}, {"b", 0, false}, {"n", 0, false}};
	for (size_t i = 0; p && i < sizeof members / sizeof *members; i++) {
		p = letters(p, end, members[i].name);
		p = p ? digits(skip(p, end), end, members[i].digits, members[i].hex) : NULL;
		p = p ? skip(p, end) : NULL;
	}
	return p && letters(p, end, "by");
}

/* Whether WORD occurs and is followed by the members of a mark. */
static bool finds_run(const char *s, size_t len, const char *word)
{
	const char *end = s + len, *p = s;
	while ((p = memmem(p, (size_t)(end - p), word, 3))) {
		if (is_run(p, end))
			return true;
		p++;
	}
	return false;
}

bool look_holds_mark(const char *s, size_t len)
{
	static const char escaped[] = "\\u0017{";
	return memmem(s, len, "\x17{", 2) || memmem(s, len, escaped, sizeof escaped - 1) || finds_run(s, len, "run") ||
	       finds_run(s, len, "RUN");
}

size_t look_len(const char *s, size_t len, size_t at, char delim)
{
	size_t most = LOOK_SIZE - at;
	if (len <= most)
		return len;
	const char *end = memchr(s + most - 1, delim, len - most + 1);
	return end ? (size_t)(end - s) + 1 : len;
}
