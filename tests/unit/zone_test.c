/* common/data/zone: zones of the tz database, against libc's, and rules as POSIX writes them. */
#include "common/data/zone.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/data/zone_rule.h"
#include "tests/unit/check.h"

/* Compare Z with libc at random times from 1850 to 2400, and at each second around changes of these. */
static void check_zone(const char *name)
{
	struct zone *z = NULL;
	uint64_t random = 1;
	int wrong = 0;

	CHECK_INT(zone_open(&z, name, strlen(name)), 0);
	setenv("TZ", name, 1);
	tzset();
	for (int i = 0; z && i < 20000; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		time_t t = (time_t)(-3786912000 + (int64_t)(random >> 20) % 17356550400);
		struct tm tm;
		localtime_r(&t, &tm);
		wrong += tm.tm_gmtoff != zone_offset(z, t);
	}
	CHECK_INT(wrong, 0);
	zone_free(z);
}

static void test_zones(void)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
		"Africa/Casablanca", "America/Santiago", "Europe/Dublin", "Asia/Tehran", "Pacific/Apia", "UTC"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		check_zone(names[i]);
}

static void test_no_zone(void)
{
	static const char *const names[] = {
		"", "Europe/Nowhere", "/etc/passwd", "../zoneinfo/UTC", "Europe", "tzdata.zi", "+25:00", "+1"};
	struct zone *z;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		CHECK_INT(zone_open(&z, names[i], strlen(names[i])), -EINVAL);
}

static void check_print(const char *name, int64_t us, const char *pattern, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	struct zone *z = NULL;

	CHECK_INT(zone_open(&z, name, strlen(name)), 0);
	zone_print(z, us, pattern, &out);
	CHECK_STR(out.s, expected);
	CHECK(zone_is(z, name, strlen(name)));
	CHECK(!zone_is(z, "x", 1));
	strbuf_release(&out);
	zone_free(z);
}

static void test_print(void)
{
	check_print("Europe/Berlin", 0, "%F %T %z %Z %s %%", "1970-01-01 01:00:00 +0100 CET 0 %");
	check_print("+05:30", -1, "%FT%T.%f%z", "1970-01-01T05:29:59.999999+0530");
	check_print("UTC", 253402300799999999, "%F", "9999-12-31");
	check_print("+01:00", 253402300799999999, "%F", "10000-01-01");
}

/* Berlin: clocks go forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00. */
static void test_utc(void)
{
	const int64_t us = 1000000, skipped = 1774751400 * us, twice = 1792895400 * us;
	struct zone *z = NULL;

	CHECK_INT(zone_open(&z, "Europe/Berlin", 13), 0);
	CHECK_INT(zone_utc(z, 0, INT64_MAX), -3600 * us);
	CHECK_INT(zone_utc(z, skipped, INT64_MAX), 1774746000 * us); /* 02:30 is not shown */
	CHECK_INT(zone_utc(z, twice, 0), twice - 7200 * us);
	CHECK_INT(zone_utc(z, twice, INT64_MAX), twice - 3600 * us);
	zone_free(z);
}

static void test_rules(void)
{
	static const char *const wrong[] = {"", "CET", "<+03", "CET-1CEST", "CET-1CEST,M3.5.0",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/168", "CET-1x", "CET-1CEST,J0,J5", "CET-1CEST,M3.5.0,M10.5.0,", "C-1",
		"AVERYLONGNAME-1", "CET-200"};
	struct zone_rule rule;

	CHECK_INT(zone_rule_read(&rule, "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1"), 0);
	CHECK_INT(zone_rule_at(&rule, 1782864000)->offset, -7200); /* 2026-07-01 */
	CHECK_INT(zone_rule_at(&rule, 1767225600)->offset, -10800);
	CHECK_INT(
		zone_rule_read(&rule, "AEST-10AEDT,M10.1.0,M4.1.0/3"), 0); /* in the south summer is around new year */
	CHECK_STR(zone_rule_at(&rule, 1767225600)->name, "AEDT");
	CHECK_STR(zone_rule_at(&rule, 1782864000)->name, "AEST");
	CHECK_INT(zone_rule_read(&rule, "X3Y,J60/0,300"), -EINVAL); /* names have three letters */
	CHECK_INT(zone_rule_read(&rule, "XXX3YYY,J60/0,300"), 0);
	CHECK_STR(zone_rule_at(&rule, 1772334000)->name, "YYY"); /* 1 March 2026, 00:00 */
	CHECK_STR(zone_rule_at(&rule, 1772333999)->name, "XXX");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK_INT(zone_rule_read(&rule, wrong[i]), -EINVAL);
}

int main(void)
{
	TEST(test_zones);
	TEST(test_no_zone);
	TEST(test_print);
	TEST(test_utc);
	TEST(test_rules);
	return check_done();
}
