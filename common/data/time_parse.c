/* Times: RFC 3339 and epoch numbers. */
#include "common/data/time_impl.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* hh:mm[:ss[.fraction]] */
static bool clock_time(const char **s, const char *end, struct tm *tm, long *ret_ns)
{
	if (!time_scan_digits(s, end, 2, &tm->tm_hour) || !time_scan_literal(s, end, ':') ||
		!time_scan_digits(s, end, 2, &tm->tm_min))
		return false;
	if (time_scan_literal(s, end, ':')) {
		if (!time_scan_digits(s, end, 2, &tm->tm_sec))
			return false;
		if ((time_scan_literal(s, end, '.') || time_scan_literal(s, end, ',')) &&
			!time_scan_fraction(s, end, ret_ns))
			return false;
	}
	return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

/* What a time in RFC 3339 says. */
struct wall {
	struct timespec time; /* as if it had no offset and were in UTC */
	bool offset, leap;    /* it has one; its second is 60 */
	int zone;             /* the offset in seconds */
};

/* RFC 3339 at *S; moves *S after it. */
static int scan_wall(const char **s, const char *end, struct wall *ret)
{
	struct tm tm = {0};
	long ns = 0;

	*ret = (struct wall){0};
	if (!time_scan_digits(s, end, 4, &tm.tm_year) || !time_scan_literal(s, end, '-') ||
		!time_scan_digits(s, end, 2, &tm.tm_mon) || !time_scan_literal(s, end, '-') ||
		!time_scan_digits(s, end, 2, &tm.tm_mday))
		return -EINVAL;
	if (tm.tm_year == 0 && time_date_ok(4, (unsigned)tm.tm_mon, (unsigned)tm.tm_mday))
		return -ERANGE;
	if (!time_date_ok(tm.tm_year, (unsigned)tm.tm_mon, (unsigned)tm.tm_mday))
		return -EINVAL;
	if (*s < end && memchr("Tt_ ", **s, 4) && end - *s > 1 && ascii_is_digit((*s)[1])) {
		++*s;
		if (!clock_time(s, end, &tm, &ns))
			return -EINVAL;
		ret->offset = *s < end && strchr("Zz+-", **s);
		if (ret->offset && !time_scan_offset(s, end, &ret->zone))
			return -EINVAL;
	}
	ret->time.tv_sec = time_days(tm.tm_year, (unsigned)tm.tm_mon, (unsigned)tm.tm_mday) * DAY_S +
			   tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	ret->time.tv_nsec = ns;
	ret->leap = tm.tm_sec == 60;
	return 0;
}

/* Check the time T (seconds of UTC): leap seconds are inserted only at the end of a UTC day. */
static int check_time(int64_t t, bool leap)
{
	if (leap && t % DAY_S != 0)
		return -EINVAL;
	return t < TIME_MIN_S || t > TIME_MAX_S ? -ERANGE : 0;
}

/* RFC 3339 at *S; moves *S after it. */
int time_scan_rfc3339(const char **s, const char *end, struct timespec *ret)
{
	struct wall wall;
	int r = scan_wall(s, end, &wall);

	if (r < 0)
		return r;
	int64_t t = wall.time.tv_sec - wall.zone;
	if (!wall.offset && time_zone_utc(&t) < 0)
		return -EINVAL;
	r = check_time(t, wall.leap);
	if (r == 0)
		*ret = (struct timespec){.tv_sec = t, .tv_nsec = wall.time.tv_nsec};
	return r;
}

int time_parse_wall(const char *s, size_t len, struct timespec *ret)
{
	const char *end = s + len;
	struct wall wall;
	int r = scan_wall(&s, end, &wall);

	if (r == 0)
		r = wall.offset || s != end ? -EINVAL : check_time(wall.time.tv_sec, wall.leap);
	if (r == 0)
		*ret = wall.time;
	return r;
}

int time_parse_rfc3339(const char *s, size_t len, struct timespec *ret)
{
	const char *end = s + len;
	struct timespec t;

	if (time_take_fixed(s, len, ret))
		return 0;
	int r = time_scan_rfc3339(&s, end, &t);
	if (r < 0)
		return r;
	if (s != end)
		return -EINVAL;
	*ret = t;
	return 0;
}

static const int64_t unit_per_s[] = {[TIME_S] = 1, [TIME_MS] = 1000, [TIME_US] = 1000000, [TIME_NS] = NS_PER_S};

static enum time_unit unit_of_size(uint64_t magnitude)
{
	return magnitude < 100000000000         ? TIME_S
	       : magnitude < 100000000000000    ? TIME_MS
	       : magnitude < 100000000000000000 ? TIME_US
						: TIME_NS;
}

static uint64_t magnitude(int64_t n)
{
	return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

/* N whole units, plus NS nanoseconds or, when N is negative or with MINUS, minus NS. */
static int epoch(int64_t n, bool minus, int64_t ns, enum time_unit unit, struct timespec *ret)
{
	int64_t per_s = unit_per_s[unit], s = n / per_s, rest = n % per_s * (NS_PER_S / per_s);

	rest += minus ? -ns : ns;
	if (rest < 0) {
		s--;
		rest += NS_PER_S;
	}
	if (s < TIME_MIN_S || s > TIME_MAX_S)
		return -ERANGE;
	*ret = (struct timespec){.tv_sec = s, .tv_nsec = rest};
	return 0;
}

int time_from_epoch(int64_t n, enum time_unit unit, struct timespec *ret)
{
	if (unit == TIME_AUTO)
		unit = unit_of_size(magnitude(n));
	return epoch(n, n < 0, 0, unit, ret);
}

int time_from_double(double n, enum time_unit unit, struct timespec *ret)
{
	double whole, rest = modf(n, &whole);

	if (!isfinite(n))
		return -EINVAL;
	if (fabs(n) >= 9.2e18)
		return -ERANGE;
	if (unit == TIME_AUTO)
		unit = unit_of_size((uint64_t)fabs(whole));
	int64_t ns = (int64_t)(fabs(rest) * (double)(NS_PER_S / unit_per_s[unit]));
	return epoch((int64_t)whole, n < 0, ns, unit, ret);
}

int time_scan_epoch(const char **s, const char *end, enum time_unit unit, struct timespec *ret)
{
	const char *p = *s;
	bool minus = time_scan_literal(&p, end, '-');
	int64_t n = 0;
	long ns = 0;

	if (!minus)
		(void)time_scan_literal(&p, end, '+');
	if (p == end || !ascii_is_digit(*p))
		return -EINVAL;
	bool overflow = false;
	for (; p < end && ascii_is_digit(*p); p++)
		overflow |= __builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, *p - '0', &n);
	if (end - p > 1 && *p == '.' && ascii_is_digit(p[1])) {
		p++;
		(void)time_scan_fraction(&p, end, &ns);
	}
	/* N is negative here, so that the lowest int64 can be read, too. */
	if (overflow || (!minus && n == INT64_MIN))
		return -ERANGE;
	if (unit == TIME_AUTO)
		unit = unit_of_size(magnitude(n));
	struct timespec t;
	int r = epoch(minus ? n : -n, minus, ns / unit_per_s[unit], unit, &t);
	if (r < 0)
		return r;
	*ret = t;
	*s = p;
	return 0;
}

int time_parse_epoch(const char *s, size_t len, enum time_unit unit, struct timespec *ret)
{
	const char *end = s + len;
	struct timespec t;
	int r = time_scan_epoch(&s, end, unit, &t);

	if (s != end && r != -ERANGE)
		return -EINVAL;
	if (r == 0)
		*ret = t;
	return r;
}

int time_parse(const char *s, size_t len, struct timespec *ret)
{
	if (len > 5 && s[4] == '-')
		return time_parse_rfc3339(s, len, ret);
	return time_parse_epoch(s, len, TIME_AUTO, ret);
}

/*
 * The seconds within the minute, from a whole text 59Z or 59.999Z: a time of UTC.  Not for a leap second, which belongs
 * to the next minute.
 */
static bool within_minute(const char *s, const char *end, struct timespec *ret)
{
	int seconds;
	long ns = 0;

	if (!time_scan_digits(&s, end, 2, &seconds) || seconds > 59)
		return false;
	if (time_scan_literal(&s, end, '.') && !time_scan_fraction(&s, end, &ns))
		return false;
	*ret = (struct timespec){.tv_sec = seconds, .tv_nsec = ns};
	return end - s == 1 && *s == 'Z';
}

int time_parse_cached(struct time_cache *cache, const char *s, size_t len, struct timespec *ret)
{
	struct timespec t;

	if (!cache)
		return time_parse(s, len, ret);
	const size_t minute = sizeof cache->minute;
	if (len > minute && cache->minute[0] && memcmp(s, cache->minute, minute) == 0 &&
		within_minute(s + minute, s + len, &t)) {
		*ret = (struct timespec){.tv_sec = cache->minute_s + t.tv_sec, .tv_nsec = t.tv_nsec};
		return 0;
	}
	int r = time_parse(s, len, ret);
	/* only if ret->tv_sec is in the minute of the text: a second of 60 is in the next one */
	if (r == 0 && len > minute + 2 && s[len - 1] == 'Z' && s[minute - 1] == ':' && s[minute] < '6') {
		memcpy(cache->minute, s, minute);
		cache->minute_s = ret->tv_sec - ((s[minute] - '0') * 10 + (s[minute + 1] - '0'));
	}
	return r;
}
