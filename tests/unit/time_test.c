#include "common/data/time_impl.h"

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

/* Every day of 9999 years compared with the rule of the calendar, and back. */
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

/* The C library agrees, also on the days of the week and of the year. */
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

/* With a cache, every text is the same as without, whatever came before. */
static void test_cached(void)
{
	static const char *const texts[] = {"2026-11-22T10:00:00Z", "2026-11-22T10:00:59.999Z", "2026-11-22T10:00:07Z",
		"2026-11-22T10:00:07.123456789012Z", "2026-11-22T10:00:07.Z", "2026-11-22T10:00:7Z",
		"2026-11-22T10:00:60Z", "2026-11-22T10:00:99Z", "2026-11-22T10:00:07+01:00", "2026-11-22T10:00:07",
		"2026-11-22T10:00:07z", "2026-11-22T10:00:07ZZ", "2026-11-22T10:00:07 Z", "2026-11-22T10:00Z",
		"2026-11-22 10:00:08Z", "2026-11-22T10:01:00.5Z", "2026-11-22T10:00:00,5Z", "1969-12-31T23:59:59.5Z",
		"0000-01-01T00:00:00Z", "2026-02-30T10:00:00Z", "2026-12-31T23:59:60Z", "1700000000123",
		"1234567890.12345678Z", "", "59Z"};
	const size_t n = sizeof texts / sizeof *texts;
	struct time_cache cache = {{0}, 0};

	for (size_t i = 0; i < n * n; i++) {
		const char *text = texts[i % 2 ? i / n : i % n];
		struct timespec a = {-7, -7}, b = {-7, -7};
		int r = time_parse(text, strlen(text), &a);
		CHECK_INT(time_parse_cached(&cache, text, strlen(text), &b), r);
		CHECK_INT(b.tv_sec, a.tv_sec);
		CHECK_INT(b.tv_nsec, a.tv_nsec);
		CHECK_INT(time_parse_cached(NULL, text, strlen(text), &b), r);
	}
}

/* An empty cache does not know a minute of 17 NULs. */
static void test_cache_begins_empty(void)
{
	char nuls[] = "0123456789abcdefg59.999Z";
	struct time_cache cache = {{0}, 0};
	struct timespec t;

	memset(nuls, 0, 17);
	CHECK_INT(time_parse_cached(&cache, nuls, sizeof nuls - 1, &t), -EINVAL);
	CHECK_INT(time_parse_cached(&cache, nuls, sizeof nuls - 1, &t), -EINVAL);
}

/* Reading a text at once gives the same as reading it digit by digit, whatever is wrong with it. */
static void test_fixed(void)
{
	const char *offsets[] = {"Z", "+01:00", "-11:30"}, odd[] = "0193:-+.TZz ,\xff\x2f\x3a";
	int taken = 0;

	srand(3);
	for (int i = 0; i < 100000; i++) {
		char text[64];
		size_t n = (size_t)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", 1 + rand() % 9999,
			1 + rand() % 12, 1 + rand() % 28, rand() % 24, rand() % 60, rand() % 60);
		if (rand() % 2)
			n += (size_t)snprintf(text + n, sizeof text - n, ".%0*d", 1 + rand() % 9, rand() % 10);
		n += (size_t)snprintf(text + n, sizeof text - n, "%s", offsets[rand() % 3]);
		bool whole = rand() % 4 == 0;
		if (!whole)
			text[(size_t)rand() % n] = odd[(size_t)rand() % (sizeof odd - 1)];
		struct timespec a, b;
		const char *p = text;
		bool fixed = time_take_fixed(text, n, &a);
		int r = time_scan_rfc3339(&p, text + n, &b);
		taken += fixed;
		if (whole && r == 0)
			CHECK(fixed);
		if (fixed && (r < 0 || p != text + n || time_cmp(&a, &b) != 0)) {
			printf("# %s\n", text);
			CHECK(false);
		}
	}
	CHECK(taken > 25000);
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
	TEST(test_cached);
	TEST(test_cache_begins_empty);
	TEST(test_fixed);
	return check_done();
}
