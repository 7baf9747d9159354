/* common/data/time: times with formats, and names from patterns of times. */
#include "common/data/time.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/unit/check.h"

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
	CHECK_FORMAT("%s.%f", "1700000000.5 x", 12, 1700000000, 500000000);
	CHECK_FORMAT("%s,%f", "1700000000,25", 13, 1700000000, 250000000);
	CHECK_FORMAT("%s %f", "1700000000 000001", 17, 1700000000, 1000);
	CHECK_FORMAT("%f %s", "5 1700000000", 12, 1700000000, 500000000);
	CHECK_FORMAT("%s.%f", "-1.25", 5, -2, 750000000);
	CHECK_FORMAT("%s.%f", "-0.5", 4, -1, 500000000);
	CHECK_FORMAT("%s,%f", "-5,0", 4, -5, 0);
	CHECK_FORMAT("%s %%f", "1700000000.5 %f", 15, 1700000000, 500000000);
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
		{"%s", "x"}, {"%s,%f", "5.5,5"}, {"%s.%f", "5"}, {"%s.%f", "5."}, {"%Y%n%%", "2026x"}};
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

	CHECK_INT(time_parse_rfc3339(text, strlen(text), &t), 0);
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
	TEST(test_format);
	TEST(test_format_bad);
	TEST(test_pattern);
	TEST(test_pattern_cache);
	return check_done();
}
