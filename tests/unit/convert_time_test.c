#include "common/data/convert.h"

#include <errno.h>

#include "tests/unit/conversions.h"

static void check_time(const struct value *v, enum time_unit unit, int64_t expected)
{
	struct time_cache cache = {0};
	int64_t us = 77;

	for (int i = 0; i < 2; i++) { /* the second time from the cache */
		CHECK_INT(convert_timestamp(v, unit, &cache, &us, &why), 0);
		CHECK_INT(us, expected);
	}
	CHECK_INT(convert_timestamp(v, unit, NULL, &us, &why), 0);
	CHECK_INT(us, expected);
}

static void check_no_time(const struct value *v, enum time_unit unit, int status, const char *reason)
{
	int64_t us = 77;
	struct time_cache cache = {0};

	CHECK_REFUSED(convert_timestamp(v, unit, &cache, &us, &why), status, reason);
	CHECK_INT(us, 77);
}

static void test_text(void)
{
	check_time(of_json("\"2026-11-22T10:00:00Z\""), TIME_AUTO, INT64_C(1795341600000000));
	check_time(of_json("\"2026-11-22T10:00:00.123Z\""), TIME_AUTO, INT64_C(1795341600123000));
	check_time(of_json("\"2026-11-22T10:00:00.123456789+01:00\""), TIME_AUTO, INT64_C(1795338000123456));
	check_time(of_json("\"1969-12-31T23:59:59.9999999Z\""), TIME_AUTO, -1);
	check_time(of_json("\"1969-12-31T23:59:59.123456789Z\""), TIME_AUTO, -876544);
	check_time(of_json("\"2026-11-22 10:00:00\""), TIME_MS, INT64_C(1795341600000000));
	check_time(of_json("\"2026-11-22\""), TIME_AUTO, INT64_C(1795305600000000));
	check_time(of_json("\"0001-01-01T00:00:00Z\""), TIME_AUTO, INT64_C(-62135596800000000));
	check_time(of_json("\"9999-12-31T23:59:59.999999Z\""), TIME_AUTO, INT64_C(253402300799999999));
	const char *form = "is not a time like 2026-11-22T10:00:00Z";
	check_no_time(
		of_json("\"0001-01-01T00:00:00+01:00\""), TIME_AUTO, -ERANGE, "is not within the years 1 to 9999");
	check_no_time(of_json("\"2026-11-22T25:00:00Z\""), TIME_AUTO, -EINVAL, form);
	check_no_time(of_json("\"yesterday at noon\""), TIME_AUTO, -EINVAL, form);
	check_no_time(of_json("\"\""), TIME_AUTO, -EINVAL, form);
	check_no_time(of_json("\"1795341600\""), TIME_S, -EINVAL, form); /* text as a number: only in TSV and CSV */
	check_no_time(of_json("true"), TIME_S, -EINVAL, form);
	check_no_time(of_json("null"), TIME_S, -ENODATA, "(no reason)");
}

static void test_numbers(void)
{
	const char *unit = "is a number without a unit; timestamp(ms) names one";
	const char *range = "is not within the years 1 to 9999";
	struct value v;

	check_time(of_json("1795341600"), TIME_S, INT64_C(1795341600000000));
	check_time(of_json("1795341600123"), TIME_MS, INT64_C(1795341600123000));
	check_time(of_json("1795341600123456"), TIME_US, INT64_C(1795341600123456));
	check_time(of_json("1795341600123456789"), TIME_NS, INT64_C(1795341600123456));
	check_time(of_json("-1"), TIME_NS, -1);
	check_time(of_json("-1000"), TIME_NS, -1);
	check_time(of_json("-1001"), TIME_NS, -2);
	check_time(of_json("1795341600.123456789"), TIME_S, INT64_C(1795341600123456));
	check_time(of_json("-0.0000001"), TIME_S, -1);
	check_time(of_json("1.7953416001234567E9"), TIME_S, INT64_C(1795341600123456)); /* as Java writes it */
	check_time(of_json("1795341600123.5"), TIME_MS, INT64_C(1795341600123500));
	check_time(of_json("0"), TIME_US, 0);
	v = of_csv("1795341600.5");
	check_time(&v, TIME_S, INT64_C(1795341600500000));
	v = of_csv("2026-11-22T10:00:00Z");
	check_time(&v, TIME_S, INT64_C(1795341600000000));
	check_no_time(of_json("1795341600"), TIME_AUTO, -EINVAL, unit);
	v = of_csv("1795341600");
	check_no_time(&v, TIME_AUTO, -EINVAL, unit);
	v = of_csv("17953x");
	check_no_time(&v, TIME_S, -EINVAL, "is not a time like 2026-11-22T10:00:00Z");
	check_no_time(of_json("253402300800"), TIME_S, -ERANGE, range);
	check_no_time(of_json("-62135596801"), TIME_S, -ERANGE, range);
	check_no_time(of_json("9223372036854775807"), TIME_S, -ERANGE, range);
	check_no_time(of_json("-9223372036854775808"), TIME_MS, -ERANGE, range);
	check_no_time(of_json("1e300"), TIME_S, -ERANGE, range);
	check_time(of_json("1e-300"), TIME_S, 0);
}

static void check_ntz(const char *json, enum time_unit unit, int status, int64_t expected, const char *reason)
{
	int64_t us = 77;

	CHECK_REFUSED(convert_timestamp_ntz(of_json(json), unit, &us, &why), status, reason);
	CHECK_INT(us, expected);
}

static void test_ntz(void)
{
	const char *form = "is not a time like 2026-11-22T10:00:00";

	check_ntz("\"2026-11-22T10:00:00\"", TIME_AUTO, 0, INT64_C(1795341600000000), "(no reason)");
	check_ntz("\"2026-11-22 10:00:00.5\"", TIME_AUTO, 0, INT64_C(1795341600500000), "(no reason)");
	check_ntz("\"2026-11-22\"", TIME_AUTO, 0, INT64_C(1795305600000000), "(no reason)");
	check_ntz("1795341600", TIME_S, 0, INT64_C(1795341600000000), "(no reason)");
	check_ntz("null", TIME_S, -ENODATA, 77, "(no reason)");
	check_ntz("\"2026-11-22T10:00:00Z\"", TIME_AUTO, -EINVAL, 77,
		"has an offset, and the column is a timestamp without time zone");
	check_ntz("\"2026-11-22T10:00:00+02:00\"", TIME_AUTO, -EINVAL, 77,
		"has an offset, and the column is a timestamp without time zone");
	check_ntz("\"2026-11-22T10:00:00x\"", TIME_AUTO, -EINVAL, 77, form);
	check_ntz("\"2026-11-31\"", TIME_AUTO, -EINVAL, 77, form);
	check_ntz("\"0000-01-01\"", TIME_AUTO, -ERANGE, 77, "is not within the years 1 to 9999");
}

/* A timestamp without zone does not depend on --tz; a timestamp read without an offset does. */
static void test_zone(void)
{
	CHECK_INT(time_zone_set("+02:00"), 0);
	check_ntz("\"2026-11-22T10:00:00\"", TIME_AUTO, 0, INT64_C(1795341600000000), "(no reason)");
	check_time(of_json("\"2026-11-22T10:00:00\""), TIME_AUTO, INT64_C(1795334400000000));
	check_time(of_json("\"2026-11-22T10:00:00Z\""), TIME_AUTO, INT64_C(1795341600000000));
}

int main(void)
{
	TEST(test_text);
	TEST(test_numbers);
	TEST(test_ntz);
	TEST(test_zone);
	of_json(NULL);
	return check_done();
}
