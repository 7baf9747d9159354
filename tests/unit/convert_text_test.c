#include "common/data/convert.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/conversions.h"

__extension__ typedef unsigned __int128 exact_unsigned;

static const char *decimal_text(convert_i128 n)
{
	static char text[48];
	char *p = text + sizeof text - 1;
	exact_unsigned rest = n < 0 ? -(exact_unsigned)n : (exact_unsigned)n;

	do
		*--p = (char)('0' + (int)(rest % 10));
	while (rest /= 10);
	if (n < 0)
		*--p = '-';
	return p;
}

static void check_decimal(const struct value *v, unsigned precision, unsigned scale, const char *expected)
{
	convert_i128 n;
	int r = convert_decimal(v, precision, scale, &n, &why);

	CHECK_STR(r < 0 ? why : decimal_text(n), expected);
}

static void test_decimal(void)
{
	check_decimal(of_json("12.3"), 12, 2, "1230");
	check_decimal(of_json("-12.34"), 4, 2, "-1234");
	check_decimal(of_json("5"), 12, 2, "500");
	check_decimal(of_json("0.1"), 38, 38, "10000000000000000000000000000000000000");
	check_decimal(of_json("0.30000000000000004"), 20, 17, "30000000000000004");
	check_decimal(of_json("1.2300"), 3, 2, "123");
	check_decimal(of_json("1e2"), 5, 2, "10000");
	check_decimal(of_json("123e-2"), 3, 2, "123");
	check_decimal(of_json("1.5E-1"), 3, 2, "15");
	check_decimal(of_json("0e5"), 1, 0, "0");
	check_decimal(of_json("-0.00"), 1, 0, "0");
	check_decimal(
		of_json("99999999999999999999999999999999999999"), 38, 0, "99999999999999999999999999999999999999");
	check_decimal(of_json("-9999999999999999999999999999.9999999999000"), 38, 10,
		"-99999999999999999999999999999999999999");
	check_decimal(of_json("9223372036854775807"), 38, 19, "92233720368547758070000000000000000000");
	check_decimal(of_json("-9223372036854775808"), 19, 0, "-9223372036854775808");
	check_decimal(of_json("1e37"), 38, 0, "10000000000000000000000000000000000000");
	check_decimal(of_json("100000000000000000000000000000000000000000000e-44"), 1, 0, "1");
}

static void test_no_decimal(void)
{
	const char *large = "has too many digits before the point";
	const char *fraction = "has too many digits after the point";

	check_decimal(of_json("1.235"), 12, 2, fraction);
	check_decimal(of_json("1e-3"), 12, 2, fraction);
	check_decimal(of_json("1e-300"), 38, 38, fraction);
	check_decimal(of_json("1000"), 5, 2, large);
	check_decimal(of_json("-1000"), 5, 2, large);
	check_decimal(of_json("100.0"), 4, 2, large);
	check_decimal(of_json("1"), 38, 38, large);
	check_decimal(of_json("99999999999999999999.5"), 20, 0, fraction);
	check_decimal(of_json("100000000000000000000000000000000000000"), 38, 0, large);
	check_decimal(of_json("1e38"), 38, 0, large);
	check_decimal(of_json("9223372036854775807"), 19, 1, large);
	check_decimal(of_json("-9223372036854775808"), 18, 0, large);
	check_decimal(of_json("\"1.5\""), 12, 2, "is a string, not a number");
	check_decimal(of_json("true"), 12, 2, "is not a number");
	struct value v = of_csv("+1.5");
	check_decimal(&v, 12, 2, "150");
	v = of_csv("1,5");
	check_decimal(&v, 12, 2, "is not a number");
	v = of_csv("NaN");
	check_decimal(&v, 12, 2, "is not a number");
}

/* Random numbers, by their digits: N digits, AFTER of them after the point, and an exponent. */
static void test_random_decimals(void)
{
	srand(7);
	for (int i = 0; i < 20000; i++) {
		char digits[48], text[80];
		int n = 1 + rand() % 38, after = rand() % (n + 1), exponent = rand() % 9 - 4;
		for (int d = 0; d < n; d++)
			digits[d] = (char)('0' + (d ? rand() % 10 : 1 + rand() % 9));
		digits[n] = '\0';
		snprintf(text, sizeof text, "%.*s%s%s%se%d", n - after, digits, n == after ? "0" : "", after ? "." : "",
			digits + n - after, exponent);
		int scale = after - exponent;
		if (scale < 0 || scale > 38)
			continue;
		check_decimal(of_json(text), 38, (unsigned)scale, digits);
	}
}

static void check_string(const struct value *v, int status, const char *expected)
{
	const char *s = "untouched";
	size_t len = strlen(s);

	why = "(no reason)";
	CHECK_INT(convert_string(v, &s, &len, &why), status);
	CHECK_MEM(status < 0 ? why : s, status < 0 ? strlen(why) : len, expected, strlen(expected));
}

static void test_string(void)
{
	struct value v;

	check_string(of_json("\"a\\n\\u00e4\""), 0, "a\n\xc3\xa4");
	check_string(of_json("\"\""), 0, "");
	check_string(of_json("1.50"), 0, "1.50");
	check_string(of_json("true"), 0, "true");
	check_string(of_json("{\"a\": [1, null]}"), 0, "{\"a\": [1, null]}");
	check_string(of_json("12345678901234567890123"), 0, "12345678901234567890123");
	check_string(of_json("null"), -ENODATA, "(no reason)");
	check_string(of_json("\"\\ud800\""), -EINVAL, "has one half of a surrogate pair");
	v = of_csv("abc");
	check_string(&v, 0, "abc");
	v = of_csv("\xff");
	check_string(&v, -EINVAL, "is not UTF-8");
	v = of_csv("");
	check_string(&v, -ENODATA, "(no reason)");
	v = (struct value){.type = VALUE_TEXT, .raw = "\"\"", .raw_len = 2, .s = "", .len = 0};
	check_string(&v, 0, "");
}

static void check_binary(const char *json, int status, const char *expected)
{
	char bytes[64];
	size_t len = 77;

	why = "(no reason)";
	CHECK_INT(convert_binary(of_json(json), bytes, &len, &why), status);
	if (status == 0)
		CHECK_MEM(bytes, len, expected, strlen(expected));
	else
		CHECK_STR(why, expected);
}

static void test_binary(void)
{
	check_binary("\"\"", 0, "");
	check_binary("\"/wEC\"", 0, "\xff\x01\x02");
	check_binary("\"YQ==\"", 0, "a");
	check_binary("null", -ENODATA, "(no reason)");
	check_binary("\"YQ\"", -EINVAL, "is not base64 with padding");
	check_binary("\"a b=\"", -EINVAL, "is not base64 with padding");
	check_binary("\"_-8=\"", -EINVAL, "is not base64 with padding");
	check_binary("[1,2]", -EINVAL, "is not base64 with padding");
}

static void check_date(const char *json, int status, int expected)
{
	int32_t days = 77;

	CHECK_INT(convert_date(of_json(json), &days, &why), status);
	CHECK_INT(days, expected);
}

static void test_date(void)
{
	check_date("\"1970-01-01\"", 0, 0);
	check_date("\"2026-11-22\"", 0, 20779);
	check_date("\"0001-01-01\"", 0, -719162);
	check_date("\"9999-12-31\"", 0, 2932896);
	check_date("\"2024-02-29\"", 0, 19782);
	check_date("null", -ENODATA, 77);
	const char *bad[] = {"\"2023-02-29\"", "\"0000-01-01\"", "\"2026-11-22T00:00:00Z\"", "\"2026-1-2\"",
		"\"20261122\"", "\"2026/11/22\"", "\"2026-13-01\"", "\"2026-00-10\"", "\"2026-01-00\"", "20779", "\"\"",
		"\" 2026-11-22\"", "\"+026-11-22\""};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		check_date(bad[i], -EINVAL, 77);
		CHECK_STR(why, "is not a date like 2026-11-22");
	}
}

int main(void)
{
	TEST(test_decimal);
	TEST(test_no_decimal);
	TEST(test_random_decimals);
	TEST(test_string);
	TEST(test_binary);
	TEST(test_date);
	of_json(NULL);
	return check_done();
}
