/* The rule of a time zone: see zone_rule.h. */
#include "common/data/zone_rule.h"

#include <errno.h>
#include <string.h>

#include "common/base/ascii.h"
#include "common/data/time.h"

#define DAY_S 86400

/* A name: letters, or anything in < >. */
static bool read_name(const char **s, char ret[ZONE_NAME_SIZE])
{
	bool quoted = **s == '<';
	const char *from = *s + quoted, *to = from;

	while (*to && (quoted ? *to != '>' : ((*to | 0x20) >= 'a' && (*to | 0x20) <= 'z')))
		to++;
	size_t len = (size_t)(to - from);
	if (len < 3 || len >= ZONE_NAME_SIZE || (quoted && *to != '>'))
		return false;
	memcpy(ret, from, len);
	ret[len] = '\0';
	*s = to + quoted;
	return true;
}

static bool read_number(const char **s, int max, int *ret)
{
	int n = 0;

	if (!ascii_is_digit(**s))
		return false;
	for (; ascii_is_digit(**s); ++*s)
		if ((n = n * 10 + (**s - '0')) > max)
			return false;
	*ret = n;
	return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool read_clock(const char **s, int64_t *ret)
{
	int sign = **s == '-' ? -1 : 1, hours, minutes = 0, seconds = 0;

	*s += **s == '-' || **s == '+';
	if (!read_number(s, 167, &hours))
		return false;
	if (**s == ':') {
		++*s;
		if (!read_number(s, 59, &minutes))
			return false;
		if (**s == ':') {
			++*s;
			if (!read_number(s, 59, &seconds))
				return false;
		}
	}
	*ret = sign * (hours * INT64_C(3600) + minutes * 60 + seconds);
	return true;
}

static bool read_day(const char **s, struct zone_day *ret)
{
	*ret = (struct zone_day){.kind = '0', .second = 7200};
	if (*(*s)++ != ',')
		return false;
	if (**s == 'M') {
		ret->kind = *(*s)++;
		if (!read_number(s, 12, &ret->month) || ret->month < 1 || *(*s)++ != '.' ||
			!read_number(s, 5, &ret->week) || ret->week < 1 || *(*s)++ != '.' ||
			!read_number(s, 6, &ret->day))
			return false;
	} else {
		if (**s == 'J')
			ret->kind = *(*s)++;
		if (!read_number(s, 365, &ret->day) || (ret->kind == 'J' && !ret->day))
			return false;
	}
	if (**s != '/')
		return true;
	++*s;
	return read_clock(s, &ret->second);
}

int zone_rule_read(struct zone_rule *rule, const char *s)
{
	*rule = (struct zone_rule){0};
	if (!read_name(&s, rule->usual.name) || !read_clock(&s, &rule->usual.offset))
		return -EINVAL;
	rule->usual.offset = -rule->usual.offset;
	if (!*s)
		return 0;
	rule->changes = true;
	if (!read_name(&s, rule->summer.name))
		return -EINVAL;
	rule->summer.offset = rule->usual.offset + 3600;
	if (*s != ',') {
		if (!read_clock(&s, &rule->summer.offset))
			return -EINVAL;
		rule->summer.offset = -rule->summer.offset;
	}
	return read_day(&s, &rule->begin) && read_day(&s, &rule->end) && !*s ? 0 : -EINVAL;
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* When DAY is in YEAR, as clocks show it. */
static int64_t day_in(const struct zone_day *day, int64_t year)
{
	int64_t days = time_days(year, 1, 1);

	if (day->kind == '0')
		return (days + day->day) * DAY_S + day->second;
	if (day->kind == 'J')
		return (days + day->day - 1 + (is_leap(year) && day->day > 59)) * DAY_S + day->second;
	int64_t first = time_days(year, (unsigned)day->month, 1);
	int64_t next = day->month == 12 ? time_days(year + 1, 1, 1) : time_days(year, (unsigned)day->month + 1, 1);
	int64_t weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
	int64_t date = first + (day->day - weekday + 7) % 7 + (day->week - 1) * 7;
	while (date >= next) /* week 5 is the last one */
		date -= 7;
	return date * DAY_S + day->second;
}

const struct zone_kind *zone_rule_at(const struct zone_rule *rule, int64_t s)
{
	struct tm tm;

	if (!rule->changes)
		return &rule->usual;
	time_civil(s + rule->usual.offset, &tm);
	int64_t year = tm.tm_year + INT64_C(1900);
	int64_t begin = day_in(&rule->begin, year) - rule->usual.offset;
	int64_t end = day_in(&rule->end, year) - rule->summer.offset;
	bool summer = begin < end ? s >= begin && s < end : s >= begin || s < end;
	return summer ? &rule->summer : &rule->usual;
}
