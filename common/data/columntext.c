/* Values of columns as text: see columntext.h. */
#include "common/data/columntext.h"

#include <string.h>

#include "common/data/jsonout.h"
#include "common/data/time.h"

#define US_PER_S   INT64_C(1000000)
#define US_PER_DAY (86400 * US_PER_S)
#define S_PER_DAY  INT64_C(86400)

static inline char *put_two(char *p, unsigned n)
{
	p[0] = (char)('0' + n / 10);
	p[1] = (char)('0' + n % 10);
	return p + 2;
}

/* The date of DAY to CACHE. */
static void set_date(struct columntext_date *cache, int64_t day)
{
	/* the calendar repeats itself every 400 years */
	const int64_t era = 146097;
	int64_t low = TIME_MIN_S / S_PER_DAY, eras = day < low ? (low - day + era - 1) / era : 0;
	struct tm tm;
	time_civil((day + eras * era) * S_PER_DAY, &tm);
	int64_t year = (int64_t)tm.tm_year + 1900 - 400 * eras;
	char *p = cache->text;
	if (year < 0 || year > 9999) {
		*p++ = year < 0 ? '-' : '+';
		year = year < 0 ? -year : year;
	}
	if (year < 1000) {
		p = put_two(p, (unsigned)year / 100);
		p = put_two(p, (unsigned)year % 100);
	} else {
		p = jsonout_int(p, year);
	}
	*p++ = '-';
	p = put_two(p, (unsigned)tm.tm_mon + 1);
	*p++ = '-';
	p = put_two(p, (unsigned)tm.tm_mday);
	*p = '\0';
	cache->day = day;
}

char *columntext_date(char *p, int64_t day, struct columntext_date *cache)
{
	if (day != cache->day || !*cache->text)
		set_date(cache, day);
	memcpy(p, cache->text, 16);
	return p + (cache->text[10] ? strlen(cache->text) : 10);
}

char *columntext_time(char *p, int64_t us, struct columntext_date *cache)
{
	int64_t day = us / US_PER_DAY - (us % US_PER_DAY < 0);
	uint64_t rest = (uint64_t)us - (uint64_t)day * (uint64_t)US_PER_DAY;
	unsigned s = (unsigned)(rest / (uint64_t)US_PER_S), part = (unsigned)(rest % (uint64_t)US_PER_S);
	p = columntext_date(p, day, cache);
	*p++ = 'T';
	p = put_two(p, s / 3600);
	*p++ = ':';
	p = put_two(p, s / 60 % 60);
	*p++ = ':';
	p = put_two(p, s % 60);
	if (!part)
		return p;
	*p++ = '.';
	p = put_two(p, part / 10000);
	p = put_two(p, part / 100 % 100);
	if (part % 1000 == 0)
		return p - 1;
	return put_two(p, part % 100);
}

/* V without its sign, in decimal. */
static char *put_unsigned(char *p, unsigned __int128 v)
{
	const uint64_t part = UINT64_C(1000000000000000000);
	char digits[20];
	if (v < part)
		return jsonout_int(p, (int64_t)v);
	p = put_unsigned(p, v / part);
	uint64_t low = (uint64_t)(v % part);
	for (int i = 18; i; i--, low /= 10)
		digits[i - 1] = (char)('0' + low % 10);
	memcpy(p, digits, 18);
	return p + 18;
}

char *columntext_decimal(char *p, convert_i128 v, unsigned scale)
{
	char digits[COLUMNTEXT_MAX];
	if (v < 0)
		*p++ = '-';
	size_t n = (size_t)(put_unsigned(digits, v < 0 ? -(unsigned __int128)v : (unsigned __int128)v) - digits);
	if (!scale)
		return jsonout_raw(p, digits, n);
	size_t whole = n > scale ? n - scale : 0;
	p = whole ? jsonout_raw(p, digits, whole) : JSONOUT_LITERAL(p, "0");
	*p++ = '.';
	for (size_t i = n - whole; i < scale; i++)
		*p++ = '0';
	return jsonout_raw(p, digits + whole, n - whole);
}
