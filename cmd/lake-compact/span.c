/* The times of a partition: see span.h. */
#include "span.h"

#include <stdio.h>
#include <string.h>

#include "common/data/time.h"

#define STEPS 400 /* of units: a year of days, or a day of minutes, is the longest that is looked through */

/* --- patterns ----------------------------------------------------------------------------------------------------- */

/* Whether the column NR of LAYOUT is made of times and text alone. */
static bool is_time(const struct layout *layout, size_t nr)
{
	const struct layout_part *part = &layout->parts[nr];
	bool any = false;
	for (size_t i = 0; i < part->value.count; i++) {
		if (!part->value.pieces[i].text)
			return false;
		any |= part->times[i].any;
	}
	return any;
}

/* Append the pattern or, with T, the name that it makes of T, of the columns that are made of times. */
static void join(const struct layout *layout, const struct timespec *t, struct strbuf *ret)
{
	strbuf_clear(ret);
	for (size_t i = 0; i < layout->count; i++) {
		if (!is_time(layout, i))
			continue;
		for (size_t j = 0; j < layout->parts[i].value.count; j++)
			strbuf_addstr(ret, t ? time_pattern_name(&layout->parts[i].times[j], t)
					     : layout->parts[i].value.pieces[j].text);
		strbuf_addch(ret, '/');
	}
}

/* The same of VALUES; false when one of them is null. */
static bool join_values(const struct layout *layout, char *const *values, struct strbuf *ret)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (!is_time(layout, i))
			continue;
		if (!values[i])
			return false;
		strbuf_addf(ret, "%s/", values[i]);
	}
	return ret->len;
}

/* A time in the partition called NAME, by PATTERN: its first one. */
static bool parse(const struct strbuf *name, const char *pattern, struct timespec *ret)
{
	struct time_format format = {0};
	struct strbuf ignored = STRBUF_INIT;
	size_t used = 0;
	bool good = time_format_init(&format, pattern, &ignored) == 0 &&
		    time_format_parse(&format, name->s, name->len, &used, ret) == 0 && used == name->len;
	time_format_release(&format);
	strbuf_release(&ignored);
	return good;
}

/* By a pattern.  The name is made again of the times that were found, so that nothing is taken for what it is not. */
static bool pattern_end(const struct layout *layout, char *const *values, int64_t *ret)
{
	struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
	struct timespec t = {0};
	int64_t start, unit = layout->finest ? layout->finest->unit_s : 0;
	bool good = unit > 0 && join_values(layout, values, &name);
	if (good) {
		join(layout, NULL, &text);
		good = parse(&name, text.s, &t);
	}
	int steps = 0;
	start = t.tv_sec;
	for (bool same = good; same && steps < STEPS; steps += same) {
		t.tv_sec = start + steps * unit;
		join(layout, &t, &text);
		same = strcmp(text.s, name.s) == 0;
	}
	good = good && steps > 0 && steps < STEPS;
	*ret = start + steps * unit;
	strbuf_release(&name);
	strbuf_release(&text);
	return good;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

/* The end of the year, month, day or hour in VALUE. */
static bool transform_end(enum transform_kind kind, const char *value, int64_t *ret)
{
	int year = 0;
	unsigned month = 1, day = 1, hour = 0;
	bool known = kind >= TRANSFORM_YEAR && kind <= TRANSFORM_HOUR;
	int want = known ? (int)(kind - TRANSFORM_YEAR) + 1 : 0, end = 0;
	if (!known)
		return false;
	int n = kind == TRANSFORM_YEAR    ? sscanf(value, "%4d%n", &year, &end)
		: kind == TRANSFORM_MONTH ? sscanf(value, "%4d-%2u%n", &year, &month, &end)
		: kind == TRANSFORM_DAY   ? sscanf(value, "%4d-%2u-%2u%n", &year, &month, &day, &end)
					  : sscanf(value, "%4d-%2u-%2u-%2u%n", &year, &month, &day, &hour, &end);
	if (n != want || value[end] || !time_date_ok(year, month, day) || hour > 23)
		return false;
	if (kind == TRANSFORM_YEAR)
		year++;
	else if (kind == TRANSFORM_MONTH && ++month > 12) {
		month = 1;
		year++;
	}
	*ret = time_days(year, month, day) * 86400 + (int64_t)hour * 3600 +
	       (kind == TRANSFORM_DAY           ? 86400
		       : kind == TRANSFORM_HOUR ? 3600
						: 0);
	return true;
}

/* The least end of those that the columns of a list tell. */
static bool list_end(const struct layout *layout, char *const *values, int64_t *ret)
{
	bool good = false;
	for (size_t i = 0; i < layout->count; i++) {
		int64_t end;
		if (!values[i] || !transform_end(layout->by.fields[i].transform.kind, values[i], &end))
			continue;
		*ret = good && *ret < end ? *ret : end;
		good = true;
	}
	return good;
}

bool span_end(const struct layout *layout, char *const *values, int64_t *ret)
{
	return layout->parts ? pattern_end(layout, values, ret) : list_end(layout, values, ret);
}
