#include "common/data/jsonout.h"

#include <limits.h>

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

/* Each byte at each place of the 8-byte steps, beside neighbours that differ from it by a bit or by one. */
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

int main(void)
{
	TEST(test_bytes);
	TEST(test_every_byte);
	TEST(test_int);
	return check_done();
}
