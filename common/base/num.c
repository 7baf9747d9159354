/* Strict parsing of numbers, sizes and durations: see num.h. */
#include "common/base/num.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The digits at *s, up to the first other byte; moves *s past them. */
static int digits(const char **s, uint64_t *ret)
{
	const char *p = *s;
	uint64_t v = 0;
	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		uint64_t d = (uint64_t)(*p - '0');
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, d, &v))
			return -ERANGE;
	}
	*s = p;
	*ret = v;
	return 0;
}

int num_u64(const char *s, uint64_t *ret)
{
	uint64_t v;
	int r = digits(&s, &v);
	if (r < 0)
		return r;
	if (*s)
		return -EINVAL;
	*ret = v;
	return 0;
}

int num_i64(const char *s, int64_t *ret)
{
	bool negative = *s == '-';
	uint64_t v;
	int r = num_u64(s + (*s == '-' || *s == '+'), &v);
	if (r < 0)
		return r;
	if (v > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret = negative ? (int64_t)-v : (int64_t)v;
	return 0;
}

int num_size(const char *s, uint64_t *ret_bytes)
{
	static const char letters[] = "KMGT";
	uint64_t v;
	int r = digits(&s, &v);
	if (r < 0)
		return r;
	if (*s) {
		const char *u = strchr(letters, *s & ~0x20);
		if (!u || (s[1] && strcasecmp(s + 1, "iB") != 0))
			return -EINVAL;
		unsigned shift = 10 * (unsigned)(u - letters + 1);
		if (v > UINT64_MAX >> shift)
			return -ERANGE;
		v <<= shift;
	}
	*ret_bytes = v;
	return 0;
}

/* Ascending; "ms" has to come before "m". */
static const struct unit {
	const char *name;
	int64_t ms;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

/* The milliseconds of the unit at *s, 0 when there is no unit; moves *s past it. */
static int64_t unit_ms(const char **s)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t n = strlen(units[i].name);
		if (strncmp(*s, units[i].name, n) == 0) {
			*s += n;
			return units[i].ms;
		}
	}
	return 0;
}

int num_duration(const char *s, int64_t *ret_ms)
{
	int64_t sum = 0, part;
	if (strcmp(s, "0") == 0) {
		*ret_ms = 0;
		return 0;
	}
	do {
		uint64_t v;
		int r = digits(&s, &v);
		if (r < 0)
			return r;
		int64_t ms = unit_ms(&s);
		if (!ms)
			return -EINVAL;
		if (v > INT64_MAX || __builtin_mul_overflow((int64_t)v, ms, &part) ||
			__builtin_add_overflow(sum, part, &sum))
			return -ERANGE;
	} while (*s);
	*ret_ms = sum;
	return 0;
}

void num_add_size(struct strbuf *b, uint64_t bytes)
{
	static const char letters[] = "KMGT";
	size_t unit = 0;

	for (; bytes && bytes % 1024 == 0 && unit < 4; unit++)
		bytes /= 1024;
	strbuf_addf(b, "%" PRIu64 "%.*s", bytes, unit > 0, letters + (unit > 0 ? unit - 1 : 0));
}

void num_add_duration(struct strbuf *b, int64_t ms)
{
	size_t unit = sizeof units / sizeof *units - 1;

	while (ms % units[unit].ms)
		unit--;
	strbuf_addf(b, "%" PRId64 "%s", ms / units[unit].ms, ms ? units[unit].name : "");
}

void num_add_share(struct strbuf *b, uint64_t n, uint64_t all)
{
	int percent = (int)(100 * (double)n / (double)all + 0.5);

	if (percent < 1 && n)
		strbuf_addstr(b, "under 1 %");
	else if (percent > 99 && n < all)
		strbuf_addstr(b, "over 99 %");
	else
		strbuf_addf(b, "%d %%", percent);
}
