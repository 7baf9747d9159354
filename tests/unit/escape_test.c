/* Unit tests of common/base/escape.h. */
#include "common/base/escape.h"

#include <errno.h>

#include "tests/unit/check.h"

static void good(const char *text, const char *bytes, size_t len)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(escape_text(text, &out, &err), 0);
	CHECK_MEM(out.s, out.len, bytes, len);
	CHECK_STR(err.s, "");
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_good(void)
{
	good("", "", 0);
	good("plain ä", "plain ä", 8);
	good("\\n\\t\\r\\v\\f\\0\\\\", "\n\t\r\v\f\0\\", 7);
	good("a\\x00b\\xfFc",
		"a\0b\xff"
		"c",
		5);
	good("\\\\n", "\\n", 2);
}

static void bad(const char *text, const char *reason)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	CHECK_INT(escape_text(text, &out, &err), -EINVAL);
	CHECK_STR(err.s, reason);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_bad(void)
{
	bad("a\\q", "'\\q' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN");
	bad("a\\", "'\\' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN");
	bad("\\x", "'\\x' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN");
	bad("\\x1", "'\\x' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN");
	bad("\\x1g", "'\\x' is not one of \\n \\t \\r \\v \\f \\0 \\\\ \\xNN");
}

int main(void)
{
	TEST(test_good);
	TEST(test_bad);
	return check_done();
}
