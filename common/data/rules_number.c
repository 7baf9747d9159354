/* Numbers in rules and in the fields that they check: JSON's grammar, exactly. */
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/ascii.h"
#include "common/base/num.h"
#include "common/data/rules.h"

static const char *digits(const char *s, const char *end)
{
	while (s < end && ascii_is_digit(*s))
		s++;
	return s;
}

/* Where the whole number at S ends; NULL: there is none. */
static const char *whole(const char *s, const char *end)
{
	s += s < end && *s == '-';
	if (s == end || !ascii_is_digit(*s))
		return NULL;
	return *s == '0' ? s + 1 : digits(s, end);
}

bool rules_is_int(const char *s, size_t len)
{
	char copy[24];
	int64_t n;

	if (len >= sizeof(copy) || whole(s, s + len) != s + len)
		return false;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return num_i64(copy, &n) == 0;
}

static bool is_number(const char *s, const char *end)
{
	const char *p = whole(s, end);

	if (p && p < end && *p == '.') {
		s = p + 1;
		p = digits(s, end);
		if (p == s)
			return false;
	}
	if (p && p < end && (*p == 'e' || *p == 'E')) {
		s = p + 1;
		s += s < end && (*s == '+' || *s == '-');
		p = digits(s, end);
		if (p == s)
			return false;
	}
	return p == end;
}

bool rules_number(const char *s, size_t len, long double *ret)
{
	char small[64];

	if (!len || !is_number(s, s + len))
		return false;
	char *copy = len < sizeof(small) ? small : xmalloc(len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	*ret = strtold(copy, NULL);
	if (copy != small)
		free(copy);
	return true;
}
