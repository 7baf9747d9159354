/* Times: names of partitions, after strftime(3). */
#include "common/data/time_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/*
 * Since QUARTERED_S, offsets of zones are multiples of a quarter of an hour; before that they could be any number of
 * seconds.  (Liberia was the last such zone, in 1972.)
 */
#define QUARTER_S   900
#define QUARTERED_S INT64_C(94694400) /* 1973-01-01 */

/* For how many seconds the text of a conversion stays the same; 0: there is no such conversion here. */
static int64_t unit_of(char conversion)
{
	if (conversion && strchr("%ntzZ", conversion))
		return INT64_MAX;
	if (conversion && strchr("aAbBCdDeFgGhjmuUVwWxyY", conversion))
		return DAY_S;
	if (conversion && strchr("HIklpP", conversion))
		return 3600;
	if (conversion && strchr("MR", conversion))
		return 60;
	return conversion && strchr("crsSTX", conversion) ? 1 : 0;
}

int time_pattern_init(struct time_pattern *p, const char *pattern, struct strbuf *err)
{
	*p = (struct time_pattern){.unit_s = INT64_MAX, .unit = INT64_MIN};
	strbuf_init(&p->name);
	for (const char *c = pattern; *c; c++) {
		if (*c != '%')
			continue;
		int64_t unit = unit_of(*++c);
		if (!unit) {
			strbuf_addf(err, "'%s': no conversion %%%s", pattern, *c ? (char[]){*c, 0} : "");
			return -EINVAL;
		}
		if (unit < p->unit_s)
			p->unit_s = unit;
		p->any |= *c != '%' && *c != 'n' && *c != 't';
	}
	if (p->any && time_zone_is_set() && p->unit_s > QUARTER_S)
		p->unit_s = QUARTER_S;
	p->pattern = xstrdup(pattern);
	return 0;
}

void time_pattern_release(struct time_pattern *p)
{
	free(p->pattern);
	p->pattern = NULL;
	strbuf_release(&p->name);
}

int64_t time_pattern_unit(const struct time_pattern *p, const struct timespec *t)
{
	int64_t s = t->tv_sec;

	if (p->unit_s == QUARTER_S && s < QUARTERED_S)
		return s - INT64_MAX / 2; /* before QUARTERED_S each second is a unit of its own */
	return s / p->unit_s - (s % p->unit_s < 0);
}

/* strftime writes '7' for %Y of the year 7, and uses the local zone for %s. */
void time_add_conversion(struct strbuf *out, char conversion, const struct tm *tm, int64_t s)
{
	char text[64];
	int year = tm->tm_year + 1900;

	if (conversion == 'Y') {
		strbuf_addf(out, "%04d", year);
	} else if (conversion == 'F') {
		strbuf_addf(out, "%04d-%02d-%02d", year, tm->tm_mon + 1, tm->tm_mday);
	} else if (conversion == 's') {
		strbuf_addf(out, "%lld", (long long)s);
	} else {
		const char format[] = {'%', conversion, '\0'};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		size_t len = strftime(text, sizeof(text), format, tm);
#pragma GCC diagnostic pop
		strbuf_add(out, text, len);
	}
}

const char *time_pattern_name(struct time_pattern *p, const struct timespec *t)
{
	int64_t unit = time_pattern_unit(p, t);
	struct tm tm;

	if (unit == p->unit)
		return p->name.s;
	p->unit = unit;
	strbuf_clear(&p->name);
	time_zone_civil(t->tv_sec, &tm);
	for (const char *c = p->pattern; *c; c++)
		if (*c == '%')
			time_add_conversion(&p->name, *++c, &tm, t->tv_sec);
		else
			strbuf_addch(&p->name, *c);
	return p->name.s;
}
