#include "common/data/regex.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "tests/unit/check.h"

static void check_match(const char *pattern, const char *s, size_t len, int expected)
{
	struct strbuf err = STRBUF_INIT;
	struct regex *r = NULL;
	size_t pos = 0;

	CHECK_INT(regex_new(&r, pattern, strlen(pattern), &pos, &err), 0);
	CHECK_STR(err.s, "");
	for (int i = 0; i < 3 && r; i++)
		CHECK_INT(regex_match(r, s, len), expected);
	regex_free(r);
	strbuf_release(&err);
}

static void test_match(void)
{
	check_match("", "", 0, 1);
	check_match("b.d", "abcde", 5, 1);
	check_match("b.d", "ab\nde", 5, 0);
	check_match("^b", "a\nb", 3, 0);
	check_match("a$", "a\n", 2, 0);
	check_match("a.b", "a\0b", 3, 1);
	check_match("^.$", "\xc3\xa4", 2, 1);
	check_match("(?i)\xc3\x84", "\xc3\xa4", 2, 1);
	check_match("^.$", "\xff", 1, 0);
	check_match("b",
		"\xff\xfe"
		"b",
		3, 1);
}

/* A text of exactly N bytes `a`. */
static void check_long(const char *pattern, size_t n, int expected)
{
	char *text = xmalloc(n);

	memset(text, 'a', n);
	check_match(pattern, text, n, expected);
	free(text);
}

static void test_long(void)
{
	check_long("^([a-z])+$", 10000, 1);
	check_long("^(a|b)*$", 1000000, 1);
	check_long("^(?:a|b)+c", 100000, 0);
	check_long("a*$", 10000000, 1);
	check_long("^([a-z])+$", 10000000, -E2BIG); /* would need 320 MB */
}

static void test_explosion(void)
{
	check_match("^(a|a?)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 50, -E2BIG);
	/* no y: known immediately */
	check_match("(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz", 50, 0);
}

static void test_bad(void)
{
	static const struct {
		const char *pattern;
		size_t pos;
	} bad[] = {{"(", 1}, {"[b", 2}, {"*", 0}, {"\xff", 0}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct strbuf err = STRBUF_INIT;
		struct regex *r = NULL;
		size_t pos = 99;
		CHECK_INT(regex_new(&r, bad[i].pattern, strlen(bad[i].pattern), &pos, &err), -EINVAL);
		CHECK(strncmp(err.s, "regular expression: ", 20) == 0);
		CHECK_INT(pos, bad[i].pos);
		CHECK(r == NULL);
		strbuf_release(&err);
	}
	regex_free(NULL);
}

int main(void)
{
	TEST(test_match);
	TEST(test_long);
	TEST(test_explosion);
	TEST(test_bad);
	return check_done();
}
