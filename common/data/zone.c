/* Local times: see zone.h. */
#include "common/data/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/strbuf.h"

#define DATABASE "/usr/share/zoneinfo"

int zone_use(const char *name)
{
	struct strbuf path = STRBUF_INIT;
	const char *dir = getenv("TZDIR");
	char magic[4];
	/* tzset() takes what it does not know for UTC. */
	strbuf_addf(&path, "%s/%s", dir && *dir ? dir : DATABASE, name);
	FILE *file = *name && *name != '/' && !strstr(name, "..") ? fopen(path.s, "re") : NULL;
	bool found = file && fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
	if (file)
		fclose(file);
	strbuf_release(&path);
	if (!found || setenv("TZ", name, 1) < 0)
		return -ENOENT;
	tzset();
	return 0;
}

static bool shows(time_t at, const struct tm *want)
{
	struct tm is;
	return localtime_r(&at, &is) && is.tm_year == want->tm_year && is.tm_yday == want->tm_yday &&
	       is.tm_hour == want->tm_hour && is.tm_min == want->tm_min && is.tm_sec == want->tm_sec;
}

int zone_to_utc(const struct timespec *local, struct timespec *ret)
{
	struct tm tm, copy;
	time_civil(local->tv_sec, &tm);
	copy = tm;
	copy.tm_isdst = -1;
	time_t at = mktime(&copy);
	if (!shows(at, &tm))
		return -EINVAL;
	/* Clocks are set back by an hour, or by half of one (Lord Howe). */
	if (shows(at - 3600, &tm))
		at -= 3600;
	else if (shows(at - 1800, &tm))
		at -= 1800;
	if (at < TIME_MIN_S || at > TIME_MAX_S)
		return -ERANGE;
	*ret = (struct timespec){.tv_sec = at, .tv_nsec = local->tv_nsec};
	return 0;
}

bool zone_in_text(const char *s, size_t len)
{
	if (len < 10 || s[4] != '-') /* a number */
		return true;
	for (size_t i = 10; i < len; i++)
		if (strchr("Zz+-", s[i]))
			return true;
	return false;
}

bool zone_in_format(const struct time_format *f)
{
	if (f->kind != TIME_FORMAT_PATTERN)
		return f->kind == TIME_FORMAT_UNIT;
	for (const char *p = f->pattern; *p; p++)
		if (*p == '%' && *++p && strchr("zZs", *p))
			return true;
	return false;
}
