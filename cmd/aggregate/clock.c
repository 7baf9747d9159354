/* The time of a record: see clock.h. */
#include "cmd/aggregate/clock.h"

#include <string.h>

#include "common/data/time.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The milliseconds within the minute of 2026-11-22T10:00:59Z or 2026-11-22T10:00:59.999Z; -1: it is none of these. */
static int read_seconds(const char *s, size_t len)
{
	if ((len != 20 && len != 24) || s[len - 1] != 'Z' || s[17] > '5' || !is_digit(s[17]) || !is_digit(s[18]))
		return -1;
	int ms = ((s[17] - '0') * 10 + s[18] - '0') * 1000;
	if (len == 20)
		return ms;
	if (s[19] != '.' || !is_digit(s[20]) || !is_digit(s[21]) || !is_digit(s[22]))
		return -1;
	return ms + (s[20] - '0') * 100 + (s[21] - '0') * 10 + s[22] - '0';
}

static struct accum_time of_us(int64_t us)
{
	int64_t ms = us / 1000 - (us % 1000 < 0);

	return (struct accum_time){.ms = ms, .ns = (uint32_t)(us - ms * 1000) * 1000};
}

int clock_read(struct clock_field *c, const struct value *values, struct accum_time *ret)
{
	const struct value *v = c->expr ? expr_value(c->expr, values) : &values[c->slot];
	bool text = v->type == VALUE_STRING || v->type == VALUE_TEXT;
	int within = text ? read_seconds(v->s, v->len) : -1;
	struct timespec t;

	if (within >= 0 && memcmp(v->s, c->minute, CLOCK_MINUTE) == 0) {
		*ret = (struct accum_time){.ms = c->minute_ms + within};
		return 0;
	}
	if (v->type == VALUE_TIME) {
		*ret = of_us(v->i);
		return 0;
	}
	int r = value_time(v, &t);
	if (r < 0)
		return r;
	*ret = (struct accum_time){.ms = time_ms(&t), .ns = (uint32_t)(t.tv_nsec % 1000000)};
	if (within >= 0) {
		memcpy(c->minute, v->s, CLOCK_MINUTE);
		c->minute_ms = ret->ms - within;
	}
	return 0;
}
