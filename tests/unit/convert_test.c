#include "common/data/convert.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "tests/unit/conversions.h"

static const struct value null_value = {.type = VALUE_NULL}, missing_value = {.type = VALUE_MISSING};

static int64_t int64_of(const struct value *v)
{
	int64_t n = -99;

	CHECK_INT(convert_int64(v, &n, &why), 0);
	return n;
}

static void check_no_int64(const struct value *v, int status, const char *reason)
{
	int64_t n = 77;

	CHECK_REFUSED(convert_int64(v, &n, &why), status, reason);
	CHECK_INT(n, 77);
}

static void test_int64(void)
{
	CHECK_INT(int64_of(of_json("0")), 0);
	CHECK_INT(int64_of(of_json("-9223372036854775808")), INT64_MIN);
	CHECK_INT(int64_of(of_json("9223372036854775807")), INT64_MAX);
	CHECK_INT(int64_of(of_json("1.0")), 1);
	CHECK_INT(int64_of(of_json("-0.0")), 0);
	CHECK_INT(int64_of(of_json("15e1")), 150);
	CHECK_INT(int64_of(of_json("1.50e1")), 15);
	CHECK_INT(int64_of(of_json("100e-2")), 1);
	CHECK_INT(int64_of(of_json("9007199254740993.0")), INT64_C(9007199254740993)); /* not by way of a double */
	CHECK_INT(int64_of(of_json("92233720368547758.07e2")), INT64_MAX);
	CHECK_INT(int64_of(of_json("-9223372036854775808.000")), INT64_MIN);
	CHECK_INT(int64_of(of_json("0e999999999999999999999")), 0);
	check_no_int64(of_json("1.5"), -EINVAL, "is not a whole number");
	check_no_int64(of_json("1e-1"), -EINVAL, "is not a whole number");
	check_no_int64(of_json("1e-999999999999999999999"), -EINVAL, "is not a whole number");
	check_no_int64(of_json("9223372036854775808"), -ERANGE, "does not fit into bigint");
	check_no_int64(of_json("-9223372036854775809"), -ERANGE, "does not fit into bigint");
	check_no_int64(of_json("1e19"), -ERANGE, "does not fit into bigint");
	check_no_int64(of_json("1e999999999999999999999"), -ERANGE, "does not fit into bigint");
	check_no_int64(of_json("\"1\""), -EINVAL, "is a string, not a number");
	check_no_int64(of_json("true"), -EINVAL, "is not a number");
	check_no_int64(of_json("[1]"), -EINVAL, "is not a number");
	check_no_int64(of_json("{}"), -EINVAL, "is not a number");
	check_no_int64(&null_value, -ENODATA, "(no reason)");
	check_no_int64(&missing_value, -ENODATA, "(no reason)");
}

static void test_int64_of_text(void)
{
	struct value v;

	v = of_csv("12");
	CHECK_INT(int64_of(&v), 12);
	v = of_csv(" +007 ");
	CHECK_INT(int64_of(&v), 7);
	v = of_csv("5.");
	CHECK_INT(int64_of(&v), 5);
	v = of_csv("-1e2");
	CHECK_INT(int64_of(&v), -100);
	v = of_csv("0000000000000000000000000000000000000000000000012");
	CHECK_INT(int64_of(&v), 12);
	v = of_csv(".5");
	check_no_int64(&v, -EINVAL, "is not a whole number");
	const char *bad[] = {".", "-", "+", "1 2", "e1", "1e", "1e+", "--1", "1.2.3", "0x1", "1,5", "1_000", "abc",
		"NaN", "\t1", "1e1.5"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		v = of_csv(bad[i]);
		check_no_int64(&v, -EINVAL, "is not a number");
	}
	v = of_csv("");
	check_no_int64(&v, -ENODATA, "(no reason)");
	v = of_csv("  ");
	check_no_int64(&v, -ENODATA, "(no reason)");
}

static void check_int32(const char *json, unsigned bits, int status, int expected, const char *reason)
{
	int32_t n = 77;

	CHECK_REFUSED(convert_int32(of_json(json), bits, &n, &why), status, reason);
	CHECK_INT(n, expected);
}

static void test_int32(void)
{
	check_int32("2147483647", 0, 0, INT32_MAX, "(no reason)");
	check_int32("-2147483648", 0, 0, INT32_MIN, "(no reason)");
	check_int32("2147483648", 0, -ERANGE, 77, "does not fit into int");
	check_int32("-2147483649", 0, -ERANGE, 77, "does not fit into int");
	check_int32("32767", 16, 0, 32767, "(no reason)");
	check_int32("-32769", 16, -ERANGE, 77, "does not fit into smallint");
	check_int32("-128", 8, 0, -128, "(no reason)");
	check_int32("128", 8, -ERANGE, 77, "does not fit into tinyint");
	check_int32("1.5", 8, -EINVAL, 77, "is not a whole number");
	check_int32("null", 8, -ENODATA, 77, "(no reason)");
}

static void test_bool(void)
{
	bool b = true;
	struct value v;
	const char *no[] = {"false", "FALSE", "f", "F", "0"}, *yes[] = {"true", "True", "t", "1"};

	CHECK_INT(convert_bool(of_json("false"), &b, &why), 0);
	CHECK(!b);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		v = of_csv(yes[i]);
		b = false;
		CHECK_INT(convert_bool(&v, &b, &why), 0);
		CHECK(b);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		v = of_csv(no[i]);
		b = true;
		CHECK_INT(convert_bool(&v, &b, &why), 0);
		CHECK(!b);
	}
	v = of_csv("yes");
	CHECK_REFUSED(convert_bool(&v, &b, &why), -EINVAL, "is neither true nor false");
	CHECK_REFUSED(convert_bool(of_json("1"), &b, &why), -EINVAL, "is neither true nor false");
	CHECK_REFUSED(convert_bool(of_json("\"true\""), &b, &why), -EINVAL, "is neither true nor false");
	CHECK_REFUSED(convert_bool(of_json("null"), &b, &why), -ENODATA, "(no reason)");
}

/* The text of a double; "" when it is refused. */
static const char *double_of(const struct value *v)
{
	static char text[64];
	double d;

	if (convert_double(v, &d, &why) < 0)
		return "";
	snprintf(text, sizeof text, "%.17g", d);
	return text;
}

static void test_double(void)
{
	struct value v;
	static const struct {
		const char *text, *expected;
	} csv[] = {{"NaN", "nan"}, {"nan", "nan"}, {"Infinity", "inf"}, {"-inf", "-inf"}, {"+INF", "inf"},
		{"+1.5", "1.5"}, {".5", "0.5"}, {"-.5e1", "-5"}, {"007", "7"}, {" 2 ", "2"}, {"5.", "5"}, {"1e400", ""},
		{"abc", ""}, {"0x1p3", ""}, {"nan(1)", ""}, {"1e-400", "0"}, {"infinit", ""}};

	CHECK_STR(double_of(of_json("1.5")), "1.5");
	CHECK_STR(double_of(of_json("3")), "3");
	CHECK_STR(double_of(of_json("-0.0")), "-0");
	CHECK_STR(double_of(of_json("9007199254740993")), "9007199254740992");
	CHECK_STR(double_of(of_json("123456789012345678901234567890")), "1.2345678901234568e+29");
	CHECK_STR(double_of(of_json("\"NaN\"")), "nan");
	CHECK_STR(double_of(of_json("\"Infinity\"")), "inf");
	CHECK_STR(double_of(of_json("\"-Infinity\"")), "-inf");
	for (size_t i = 0; i < sizeof csv / sizeof *csv; i++) {
		v = of_csv(csv[i].text);
		CHECK_STR(double_of(&v), csv[i].expected);
	}
	double d = 77;
	CHECK_REFUSED(convert_double(of_json("1e400"), &d, &why), -ERANGE, "is larger than any double");
	CHECK_REFUSED(convert_double(of_json("\"1.5\""), &d, &why), -EINVAL, "is a string, not a number");
	CHECK_REFUSED(convert_double(of_json("\"nan\""), &d, &why), -EINVAL, "is a string, not a number");
	CHECK_REFUSED(convert_double(of_json("false"), &d, &why), -EINVAL, "is not a number");
	CHECK_REFUSED(convert_double(of_json("null"), &d, &why), -ENODATA, "(no reason)");
	CHECK(d == 77);
}

static void check_float(const char *json)
{
	float f = 77;

	CHECK_INT(convert_float(of_json(json), &f, &why), 0);
	if (f != strtof(json, NULL) || signbit(f) != signbit(strtof(json, NULL)))
		printf("# %s\n", json);
	CHECK(f == strtof(json, NULL));
}

static void test_float(void)
{
	float f = 77;
	struct value v = of_csv("NaN");

	/* in the middle between two floats, or close to it: rounding to a double first would be wrong for some */
	const char *texts[] = {"1.5", "0.1", "16777217", "16777217.0", "1.00000005960464477539062500",
		"1.00000005960464477539062501", "1.0000000596046447753906249999999999", "1.17549431e-38", "1.4e-45",
		"7.006492321624085354618e-46", "7.0064923216240853546186479164495807e-46", "1e-60", "-0.0",
		"3.4028234663852886e38", "3.4028235677973365e38", "8388608.4999999999999999999", "8388609.5",
		"-5.0e-324"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_float(texts[i]);
	CHECK_INT(convert_float(&v, &f, &why), 0);
	CHECK(isnan(f));
	f = 77;
	CHECK_REFUSED(convert_float(of_json("3.5e38"), &f, &why), -ERANGE, "is larger than any float");
	CHECK_REFUSED(convert_float(of_json("-1e400"), &f, &why), -ERANGE, "is larger than any float");
	CHECK_REFUSED(convert_float(of_json("\"x\""), &f, &why), -EINVAL, "is a string, not a number");
	CHECK(f == 77);
	srand(1);
	for (int i = 0; i < 20000; i++) {
		char text[64];
		snprintf(text, sizeof text, "%d.%d%de%d", rand() % 100, rand(), rand(), rand() % 60 - 30);
		check_float(text);
	}
}

int main(void)
{
	TEST(test_int64);
	TEST(test_int64_of_text);
	TEST(test_int32);
	TEST(test_bool);
	TEST(test_double);
	TEST(test_float);
	of_json(NULL);
	return check_done();
}
