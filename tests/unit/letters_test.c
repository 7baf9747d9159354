/* common/data/letters: case and white space beyond ASCII, and bytes that are not UTF-8. */
#include "common/data/letters.h"

#include "tests/unit/check.h"

static void check_change(void (*change)(struct strbuf *, const char *, size_t), const char *s, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	change(&out, s, strlen(s));
	CHECK_STR(out.s, expected);
	strbuf_release(&out);
}

static void test_case(void)
{
	check_change(letters_lower, "A@Z[", "a@z[");
	check_change(letters_upper, "a`z{", "A`Z{");
	check_change(letters_lower, "\xc3\x84\xce\xa3\xd0\x96", "\xc3\xa4\xcf\x83\xd0\xb6");
	check_change(letters_upper, "\xc3\xa4\xc3\x9f",
		"\xc3\x84\xc3\x9f");                             /* the sharp s has no upper case of one letter */
	check_change(letters_upper, "\xc9\x90", "\xe2\xb1\xaf"); /* from 2 bytes to 3 */
	check_change(letters_fold, "\xce\xa3\xcf\x83\xcf\x82", "\xcf\x83\xcf\x83\xcf\x83");
	check_change(letters_lower, "A\xff\xc3", "a\xff\xc3");
	check_change(letters_lower, "", "");
}

static void check_trim(const char *s, const char *expected)
{
	size_t len = strlen(s);

	letters_trim(&s, &len);
	CHECK_MEM(s, len, expected, strlen(expected));
}

static void test_trim(void)
{
	check_trim(" \t\nx y\r\n", "x y");
	check_trim("\xc2\xa0\xe3\x80\x80x\xe2\x80\x89", "x");
	check_trim(" \xe3\x80\x80 ", "");
	check_trim("", "");
	check_trim("\xe2\x80\x8bx", "\xe2\x80\x8bx"); /* the zero width space is not white space */
	check_trim("x\xff ", "x\xff");
	check_trim("\x80\x80\x80\x80 ", "\x80\x80\x80\x80");
}

int main(void)
{
	TEST(test_case);
	TEST(test_trim);
	return check_done();
}
