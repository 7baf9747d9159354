#include "common/base/ascii.h"

#include "tests/unit/check.h"

/* Every byte, compared with the sets written out. */
static void test_classes(void)
{
	for (int i = 0; i < 256; i++) {
		const char c = (char)i;
		const char *digits = "0123456789abcdef", *upper = "0123456789ABCDEF";
		const char *lower = i ? strchr(digits, c) : NULL, *other = i ? strchr(upper, c) : NULL;
		CHECK_INT(ascii_is_digit(c), lower && lower - digits < 10);
		CHECK_INT(ascii_is_blank(c), i && strchr(" \t\n\r", c));
		CHECK_INT(ascii_hex_value(c), lower ? lower - digits : other ? other - upper : -1);
	}
}

static void test_put_hex(void)
{
	char text[8] = "zzzzzzz";
	CHECK(ascii_put_hex(text, "\x00\x9f\xff", 3) == text + 6);
	CHECK_STR(text, "009fffz");
	CHECK(ascii_put_hex(text, "", 0) == text);
}

int main(void)
{
	TEST(test_classes);
	TEST(test_put_hex);
	return check_done();
}
