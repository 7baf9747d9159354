#include "common/data/jsonout.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "tests/unit/check.h"

static void check_bytes(const char *s, size_t len, const char *expected)
{
	char buf[1024];
	size_t n = (size_t)(jsonout_bytes(buf, s, len) - buf);

	CHECK_MEM(buf, n, expected, strlen(expected));
	CHECK_INT(jsonout_bytes_size(s, len), n);
	CHECK(n <= JSONOUT_MAX(len));
}

static void test_bytes(void)
{
	check_bytes(NULL, 0, "null");
	check_bytes("", 0, "\"\"");
	check_bytes("abc", 3, "\"abc\"");
	check_bytes("a\"b\\c/", 6, "\"a\\\"b\\\\c/\"");
	check_bytes("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
	check_bytes("\0\x01\x1f \x7f", 5, "\"\\u0000\\u0001\\u001f \x7f\"");
	check_bytes("\xc3\xa4\xe2\x82\xac", 5, "\"\xc3\xa4\xe2\x82\xac\"");
	check_bytes("\xff", 1, "{\"base64\":\"/w==\"}");
	check_bytes("\xed\xa0\x80", 3, "{\"base64\":\"7aCA\"}");
	check_bytes("\0\0\0\0\0\0\0\0\0", 9, "\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\"");
}

/* Each byte at each place of the 8-byte steps, with neighbours that differ from it by one bit or by 1. */
static void test_every_byte(void)
{
	int bad = 0;

	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < 20; at++)
			for (int other = 0x1f; other < 0x80; other += other == 0x1f ? 3 : 0x3a) {
				char s[20], fast[256], slow[256], *p = slow;
				memset(s, other, sizeof(s));
				s[at] = (char)c;
				*p++ = '"';
				for (size_t i = 0; i < sizeof(s); i++) {
					char one[16];
					size_t n = (size_t)(jsonout_string(one, s + i, 1) - one);
					memcpy(p, one + 1, n - 2);
					p += n - 2;
				}
				*p++ = '"';
				size_t n = (size_t)(jsonout_string(fast, s, sizeof(s)) - fast);
				bad += n != (size_t)(p - slow) || memcmp(fast, slow, n) != 0;
			}
	CHECK_INT(bad, 0);
}

static void test_int(void)
{
	static const int64_t numbers[] = {0, 1, -1, 9, 10, 1234567890, INT64_MAX, INT64_MIN};
	char buf[JSONOUT_INT_MAX], expected[32];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		size_t n = (size_t)(jsonout_int(buf, numbers[i]) - buf);
		snprintf(expected, sizeof(expected), "%lld", (long long)numbers[i]);
		CHECK_MEM(buf, n, expected, strlen(expected));
	}
}

static void check_double(double d, const char *expected)
{
	char buf[JSONOUT_DOUBLE_MAX];
	size_t n = (size_t)(jsonout_double(buf, d) - buf);

	CHECK_MEM(buf, n, expected, strlen(expected));
}

static void test_double(void)
{
	check_double(0.0, "0.0");
	check_double(-0.0, "-0.0");
	check_double(1.0, "1.0");
	check_double(-12.5, "-12.5");
	check_double(0.1, "0.1");
	check_double(0.30000000000000004, "0.30000000000000004");
	check_double(123456.789, "123456.789");
	check_double(99.99, "99.99");
	check_double(0.000123, "0.000123");
	check_double(1e-7, "1e-07");
	check_double(999999999999999.9, "999999999999999.9");
	check_double(1e15, "1e+15");
	check_double(123456789012345680.0, "1.2345678901234568e+17");
	check_double(4503599627370496.0, "4503599627370496.0");
	check_double(1.7976931348623157e308, "1.7976931348623157e+308");
	check_double(5e-324, "5e-324");
	check_double((double)INFINITY, "null");
	check_double((double)NAN, "null");
}

static void check_float(float f, const char *expected)
{
	char buf[JSONOUT_DOUBLE_MAX];
	size_t n = (size_t)(jsonout_float(buf, f) - buf);

	CHECK_MEM(buf, n, expected, strlen(expected));
}

static void test_float(void)
{
	check_float(0.0f, "0.0");
	check_float(-0.0f, "-0.0");
	check_float(0.1f, "0.1");
	check_float(16777216.0f, "16777216.0");
	check_float(3.4028235e38f, "3.4028235e+38");
	check_float(1e-45f, "1e-45");
	check_float((float)INFINITY, "null");
}

/* Whatever is written is read as the same number. */
static void test_double_again(void)
{
	uint64_t state = 1;

	for (int i = 0; i < 200000; i++) {
		char buf[JSONOUT_DOUBLE_MAX + 1];
		double d;
		state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
		memcpy(&d, &state, sizeof d);
		if (i % 2)
			d = (double)(int64_t)(state >> 20) / 1000;
		if (!isfinite(d))
			continue;
		*jsonout_double(buf, d) = '\0';
		if (strtod(buf, NULL) != d)
			CHECK_STR(buf, "the number that was written");
	}
}

int main(void)
{
	TEST(test_double);
	TEST(test_float);
	TEST(test_double_again);
	TEST(test_bytes);
	TEST(test_every_byte);
	TEST(test_int);
	return check_done();
}
