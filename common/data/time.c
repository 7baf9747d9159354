/* Times: the calendar. */
#include "common/data/time_impl.h"

#include <errno.h>

/* Days in 400-year eras, years from March on: howardhinnant.github.io/date_algorithms.html. */
int64_t time_days(int64_t year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	unsigned yoe = (unsigned)(year - era * 400);
	unsigned doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + (int64_t)doe - 719468;
}

bool time_date_ok(int64_t year, unsigned month, unsigned day)
{
	static const unsigned char days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1] + (unsigned)(month == 2 && leap);
}

void time_civil(int64_t s, struct tm *ret)
{
	int64_t days = s / DAY_S - (s % DAY_S < 0);
	int rest = (int)(s - days * DAY_S);
	int64_t z = days + 719468; /* 0001-01-01 and later: never negative */
	unsigned doe = (unsigned)(z % 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	unsigned month = mp < 10 ? mp + 3 : mp - 9;
	int64_t year = (int64_t)yoe + z / 146097 * 400 + (month <= 2);

	*ret = (struct tm){
		.tm_sec = rest % 60,
		.tm_min = rest / 60 % 60,
		.tm_hour = rest / 3600,
		.tm_mday = (int)(doy - (153 * mp + 2) / 5 + 1),
		.tm_mon = (int)month - 1,
		.tm_year = (int)year - 1900,
		.tm_wday = (int)(((days + 4) % 7 + 7) % 7), /* day 0 was a Thursday */
		.tm_yday = (int)(days - time_days(year, 1, 1)),
		.tm_zone = "UTC",
	};
}

int64_t time_ms(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

int time_ns(const struct timespec *t, int64_t *ret_ns)
{
	int64_t s = t->tv_sec, ns = t->tv_nsec, product;

	/* For a negative time near the limit: multiply a number nearer to 0 first, so that nothing overflows. */
	if (s < 0) {
		s++;
		ns -= NS_PER_S;
	}
	if (__builtin_mul_overflow(s, NS_PER_S, &product) || __builtin_add_overflow(product, ns, &product))
		return -ERANGE;
	*ret_ns = product;
	return 0;
}

int time_cmp(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

size_t time_write_rfc3339(const struct timespec *t, char buf[TIME_RFC3339_SIZE])
{
	struct tm tm;
	char *p = buf;

	time_civil(t->tv_sec, &tm);
	p = time_put_digits(p, 4, tm.tm_year + 1900);
	*p++ = '-';
	p = time_put_digits(p, 2, tm.tm_mon + 1);
	*p++ = '-';
	p = time_put_digits(p, 2, tm.tm_mday);
	*p++ = 'T';
	p = time_put_digits(p, 2, tm.tm_hour);
	*p++ = ':';
	p = time_put_digits(p, 2, tm.tm_min);
	*p++ = ':';
	p = time_put_digits(p, 2, tm.tm_sec);
	if (t->tv_nsec) {
		int n = t->tv_nsec % 1000 ? 9 : t->tv_nsec % 1000000 ? 6 : 3;
		*p++ = '.';
		p = time_put_digits(p, n, t->tv_nsec / (n == 9 ? 1 : n == 6 ? 1000 : 1000000));
	}
	*p++ = 'Z';
	*p = '\0';
	return (size_t)(p - buf);
}
