#include "common/data/time.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "tests/unit/check.h"

static int rfc(const char *s, struct timespec *t)
{
	return time_parse_rfc3339(s, strlen(s), t);
}

#define CHECK_TIME(text, s, ns)                     \
	do {                                        \
		struct timespec check_t = {-1, -1}; \
		CHECK_INT(rfc(text, &check_t), 0);  \
		CHECK_INT(check_t.tv_sec, s);       \
		CHECK_INT(check_t.tv_nsec, ns);     \
	} while (0)

static void test_rfc3339(void)
{
	CHECK_TIME("1970-01-01T00:00:00Z", 0, 0);
	CHECK_TIME("2026-11-22T10:00:00Z", 1795341600, 0);
	CHECK_TIME("2026-11-22t10:00:00z", 1795341600, 0);
	CHECK_TIME("2026-11-22 10:00:00Z", 1795341600, 0);
	CHECK_TIME("2026-11-22_10:00:00Z", 1795341600, 0);
	CHECK_TIME("2026-11-22T10:00:00", 1795341600, 0);
	CHECK_TIME("2026-11-22T10:00Z", 1795341600, 0);
	CHECK_TIME("2026-11-22", 1795305600, 0);
	CHECK_TIME("2026-11-22T11:00:00+01:00", 1795341600, 0);
	CHECK_TIME("2026-11-22T11:00:00+0100", 1795341600, 0);
	CHECK_TIME("2026-11-22T11:00:00+01", 1795341600, 0);
	CHECK_TIME("2026-11-22T04:30:00-05:30", 1795341600, 0);
	CHECK_TIME("2026-11-22T10:00:00-00:00", 1795341600, 0);
	CHECK_TIME("2026-11-22T10:00:00.5Z", 1795341600, 500000000);
	CHECK_TIME("2026-11-22T10:00:00,123Z", 1795341600, 123000000);
	CHECK_TIME("2026-11-22T10:00:00.123456789Z", 1795341600, 123456789);
	CHECK_TIME("2026-11-22T10:00:00.1234567899999999999999999999Z", 1795341600, 123456789);
	CHECK_TIME("1969-12-31T23:59:59.25Z", -1, 250000000);
	CHECK_TIME("2000-02-29T00:00:00Z", 951782400, 0);
	CHECK_TIME("2016-12-31T23:59:60Z", 1483228800, 0);
	CHECK_TIME("2017-01-01T05:29:60+05:30", 1483228800, 0);
	CHECK_TIME("0001-01-01T00:00:00Z", TIME_MIN_S, 0);
	CHECK_TIME("9999-12-31T23:59:59.999999999Z", TIME_MAX_S, 999999999);
}

static void test_rfc3339_bad(void)
{
	static const char *const bad[] = {"", "2026", "2026-11", "2026-11-", "2026-11-2", "2026-13-01", "2026-00-01",
		"2026-11-00", "2026-11-31", "2026-02-29", "1900-02-29", "2026-11-22T", "2026-11-22T10",
		"2026-11-22T10:0", "2026-11-22T10:00:0", "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z",
		"2026-11-22T10:00:61Z", "2026-11-22T10:00:60Z", "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00.",
		"2026-11-22T10:00:00+", "2026-11-22T10:00:00+1", "2026-11-22T10:00:00+01:", "2026-11-22T10:00:00+01:0",
		"2026-11-22T10:00:00+24:00", "2026-11-22T10:00:00+01:60", "2026-11-22T10:00:00Zx",
		"2026-11-22T10:00:00 Z", " 2026-11-22T10:00:00Z", "-2026-11-22T10:00:00Z", "+2026-11-22T10:00:00Z",
		"20261-11-22T10:00:00Z", "2026/11/22T10:00:00Z", "2026-11-22X10:00:00Z", "2026-11-22Z",
		"0000-13-01T00:00:00Z", "2026-11-22T10:00:00\t"};
	struct timespec t = {7, 7};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (rfc(bad[i], &t) != -EINVAL)
			printf("# taken: '%s'\n", bad[i]);
		CHECK_INT(rfc(bad[i], &t), -EINVAL);
	}
	CHECK_INT(time_parse_rfc3339("2026-11-22T10:00:00Z\0", 21, &t), -EINVAL);
	CHECK_INT(rfc("0000-02-29T00:00:00Z", &t), -ERANGE);
	CHECK_INT(rfc("0001-01-01T00:00:00+00:01", &t), -ERANGE);
	CHECK_INT(rfc("9999-12-31T23:59:59-00:01", &t), -ERANGE);
	CHECK_INT(rfc("9999-12-31T23:59:60Z", &t), -ERANGE);
	CHECK_INT(t.tv_sec, 7);
	CHECK_INT(t.tv_nsec, 7);
}

static int epoch(const char *s, enum time_unit unit, struct timespec *t)
{
	return time_parse_epoch(s, strlen(s), unit, t);
}

#define CHECK_EPOCH(text, unit, s, ns)                     \
	do {                                               \
		struct timespec check_t = {-1, -1};        \
		CHECK_INT(epoch(text, unit, &check_t), 0); \
		CHECK_INT(check_t.tv_sec, s);              \
		CHECK_INT(check_t.tv_nsec, ns);            \
	} while (0)

static void test_epoch(void)
{
	CHECK_EPOCH("0", TIME_AUTO, 0, 0);
	CHECK_EPOCH("1700000000", TIME_AUTO, 1700000000, 0);
	CHECK_EPOCH("1700000000123", TIME_AUTO, 1700000000, 123000000);
	CHECK_EPOCH("1700000000123456", TIME_AUTO, 1700000000, 123456000);
	CHECK_EPOCH("1700000000123456789", TIME_AUTO, 1700000000, 123456789);
	CHECK_EPOCH("99999999999", TIME_AUTO, 99999999999, 0);
	CHECK_EPOCH("100000000000", TIME_AUTO, 100000000, 0);
	CHECK_EPOCH("99999999999999", TIME_AUTO, 99999999999, 999000000);
	CHECK_EPOCH("100000000000000", TIME_AUTO, 100000000, 0);
	CHECK_EPOCH("100000000000000000", TIME_AUTO, 100000000, 0);
	CHECK_EPOCH("9223372036854775807", TIME_AUTO, 9223372036, 854775807);
	CHECK_EPOCH("-9223372036854775808", TIME_AUTO, -9223372037, 145224192);
	CHECK_EPOCH("-1", TIME_MS, -1, 999000000);
	CHECK_EPOCH("-1000", TIME_MS, -1, 0);
	CHECK_EPOCH("+5", TIME_S, 5, 0);
	CHECK_EPOCH("-0.25", TIME_S, -1, 750000000);
	CHECK_EPOCH("1700000000.123456789", TIME_S, 1700000000, 123456789);
	CHECK_EPOCH("1700000000123.5", TIME_MS, 1700000000, 123500000);
	CHECK_EPOCH("-1.5", TIME_MS, -1, 998500000);
	CHECK_EPOCH("1.9", TIME_NS, 0, 1);
	CHECK_EPOCH("0000000000000000000000000000005", TIME_S, 5, 0);
	CHECK_EPOCH("253402300799", TIME_S, TIME_MAX_S, 0);
	CHECK_EPOCH("-62135596800", TIME_S, TIME_MIN_S, 0);
}

static void test_epoch_bad(void)
{
	static const char *const bad[] = {"", "-", "+", ".5", "5.", "1e9", "0x10", " 5", "5 ", "--5", "+-5", "5.5.5",
		"NaN", "inf", "1700000000Z"};
	static const char *const beyond[] = {
		"253402300800", "-62135596801", "9223372036854775808", "99999999999999999999999999999999999999"};
	struct timespec t = {7, 7};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_INT(epoch(bad[i], TIME_S, &t), -EINVAL);
	for (size_t i = 0; i < sizeof(beyond) / sizeof(*beyond); i++)
		CHECK_INT(epoch(beyond[i], TIME_S, &t), -ERANGE);
	CHECK_INT(epoch("9223372036854775808", TIME_AUTO, &t), -ERANGE);
	CHECK_INT(epoch("-9223372036854775809", TIME_NS, &t), -ERANGE);
	CHECK_INT(time_from_epoch(INT64_MIN, TIME_S, &t), -ERANGE);
	CHECK_INT(time_from_epoch(INT64_MAX, TIME_MS, &t), -ERANGE);
	CHECK_INT(time_from_double(NAN, TIME_S, &t), -EINVAL);
	CHECK_INT(time_from_double(INFINITY, TIME_AUTO, &t), -EINVAL);
	CHECK_INT(time_from_double(-1e300, TIME_AUTO, &t), -ERANGE);
	CHECK_INT(t.tv_sec, 7);
	CHECK_INT(time_from_double(-1.5, TIME_S, &t), 0);
	CHECK_INT(t.tv_sec, -2);
	CHECK_INT(t.tv_nsec, 500000000);
	CHECK_INT(time_from_double(1.7e12, TIME_AUTO, &t), 0);
	CHECK_INT(t.tv_sec, 1700000000);
	CHECK_INT(time_parse("1700000000123", 13, &t), 0);
	CHECK_INT(t.tv_nsec, 123000000);
	CHECK_INT(time_parse("2026-11-22", 10, &t), 0);
	CHECK_INT(t.tv_sec, 1795305600);
	CHECK_INT(time_parse("1234-", 5, &t), -EINVAL);
	CHECK_INT(time_parse("tomorrow", 8, &t), -EINVAL);
}

/* Every day of 9999 years against the rule of the calendar, and back. */
static void test_civil(void)
{
	int64_t day = time_days(1, 1, 1);
	int bad = 0;

	CHECK_INT(day * 86400, TIME_MIN_S);
	for (int year = 1; year <= 9999; year++)
		for (unsigned month = 1; month <= 12; month++)
			for (unsigned d = 1; time_date_ok(year, month, d); d++, day++) {
				struct tm tm;
				time_civil(day * 86400 + 86399, &tm);
				bad += time_days(year, month, d) != day || tm.tm_year != year - 1900 ||
				       tm.tm_mon != (int)month - 1 || tm.tm_mday != (int)d || tm.tm_hour != 23 ||
				       tm.tm_sec != 59;
			}
	CHECK_INT(bad, 0);
	CHECK_INT(day * 86400 - 1, TIME_MAX_S);
}

/* The C library agrees, also on the days of the week and the year. */
static void test_civil_libc(void)
{
	int bad = 0;

	for (int64_t s = TIME_MIN_S; s <= TIME_MAX_S; s += 86400 * 31 + 12345) {
		struct tm a, b;
		time_t t = s;
		time_civil(s, &a);
		gmtime_r(&t, &b);
		bad += a.tm_sec != b.tm_sec || a.tm_min != b.tm_min || a.tm_hour != b.tm_hour ||
		       a.tm_mday != b.tm_mday || a.tm_mon != b.tm_mon || a.tm_year != b.tm_year ||
		       a.tm_wday != b.tm_wday || a.tm_yday != b.tm_yday;
	}
	CHECK_INT(bad, 0);
}

static void test_convert(void)
{
	struct timespec low = {-9223372037, 145224192}, high = {9223372036, 854775807};
	struct timespec below = {-9223372037, 145224191}, above = {9223372036, 854775808}, past = {-1, 999000000};
	struct timespec far = {TIME_MAX_S, 999999999};
	int64_t ns = 7;

	CHECK_INT(time_ns(&below, &ns), -ERANGE);
	CHECK_INT(time_ns(&above, &ns), -ERANGE);
	CHECK_INT(time_ns(&far, &ns), -ERANGE);
	CHECK_INT(ns, 7);
	CHECK_INT(time_ns(&low, &ns), 0);
	CHECK(ns == INT64_MIN);
	CHECK_INT(time_ns(&high, &ns), 0);
	CHECK(ns == INT64_MAX);
	CHECK_INT(time_ms(&past), -1);
	CHECK_INT(time_ms(&far), 253402300799999);
	CHECK(time_cmp(&past, &far) < 0 && time_cmp(&far, &past) > 0 && time_cmp(&far, &far) == 0);
	CHECK(time_cmp(&below, &low) < 0);
}

static void test_write(void)
{
	static const char *const texts[] = {"1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999999999Z", "2026-11-22T10:00:00.100Z", "2026-11-22T10:00:00.000001Z",
		"1969-12-31T23:59:59.000000001Z"};
	char buf[TIME_RFC3339_SIZE];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct timespec t;
		CHECK_INT(rfc(texts[i], &t), 0);
		CHECK_INT(time_write_rfc3339(&t, buf), strlen(texts[i]));
		CHECK_STR(buf, texts[i]);
	}
}

static int by_format(const char *pattern, const char *s, size_t *used, struct timespec *t)
{
	struct time_format f;
	struct strbuf err = STRBUF_INIT;
	int r = time_format_init(&f, pattern, &err);

	CHECK_INT(r, 0);
	CHECK_INT(err.len, 0);
	if (r == 0)
		r = time_format_parse(&f, s, strlen(s), used, t);
	time_format_release(&f);
	strbuf_release(&err);
	return r;
}

#define CHECK_FORMAT(pattern, text, n, s, ns)                                  \
	do {                                                                   \
		struct timespec check_t = {-1, -1};                            \
		size_t check_used = 0;                                         \
		CHECK_INT(by_format(pattern, text, &check_used, &check_t), 0); \
		CHECK_INT(check_used, n);                                      \
		CHECK_INT(check_t.tv_sec, s);                                  \
		CHECK_INT(check_t.tv_nsec, ns);                                \
	} while (0)

static void test_format(void)
{
	CHECK_FORMAT("%Y-%m-%d %H:%M:%S", "2026-11-22 10:00:00 install x", 19, 1795341600, 0);
	CHECK_FORMAT("%Y-%m-%d %H:%M:%S", "2026-11-22 10:00:00.25 x", 22, 1795341600, 250000000);
	CHECK_FORMAT("%Y-%m-%d %H:%M:%S", "2026-11-22 10:00:00,25 x", 19, 1795341600, 0);
	CHECK_FORMAT("%Y-%m-%d %H:%M:%S,%f", "2026-11-22 10:00:00,25 x", 22, 1795341600, 250000000);
	CHECK_FORMAT("%Y-%m-%d %H:%M:%S.%f", "2026-11-22 10:00:00.25", 22, 1795341600, 250000000);
	CHECK_FORMAT("%FT%TZ", "2026-11-22T10:00:00Z", 20, 1795341600, 0);
	CHECK_FORMAT("%FT%TZ", "2026-11-22T10:00:00.5Z", 22, 1795341600, 500000000);
	CHECK_FORMAT("%FT%T%z", "2026-11-22T11:00:00.5+0100|", 26, 1795341600, 500000000);
	CHECK_FORMAT("%FT%T%z", "2026-11-22T11:00:00+01:00", 25, 1795341600, 0);
	CHECK_FORMAT("%FT%T%z", "2026-11-22T10:00:00Z", 20, 1795341600, 0);
	CHECK_FORMAT("%d/%b/%Y:%H:%M:%S %z", "22/Nov/2026:11:00:00 +0100] \"GET", 26, 1795341600, 0);
	CHECK_FORMAT("[%d/%b/%Y:%H:%M:%S %z]", "[22/nov/2026:11:00:00 +0100] x", 28, 1795341600, 0);
	CHECK_FORMAT("%c", "Sun Nov 22 10:00:00 2026", 24, 1795341600, 0);
	CHECK_FORMAT("%a, %d %b %Y %T %Z", "Sun, 22 Nov 2026 10:00:00 GMT", 29, 1795341600, 0);
	CHECK_FORMAT("%A %B %e %Y", "sunday november  1 2026", 23, 1793491200, 0);
	CHECK_FORMAT("%D %r", "11/22/26 10:00:00 AM", 20, 1795341600, 0);
	CHECK_FORMAT("%m/%d/%Y %l:%M %p", "11/22/2026  1:05 pm", 19, 1795352700, 0);
	CHECK_FORMAT("%Y-%m-%d %I%p", "2026-11-22 12AM", 15, 1795305600, 0);
	CHECK_FORMAT("%Y-%m-%d %I%p", "2026-11-22 12PM", 15, 1795348800, 0);
	CHECK_FORMAT("%Y-%j", "2026-326", 8, 1795305600, 0);
	CHECK_FORMAT("%Y-%j", "2024-366", 8, 1735603200, 0);
	CHECK_FORMAT("%y", "68", 2, 3092601600, 0);
	CHECK_FORMAT("%y", "69", 2, -31536000, 0);
	CHECK_FORMAT("%Y%m%d%H%M%S", "20261122100000", 14, 1795341600, 0);
	CHECK_FORMAT("%Y", "2026", 4, 1767225600, 0);
	CHECK_FORMAT("%s", "1700000000.5 x", 12, 1700000000, 500000000);
	CHECK_FORMAT("%%%Y", "%2026", 5, 1767225600, 0);
	CHECK_FORMAT("%Y %m", "2026     11", 11, 1793491200, 0);
	CHECK_FORMAT("%FT%T", "2026-11-22T23:59:60", 19, 1795392000, 0);
	CHECK_FORMAT("s", "1700000000\tx", 10, 1700000000, 0);
	CHECK_FORMAT("ms", "1700000000123\tx", 13, 1700000000, 123000000);
	CHECK_FORMAT("us", "-1 x", 2, -1, 999999000);
	CHECK_FORMAT("ns", "5", 1, 0, 5);
	CHECK_FORMAT("rfc3339", "2026-11-22T10:00:00Z|x", 20, 1795341600, 0);
	CHECK_FORMAT("rfc3339", "2026-11-22 install", 10, 1795305600, 0);
}

static void test_format_bad(void)
{
	static const char *const bad[][2] = {{"%Y-%m-%d", "2026-11"}, {"%Y-%m-%d", "2026-11-"},
		{"%Y-%m-%d", "26-11-22"}, {"%Y-%m-%d", "2026-13-22"}, {"%Y-%m-%d", "2026-02-29"},
		{"%Y-%m-%d", "2026-00-01"}, {"%Y-%m-%d", "2026-01-00"}, {"%Y-%m-%d", ""}, {"%Y-%m-%d", "x"},
		{"%Y %H", "2026 24"}, {"%Y %M", "2026 60"}, {"%Y %S", "2026 61"}, {"%Y %I", "2026 0"},
		{"%Y %I", "2026 13"}, {"%Y %p", "2026 xm"}, {"%Y %p", "2026 a"}, {"%Y %b", "2026 foo"},
		{"%Y %b", "2026 no"}, {"%Y %a", "2026 so"}, {"%Y %z", "2026 CET"}, {"%Y %z", "2026 +1"},
		{"%Y %Z", "2026 CET"}, {"%Y %f", "2026 x"}, {"%Y.%f", "2026."}, {"%Y-%j", "2026-366"},
		{"%Y-%j", "2026-000"}, {"%%%Y", "2026"}, {"s", ""}, {"ms", "x"}, {"ms", " 5"}, {"rfc3339", "yesterday"},
		{"%s", "x"}, {"%Y%n%%", "2026x"}};
	static const char *const patterns[] = {
		"", "foo", "%", "%Y%", "%Q", "%Y %E", "%EY", "%OY", "%-d", "%m-%d", "S", "%H:%M"};
	struct timespec t = {7, 7};
	size_t used = 7;
	struct time_format f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int r = by_format(bad[i][0], bad[i][1], &used, &t);
		if (r != -EINVAL)
			printf("# '%s' takes '%s'\n", bad[i][0], bad[i][1]);
		CHECK_INT(r, -EINVAL);
	}
	CHECK_INT(by_format("%Y", "0000", &used, &t), -ERANGE);
	CHECK_INT(by_format("%Y %z", "0001 +01", &used, &t), -ERANGE);
	CHECK_INT(by_format("s", "999999999999999", &used, &t), -ERANGE);
	CHECK_INT(used, 7);
	CHECK_INT(t.tv_sec, 7);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct strbuf err = STRBUF_INIT;
		CHECK_INT(time_format_init(&f, patterns[i], &err), -EINVAL);
		CHECK(err.len > 0);
		time_format_release(&f);
		strbuf_release(&err);
	}
}

static void check_name(const char *pattern, const char *text, const char *expected, int64_t unit_s)
{
	struct time_pattern p;
	struct strbuf err = STRBUF_INIT;
	struct timespec t;

	CHECK_INT(rfc(text, &t), 0);
	CHECK_INT(time_pattern_init(&p, pattern, &err), 0);
	CHECK(p.unit_s == unit_s);
	CHECK_STR(time_pattern_name(&p, &t), expected);
	CHECK_STR(time_pattern_name(&p, &t), expected);
	time_pattern_release(&p);
	strbuf_release(&err);
}

static void test_pattern(void)
{
	const char *t = "2026-11-22T10:05:09.5Z";

	check_name("dt=%Y-%m-%d", t, "dt=2026-11-22", 86400);
	check_name("dt=%F/hour=%H", t, "dt=2026-11-22/hour=10", 3600);
	check_name("%Y/%m/%d/%H/%M", t, "2026/11/22/10/05", 60);
	check_name("%s", t, "1795341909", 1);
	check_name("%FT%TZ", t, "2026-11-22T10:05:09Z", 1);
	check_name("%G-W%V-%u %j %a %b", t, "2026-W47-7 326 Sun Nov", 86400);
	check_name("year=%Y", "0007-01-01T00:00:00Z", "year=0007", 86400);
	check_name("%F %s", "0001-01-01", "0001-01-01 -62135596800", 1);
	check_name("100%%", t, "100%", INT64_MAX);
	check_name("all %Z%z", t, "all UTC+0000", INT64_MAX);
	check_name("", t, "", INT64_MAX);
	check_name("%H", "1969-12-31T23:59:59Z", "23", 3600);
}

static void test_pattern_cache(void)
{
	struct time_pattern p;
	struct strbuf err = STRBUF_INIT;
	struct timespec before = {-1, 0}, after = {0, 0}, hour = {3600, 0}, last = {86399, 999999999};

	CHECK_INT(time_pattern_init(&p, "%F", &err), 0);
	CHECK_STR(time_pattern_name(&p, &before), "1969-12-31");
	CHECK_STR(time_pattern_name(&p, &after), "1970-01-01");
	CHECK_STR(time_pattern_name(&p, &last), "1970-01-01");
	CHECK_STR(time_pattern_name(&p, &before), "1969-12-31");
	CHECK_INT(time_pattern_unit(&p, &before), -1);
	CHECK_INT(time_pattern_unit(&p, &hour), 0);
	time_pattern_release(&p);
	static const char *const bad[] = {"%", "%Q", "a%", "%EY", "%-d", "%_H", "%N", "%f", "%\xff"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		strbuf_clear(&err);
		CHECK_INT(time_pattern_init(&p, bad[i], &err), -EINVAL);
		CHECK(err.len > 0);
		time_pattern_release(&p);
	}
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_rfc3339);
	TEST(test_rfc3339_bad);
	TEST(test_epoch);
	TEST(test_epoch_bad);
	TEST(test_civil);
	TEST(test_civil_libc);
	TEST(test_convert);
	TEST(test_write);
	TEST(test_format);
	TEST(test_format_bad);
	TEST(test_pattern);
	TEST(test_pattern_cache);
	return check_done();
}
