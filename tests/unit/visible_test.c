/* common/base/control, visible: bytes that a terminal would act on. */
#include <string.h>

#include "common/base/visible.h"
#include "tests/unit/check.h"

static struct strbuf b = STRBUF_INIT;

static const char *seen(const char *s)
{
	strbuf_clear(&b);
	visible_add(&b, s, strlen(s));
	return b.s;
}

static void test_visible(void)
{
	CHECK_STR(seen(""), "");
	CHECK_STR(seen("plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), "plain \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	CHECK_STR(seen("a\tb\n\x1b[31m\x7f"), "a\\x09b\\x0a\\x1b[31m\\x7f");
	CHECK_STR(seen("\xc2\x9b"
		       "31m"),
		"\\xc2\\x9b31m"); /* U+009B: CSI */
	CHECK_STR(seen("\xc2\x80\xc2\x9f\xc2\xa0"), "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
	CHECK_STR(seen("x\x9b"
		       "31m"),
		"x\\x9b31m"); /* alone: CSI of an 8-bit terminal */
	CHECK_STR(seen("\x9b"), "\\x9b");
	CHECK_STR(seen("\xc4\x9b"), "\xc4\x9b"); /* part of a letter */
	CHECK_STR(seen("\xc2"), "\xc2");
}

static void test_start(void)
{
	strbuf_clear(&b);
	visible_add_start(&b, "abcdef", 6, 6);
	CHECK_STR(b.s, "abcdef");
	strbuf_clear(&b);
	visible_add_start(&b, "abcdef", 6, 3);
	CHECK_STR(b.s, "abc...");
	strbuf_clear(&b);
	visible_add_start(&b,
		"ab\xe2\x82\xac"
		"c",
		6, 4); /* characters are not cut */
	CHECK_STR(b.s, "ab...");
}

int main(void)
{
	TEST(test_visible);
	TEST(test_start);
	strbuf_release(&b);
	return check_done();
}
