#include "common/data/time.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/check.h"

static void check_time(const char *text, const char *expected)
{
	struct timespec t = {0};
	char buf[TIME_RFC3339_SIZE];

	CHECK_INT(time_parse_rfc3339(text, strlen(text), &t), 0);
	time_write_rfc3339(&t, buf);
	CHECK_STR(buf, expected);
}

static void check_none(const char *text)
{
	struct timespec t;

	CHECK_INT(time_parse_rfc3339(text, strlen(text), &t), -EINVAL);
}

static void test_utc(void)
{
	int64_t s = 1795341600;

	CHECK_INT(time_zone_utc(&s), 0);
	CHECK_INT(s, 1795341600);
	check_time("2026-07-01 12:00", "2026-07-01T12:00:00Z");
}

/* Summer time begins on 2026-03-29 at 02:00 and ends on 2026-10-25 at 03:00. */
static void test_berlin(void)
{
	CHECK_INT(time_zone_set("Europe/Berlin"), 0);
	check_time("2026-07-01 12:00", "2026-07-01T10:00:00Z");
	check_time("2026-01-01", "2025-12-31T23:00:00Z");
	check_time("2026-01-01T00:00Z", "2026-01-01T00:00:00Z");
	check_time("2026-01-01T00:00+02", "2025-12-31T22:00:00Z");
	check_time("2026-10-25 01:59:59", "2026-10-24T23:59:59Z");
	check_time("2026-10-25 02:30", "2026-10-25T00:30:00Z"); /* the first of two */
	check_time("2026-10-25 03:00", "2026-10-25T02:00:00Z");
	check_time("2026-03-29 01:59:59", "2026-03-29T00:59:59Z");
	check_none("2026-03-29 02:00");
	check_none("2026-03-29 02:59:59");
	check_time("2026-03-29 03:00", "2026-03-29T01:00:00Z");
	check_time("2017-01-01 00:59:60", "2017-01-01T00:00:00Z"); /* a leap second */
	check_time("0001-01-02", "0001-01-01T23:06:32Z");
	check_time("9999-12-31", "9999-12-30T23:00:00Z");
}

static void test_offset(void)
{
	CHECK_INT(time_zone_set("+05:30"), 0);
	check_time("2026-07-01 12:00", "2026-07-01T06:30:00Z");
	CHECK_INT(time_zone_set("-0330"), 0);
	check_time("2026-07-01 12:00", "2026-07-01T15:30:00Z");
	CHECK_INT(time_zone_set("+00"), 0);
	check_time("2026-07-01 12:00", "2026-07-01T12:00:00Z");
}

static void test_pattern(void)
{
	struct strbuf err = STRBUF_INIT;
	struct time_format f;
	struct timespec t;
	size_t used;

	CHECK_INT(time_zone_set("America/New_York"), 0);
	CHECK_INT(time_format_init(&f, "%Y-%m-%d %H:%M", &err), 0);
	CHECK_INT(time_format_parse(&f, "2026-07-01 12:00", 16, &used, &t), 0);
	CHECK_INT(t.tv_sec, 1782921600);
	time_format_release(&f);
	CHECK_INT(time_format_init(&f, "%Y-%m-%d %H:%M %z", &err), 0);
	CHECK_INT(time_format_parse(&f, "2026-07-01 12:00 +00", 20, &used, &t), 0);
	CHECK_INT(t.tv_sec, 1782907200);
	time_format_release(&f);
	CHECK_INT(time_format_init(&f, "%s", &err), 0);
	CHECK_INT(time_format_parse(&f, "5", 1, &used, &t), 0);
	CHECK_INT(t.tv_sec, 5);
	time_format_release(&f);
	strbuf_release(&err);
}

/* The name of a time is what clocks there show, in whatever order the times come. */
static void test_names(void)
{
	static const char *const zones[] = {"Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Monrovia",
		"America/St_Johns", "-0330"};
	static const char format[] = "%F %H %Z %z";
	struct strbuf err = STRBUF_INIT;
	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
		struct time_pattern p;
		uint64_t random = 1;
		CHECK_INT(time_zone_set(zones[z]), 0);
		CHECK_INT(time_pattern_init(&p, format, &err), 0);
		for (int i = 0; i < 20000; i++) {
			struct timespec t = {0};
			struct tm tm;
			char expected[64];
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			t.tv_sec = (int64_t)(random >> 31) % INT64_C(6000000000) - INT64_C(4000000000);
			if (i % 2) /* around a change of the clocks */
				t.tv_sec = 1774746000 + t.tv_sec % 2000;
			localtime_r(&t.tv_sec, &tm);
			strftime(expected, sizeof expected, format, &tm);
			if (strcmp(time_pattern_name(&p, &t), expected) != 0) {
				CHECK_STR(time_pattern_name(&p, &t), expected);
				break;
			}
		}
		time_pattern_release(&p);
	}
	CHECK_INT(time_zone_set("UTC"), 0);
	strbuf_release(&err);
}

static void test_bad(void)
{
	static const char *const bad[] = {
		"", "Europe", "Europe/Nowhere", "/etc/passwd", "../zoneinfo/UTC", "+1", "+24", "+01:60", "CET-1", "Z"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_INT(time_zone_set(bad[i]), -EINVAL);
	CHECK_INT(time_zone_set("UTC"), 0);
	check_time("2026-07-01 12:00", "2026-07-01T12:00:00Z");
}

int main(void)
{
	TEST(test_utc);
	TEST(test_berlin);
	TEST(test_offset);
	TEST(test_pattern);
	TEST(test_names);
	TEST(test_bad);
	return check_done();
}
