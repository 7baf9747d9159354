/* Times: reading them by a compiled pattern, after strptime(3); see time.h for what differs. */
#include "common/data/time_impl.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* What has been read so far. */
struct time_scan {
	const char *s, *end;
	int year, month, day, yday, hour, min, sec, zone; /* month 1..12; yday 1..366, 0 when unknown */
	int pm;                                           /* 0 am, 1 pm, -1 unknown */
	bool epoch_known, zone_known;
	bool fraction; /* the pattern has %f, so that %s takes whole seconds only */
	bool minus;    /* %s began with '-' */
	long ns;
	struct timespec epoch;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks(struct time_scan *in)
{
	while (in->s < in->end && is_blank(*in->s))
		in->s++;
}

/* Read a number from LO to HI of at most N digits, perhaps after blanks, as strptime does. */
static bool number(struct time_scan *in, int n, int lo, int hi, int *ret)
{
	int value = 0, i = 0;

	skip_blanks(in);
	for (; i < n && in->s < in->end && ascii_is_digit(*in->s); i++)
		value = value * 10 + (*in->s++ - '0');
	if (i == 0 || value < lo || value > hi)
		return false;
	*ret = value;
	return true;
}

/* Read one of COUNT names, or at least its first STEP characters (its short form). */
static bool name(struct time_scan *in, const char *const *names, int count, int *ret)
{
	for (int i = 0; i < count; i++) {
		size_t left = (size_t)(in->end - in->s), full = strlen(names[i]);
		size_t len = left >= full && strncasecmp(in->s, names[i], full) == 0 ? full : 3;
		if (left >= len && strncasecmp(in->s, names[i], len) == 0) {
			in->s += len;
			*ret = i;
			return true;
		}
	}
	return false;
}

static const char *const month_names[] = {"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"};
static const char *const day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static bool scan_date(struct time_scan *in, char conversion)
{
	int n;

	switch (conversion) {
	case 'Y':
		skip_blanks(in);
		return time_scan_digits(&in->s, in->end, 4, &in->year);
	case 'y':
		if (!number(in, 2, 0, 99, &n))
			return false;
		in->year = n < 69 ? 2000 + n : 1900 + n;
		return true;
	case 'm':
		return number(in, 2, 1, 12, &in->month);
	case 'd':
	case 'e':
		return number(in, 2, 1, 31, &in->day);
	case 'j':
		return number(in, 3, 1, 366, &in->yday);
	case 'a':
	case 'A':
		return name(in, day_names, 7, &n);
	case 'u':
	case 'w':
		return number(in, 1, 0, 7, &n);
	default: /* b, B, h */
		if (!name(in, month_names, 12, &n))
			return false;
		in->month = n + 1;
		return true;
	}
}

static bool scan_zone_name(struct time_scan *in)
{
	static const char *const names[] = {"UTC", "GMT", "UT", "Z"};

	for (size_t i = 0; i < 4; i++) {
		size_t len = strlen(names[i]);
		if ((size_t)(in->end - in->s) >= len && memcmp(in->s, names[i], len) == 0) {
			in->s += len;
			return true;
		}
	}
	return false;
}

static bool scan_half(struct time_scan *in)
{
	if (in->end - in->s < 2 || (in->s[1] | 0x20) != 'm')
		return false;
	in->pm = (in->s[0] | 0x20) == 'p' ? 1 : (in->s[0] | 0x20) == 'a' ? 0 : -1;
	in->s += 2;
	return in->pm >= 0;
}

/* NEXT is the rest of the pattern: %S also reads a fraction, unless the pattern goes on with '.' or has an %f. */
static bool scan_second(struct time_scan *in, char next)
{
	if (!number(in, 2, 0, 60, &in->sec))
		return false;
	if (next != '.' && !in->fraction && in->end - in->s > 1 && *in->s == '.' && ascii_is_digit(in->s[1])) {
		in->s++;
		return time_scan_fraction(&in->s, in->end, &in->ns);
	}
	return true;
}

static int scan_epoch(struct time_scan *in)
{
	const char *end = in->end;

	in->epoch_known = true;
	in->minus = in->s < end && *in->s == '-';
	if (in->fraction)
		for (end = in->s; end < in->end && *end != '.';)
			end++;
	return time_scan_epoch(&in->s, end, TIME_S, &in->epoch);
}

static int scan_one(struct time_scan *in, char conversion, char next)
{
	bool ok;

	switch (conversion) {
	case 'H':
	case 'k':
		ok = number(in, 2, 0, 23, &in->hour);
		break;
	case 'I':
	case 'l':
		ok = number(in, 2, 1, 12, &in->hour);
		break;
	case 'M':
		ok = number(in, 2, 0, 59, &in->min);
		break;
	case 'S':
		ok = scan_second(in, next);
		break;
	case 'f':
		ok = time_scan_fraction(&in->s, in->end, &in->ns);
		break;
	case 'p':
		ok = scan_half(in);
		break;
	case 'z':
		in->zone_known = true;
		skip_blanks(in);
		ok = time_scan_offset(&in->s, in->end, &in->zone);
		break;
	case 'Z':
		in->zone_known = true;
		ok = scan_zone_name(in);
		break;
	case 's':
		return scan_epoch(in);
	case '%':
		ok = time_scan_literal(&in->s, in->end, '%');
		break;
	case 'n':
	case 't':
		skip_blanks(in);
		return 0;
	default:
		ok = scan_date(in, conversion);
	}
	return ok ? 0 : -EINVAL;
}

static int scan_time(const struct time_scan *in, struct timespec *ret)
{
	int hour = in->hour;

	if (in->epoch_known && in->minus && in->ns && in->epoch.tv_sec == TIME_MIN_S)
		return -ERANGE;
	if (in->epoch_known) {
		*ret = in->epoch;
		if (in->fraction && in->minus && in->ns) {
			ret->tv_sec--;
			ret->tv_nsec = NS_PER_S - in->ns;
		} else if (in->fraction) {
			ret->tv_nsec = in->ns;
		}
		return 0;
	}
	if (in->pm >= 0)
		hour = hour % 12 + 12 * in->pm;
	if (in->yday ? in->yday > 365 && !time_date_ok(in->year, 2, 29)
		     : !time_date_ok(in->year, (unsigned)in->month, (unsigned)in->day))
		return in->year ? -EINVAL : -ERANGE;
	int64_t days = in->yday ? time_days(in->year, 1, 1) + in->yday - 1
				: time_days(in->year, (unsigned)in->month, (unsigned)in->day);
	int64_t s = days * DAY_S + hour * 3600 + in->min * 60 + in->sec - in->zone;
	if (!in->zone_known && time_zone_utc(&s) < 0)
		return -EINVAL;
	if (in->year < 1 || s < TIME_MIN_S || s > TIME_MAX_S)
		return -ERANGE;
	*ret = (struct timespec){.tv_sec = s, .tv_nsec = in->ns};
	return 0;
}

static int scan_pattern(struct time_scan *in, const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		int r = 0;
		if (*p == '%') {
			r = scan_one(in, p[1], p[2]);
			p++;
		} else if (is_blank(*p)) {
			skip_blanks(in);
		} else if (!time_scan_literal(&in->s, in->end, *p)) {
			r = -EINVAL;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static bool has_fraction(const char *pattern)
{
	for (const char *p = pattern; (p = strchr(p, '%')); p += 2)
		if (p[1] == 'f' || !p[1])
			return p[1] == 'f';
	return false;
}

int time_scan_strptime(const char **s, const char *end, const char *pattern, struct timespec *ret)
{
	struct time_scan in = {.s = *s, .end = end, .month = 1, .day = 1, .pm = -1, .fraction = has_fraction(pattern)};
	int r = scan_pattern(&in, pattern);

	if (r == 0)
		r = scan_time(&in, ret);
	if (r == 0)
		*s = in.s;
	return r;
}
