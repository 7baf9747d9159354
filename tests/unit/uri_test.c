/* common/io/uri: what is encoded, and that decoding restores it or fails. */
#include <errno.h>

#include "common/io/uri.h"
#include "tests/unit/check.h"

static void check_encode(const char *s, size_t len, bool slashes, const char *expected)
{
	struct strbuf out = STRBUF_INIT, back = STRBUF_INIT;
	strbuf_addstr(&out, "<");
	uri_encode(&out, s, len, slashes);
	CHECK_STR(out.s + 1, expected);
	CHECK_INT(uri_decode(&back, out.s + 1, out.len - 1), 0);
	CHECK_MEM(back.s, back.len, s, len);
	strbuf_release(&out);
	strbuf_release(&back);
}

static void test_encode(void)
{
	check_encode("", 0, false, "");
	check_encode("azAZ09-._~", 10, false, "azAZ09-._~");
	check_encode("a/b", 3, false, "a%2Fb");
	check_encode("a/b", 3, true, "a/b");
	check_encode("dt=2026 +&%'()*!", 16, true, "dt%3D2026%20%2B%26%25%27%28%29%2A%21");
	check_encode("\xc3\xa9\x7f\x01", 4, true, "%C3%A9%7F%01");
	check_encode("@[`{:", 5, true, "%40%5B%60%7B%3A");
}

static void check_refused(const char *s)
{
	struct strbuf out = STRBUF_INIT;
	strbuf_addstr(&out, "kept");
	CHECK_INT(uri_decode(&out, s, strlen(s)), -EILSEQ);
	CHECK_STR(out.s, "kept");
	strbuf_release(&out);
}

static void test_decode(void)
{
	struct strbuf out = STRBUF_INIT;
	CHECK_INT(uri_decode(&out, "a%2fb%2Fc+%e9%10", 16), 0);
	CHECK_STR(out.s, "a/b/c+\xe9\x10");
	strbuf_release(&out);
	check_refused("%");
	check_refused("a%2");
	check_refused("%%41");
	check_refused("%4g");
	check_refused("%g4");
	check_refused("x%00y");
	CHECK_INT(uri_decode(&out, "%41", 2), -EILSEQ); /* the digit beyond the end does not belong to it */
}

int main(void)
{
	TEST(test_encode);
	TEST(test_decode);
	return check_done();
}
