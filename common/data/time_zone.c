/* Times: the zone of times without an offset. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/strbuf.h"
#include "common/data/time_impl.h"

/* libc knows one zone per process, so there is one here; only time_zone_set() changes it. */
static bool zone_set, zone_given;

static long offset_at(int64_t s)
{
	time_t t = (time_t)s;
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

int time_zone_utc(int64_t *s)
{
	if (!zone_set)
		return 0;
	/*
	 * Clocks are not changed twice within two days, so one of these offsets is right; when all are the same, it is
	 * the last one.
	 */
	long offsets[3] = {offset_at(*s - DAY_S), offset_at(*s + DAY_S), offset_at(*s)};
	for (size_t i = 0; i < 3; i++)
		if (offset_at(*s - offsets[i]) == offsets[i]) {
			*s -= offsets[i];
			return 0;
		}
	return -EINVAL;
}

bool time_zone_is_set(void)
{
	return zone_set;
}

bool time_zone_is_given(void)
{
	return zone_given;
}

void time_zone_civil(int64_t s, struct tm *ret)
{
	time_t t = (time_t)s;
	if (!zone_set || !localtime_r(&t, ret))
		time_civil(s, ret);
}

bool time_parse_offset(const char *name, int64_t *ret)
{
	const char *s = name, *end = name + strlen(name);
	int offset;

	if ((*s != '+' && *s != '-') || !time_scan_offset(&s, end, &offset) || s != end)
		return false;
	*ret = offset;
	return true;
}

/* Convert +01:00, -0530, +01 to the POSIX form, which has the opposite sign. */
static bool posix_zone(const char *name, struct strbuf *ret)
{
	int64_t offset;

	if (!time_parse_offset(name, &offset))
		return false;
	int minutes = (int)(offset < 0 ? -offset : offset) / 60;
	strbuf_addf(ret, "<%c%02d%02d>%c%02d:%02d", *name, minutes / 60, minutes % 60, *name == '+' ? '-' : '+',
		minutes / 60, minutes % 60);
	return true;
}

/* Whether there is a file for the zone. libc treats an unknown name as UTC. */
static bool known_zone(const char *name)
{
	const char *dir = getenv("TZDIR");
	struct strbuf path = STRBUF_INIT;
	char magic[4];

	if (*name == '/' || strstr(name, "..") || !*name)
		return false;
	strbuf_addf(&path, "%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", name);
	FILE *file = fopen(path.s, "re");
	bool known = file && fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
	if (file)
		(void)fclose(file);
	strbuf_release(&path);
	return known;
}

int time_zone_set(const char *name)
{
	struct strbuf zone = STRBUF_INIT;
	bool local = strcmp(name, "local") == 0, utc = strcmp(name, "UTC") == 0;
	int r = 0;

	if (!local && !utc && !posix_zone(name, &zone)) {
		if (known_zone(name))
			strbuf_addf(&zone, ":%s", name);
		else
			r = -EINVAL;
	}
	if (r == 0 && zone.len && setenv("TZ", zone.s, 1) < 0)
		r = -errno;
	strbuf_release(&zone);
	if (r < 0)
		return r;
	zone_set = !utc;
	zone_given = true;
	tzset();
	return 0;
}
