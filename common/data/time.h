/*
 * Times of records: how they are read, and how names of partitions are made from them.  Everything is UTC, except texts
 * without an offset when a program has asked for another zone.
 *
 * Layer: data (uses base).  A time is a struct timespec since 1970-01-01T00:00:00Z, from 0001-01-01
 * to the end of 9999 in the proleptic Gregorian calendar (0001-01-01 and 9999-12-31 are what
 * programs write for "never", so int64 nanoseconds, which end in 2262, would refuse good data); tv_nsec is 0..999999999
 * even before 1970.  A leap second counts as the second after it, as in POSIX.  Texts are slices, no NUL needed.
 * Nothing here depends on the locale, or on TZ unless time_zone_set() is told to use it.
 *
 * Functions that fail return -EINVAL (this is not such a time) or -ERANGE (it is, but outside of 0001..9999), and leave
 * their outputs untouched.
 */
#ifndef WEIR_DATA_TIME_H
#define WEIR_DATA_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

#define TIME_MIN_S (-62135596800)        /* 0001-01-01T00:00:00Z */
#define TIME_MAX_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Days from 1970-01-01 to a date; MONTH 1..12, DAY 1..31, YEAR -999999..999999 (0 is 1 BC). */
int64_t time_days(int64_t year, unsigned month, unsigned day);

/* True when the date exists: YEAR 1..9999, and the day in that month. */
bool time_date_ok(int64_t year, unsigned month, unsigned day);

/*
 * From now on a time that is read without an offset (rfc3339, patterns without %z, %Z and %s) is in the zone NAME: one
 * of the tz database, like Europe/Berlin; an offset, like +01:00; `local`, the machine's; `UTC`, the default.  In an
 * hour that occurs twice, the first one is meant; times in an hour that is skipped do not exist.
 *
 * For the whole process (it sets TZ); call it before any thread starts.  0, -EINVAL: there is no such zone; -ENOMEM.
 */
int time_zone_set(const char *name) MUST_CHECK;

/* The message when it returns -EINVAL for --tz. */
#define TIME_NO_ZONE "--tz: there is no time zone '%s'; a zone is like Europe/Berlin, +01:00, local or UTC"

/*
 * *S is what clocks in that zone show, in seconds as if it were UTC; convert it to the time.  0, or -EINVAL when clocks
 * never show it.
 */
int time_zone_utc(int64_t *s) MUST_CHECK;

/* The date that clocks in that zone show at S, with tm_wday, tm_yday and zone set. */
void time_zone_civil(int64_t s, struct tm *ret);

/* Whether such a zone is set, so that clocks may differ from UTC. */
bool time_zone_is_set(void);

/* Whether it was told a zone, be it UTC. */
bool time_zone_is_given(void);

/* Break S (seconds, TIME_MIN_S..TIME_MAX_S) into a UTC date, with tm_wday, tm_yday and zone set. */
void time_civil(int64_t s, struct tm *ret);

/* Milliseconds, rounded down; every time fits. */
int64_t time_ms(const struct timespec *t);

/* Nanoseconds; -ERANGE outside of 1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z.
 */
int time_ns(const struct timespec *t, int64_t *ret_ns) MUST_CHECK;

/* Less than, equal to or greater than 0 as A is before, at or after B. */
int time_cmp(const struct timespec *a, const struct timespec *b);

/*
 * Read the whole of S as RFC 3339: 2026-11-22T10:00:00.123456789+01:00.
 *
 * Forms that programs write and call ISO 8601 are read, too: 't', '_' or a blank for 'T'; ',' for '.'; no seconds; a
 * date alone; offsets +hh and +hhmm; no offset, which is UTC or the zone.  Digits of the fraction after the ninth are
 * dropped.  :60 is accepted where UTC is 23:59:60.
 */
int time_parse_rfc3339(const char *s, size_t len, struct timespec *ret) MUST_CHECK;

/*
 * The same without an offset: the result is what the clock shows, as if it were in UTC.  -EINVAL also for a text with
 * an offset.
 */
int time_parse_wall(const char *s, size_t len, struct timespec *ret) MUST_CHECK;

/* Units of an epoch number. */
enum time_unit {
	TIME_AUTO, /* by size: below 1e11 in magnitude seconds, below 1e14 ms, below 1e17 us, else
		      ns */
	TIME_S,
	TIME_MS,
	TIME_US,
	TIME_NS,
};

/*
 * N units since the epoch.  TIME_AUTO takes a number for seconds up to the year 5138, so it
 * misreads ms before 1973-03-03 (and us and ns before then, too).
 */
int time_from_epoch(int64_t n, enum time_unit unit, struct timespec *ret) MUST_CHECK;

/* The same for a floating-point number, for values that have no text; NaN and infinity are -EINVAL. */
int time_from_double(double n, enum time_unit unit, struct timespec *ret) MUST_CHECK;

/*
 * Read the whole of S as a decimal epoch number: sign, digits, fraction (exact; below ns it is dropped), no exponent.
 */
int time_parse_epoch(const char *s, size_t len, enum time_unit unit, struct timespec *ret) MUST_CHECK;

/* Read the whole of S as either RFC 3339 or an epoch number of any unit: what a text field of a record may hold. */
int time_parse(const char *s, size_t len, struct timespec *ret) MUST_CHECK;

/*
 * The last text in UTC that a field held, up to its seconds.  Consecutive texts are mostly in the same minute, and then
 * need no calendar.  One cache for each field that is read repeatedly; zeroed at first.
 */
struct time_cache {
	char minute[17]; /* 2026-11-22T10:00: */
	int64_t minute_s;
};

/* Like time_parse(), but using CACHE, which may be NULL. */
int time_parse_cached(struct time_cache *cache, const char *s, size_t len, struct timespec *ret) MUST_CHECK;

/*
 * The same for the most frequent forms, 2026-11-22T10:00:59Z and 2026-11-22T10:00:59.999Z; false: call
 * time_parse_cached().
 */
static inline bool time_is_cached(const struct time_cache *cache, const char *s, size_t len, struct timespec *ret)
{
	if ((len != 20 && len != 24) || memcmp(s, cache->minute, sizeof cache->minute) != 0 || !cache->minute[0])
		return false;
	const unsigned ten = (unsigned)(s[17] - '0'), one = (unsigned)(s[18] - '0');
	unsigned ms = 0;
	if (s[len - 1] != 'Z' || ten > 5 || one > 9)
		return false;
	if (len == 24) {
		const unsigned a = (unsigned)(s[20] - '0'), b = (unsigned)(s[21] - '0'), c = (unsigned)(s[22] - '0');
		if (s[19] != '.' || a > 9 || b > 9 || c > 9)
			return false;
		ms = a * 100 + b * 10 + c;
	}
	ret->tv_sec = cache->minute_s + ten * 10 + one;
	ret->tv_nsec = (long)ms * 1000000;
	return true;
}

/* Write RFC 3339 in UTC, with 0, 3, 6 or 9 digits of fraction as needed, and a NUL; returns the
 * length without it. */
#define TIME_RFC3339_SIZE 31
size_t time_write_rfc3339(const struct timespec *t, char buf[TIME_RFC3339_SIZE]);

/*
 * The form of a time at the start of a field, compiled from a pattern.
 *
 * The pattern is a unit `s`, `ms`, `us`, `ns`, or `rfc3339`, or what strptime(3) takes: %Y (four
 * digits) %y %m %d %e %j %b %h %B %a %A %H %k %I %l %p %M %S %s %z %Z %D %F %R %T %r %c %u %w %n %t
 * %%, and %f, the digits of a fraction. White space matches any amount of it.  %S and %s also take a
 * fraction after a '.', unless there is an %f, or %S is followed by '.'. %z is Z, +hh, +hhmm or +hh:mm; %Z
 * only UTC, UT, GMT or Z; without them the time is UTC, or in the zone.  Month and day names are the English ones,
 * full or short, ignoring case.  A pattern needs a year (%Y, %y or %s).
 */
struct time_format {
	enum { TIME_FORMAT_UNIT, TIME_FORMAT_RFC3339, TIME_FORMAT_PATTERN } kind;
	enum time_unit unit;
	char *pattern; /* expanded, owned */
};

/* -EINVAL with the reason in ERR when PATTERN is not such a pattern; F may be released then, too. */
int time_format_init(struct time_format *f, const char *pattern, struct strbuf *err) MUST_CHECK;
void time_format_release(struct time_format *f);

/* Read a time from the start of S; sets *ret and *ret_used, the bytes that it took (at least 1). */
int time_format_parse(
	const struct time_format *f, const char *s, size_t len, size_t *ret_used, struct timespec *ret) MUST_CHECK;

/*
 * A name made from a time, compiled from what strftime(3) takes in the C locale:
 * dt=%Y-%m-%d/hour=%H.  In the zone of time_zone_set(), when that was called before time_pattern_init().
 *
 * %Y has four digits.  The modifiers E and O and padding flags are refused.  The last name is kept, and is computed
 * again only when another `unit_s` has begun, so sorted records cost a division each.  Two units may have the same
 * name.
 */
struct time_pattern {
	char *pattern; /* owned */
	/* the name changes only at multiples of this: 86400, 3600, 900 (zones), 60 or 1; INT64_MAX: never */
	int64_t unit_s;
	bool any;     /* it contains a conversion, so that names depend on the time */
	int64_t unit; /* the unit whose name is in `name` */
	struct strbuf name;
};

/* -EINVAL with the reason in ERR; P may be released then, too. */
int time_pattern_init(struct time_pattern *p, const char *pattern, struct strbuf *err) MUST_CHECK;
void time_pattern_release(struct time_pattern *p);

/* The unit in which T lies.  It can be the key of a cache of names: times in the same unit have the same name. */
int64_t time_pattern_unit(const struct time_pattern *p, const struct timespec *t);

/* The name for T, with a NUL after it; belongs to P and is valid until the next call on P. */
const char *time_pattern_name(struct time_pattern *p, const struct timespec *t);

/* Append what strftime(3) writes for %CONVERSION in the C locale for TM, which shows the time S; %Y has four digits. */
void time_add_conversion(struct strbuf *out, char conversion, const struct tm *tm, int64_t s);

/* Read the whole of NAME as an offset, +01:00, -0530 or +01, in seconds. */
bool time_parse_offset(const char *name, int64_t *ret);

#endif
