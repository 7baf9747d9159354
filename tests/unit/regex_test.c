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
	check_long("a(?=.*y)", 10000, 0);
	check_long("a(?=.*y)", 1000000, -E2BIG); /* goes over the rest from each byte: minutes */
	check_long("(?i)A{3}$", 10000000, 1);
}

static void test_explosion(void)
{
	check_match("^(a|a?)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 50, -E2BIG);
	/* no y: known immediately */
	check_match("(x+x+)+y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxz", 50, 0);
}

/* An expression that goes over the whole text for each byte, from each byte; S ends with " z". */
static void test_expensive(void)
{
	static const size_t lengths[] = {100, 1500, 15000, 20000};

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		size_t n = lengths[i];
		char *text = xmalloc(n);
		memset(text, 'x', n);
		memcpy(text + n - 2, " z", 2);
		check_match("(?:x(?=.*y)|x)*zz", text, n, n == 100 ? 0 : -E2BIG);
		check_match("(x+)+y", text, n, 0); /* no y: known immediately */
		check_match("x(?=.*z)", text, n, 1);
		free(text);
	}
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

static void test_find(void)
{
	struct strbuf err = STRBUF_INIT;
	struct regex *r = NULL;
	const size_t *ends;
	size_t pos;

	CHECK_INT(regex_new(&r, "(?<y>\\d)(x)?", 12, &pos, &err), 0);
	CHECK_INT(regex_groups(r), 2);
	CHECK_STR(regex_group_name(r, 1), "y");
	CHECK_STR(regex_group_name(r, 2), "");
	CHECK_INT(regex_find(r, "a1x2", 4, 0, &ends), 1);
	CHECK(ends[0] == 1 && ends[1] == 3 && ends[2] == 1 && ends[3] == 2 && ends[4] == 2);
	CHECK_INT(regex_find(r, "a1x2", 4, 2, &ends), 1);
	CHECK(ends[0] == 3 && ends[4] == SIZE_MAX && ends[5] == SIZE_MAX);
	CHECK_INT(regex_find(r, "a1x2", 4, 4, &ends), 0);
	regex_free(r);
	CHECK_INT(regex_new(&r, "^(a+)+$", 7, &pos, &err), 0);
	CHECK_INT(regex_find(r, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 41, 0, &ends), -E2BIG);
	regex_free(r);
	strbuf_release(&err);
}

static void check_replace(const char *pattern, const char *s, const char *with, uint64_t max, const char *expected)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct regex *r = NULL;
	size_t pos;

	CHECK_INT(regex_new(&r, pattern, strlen(pattern), &pos, &err), 0);
	CHECK_INT(regex_replace(r, s, strlen(s), with, strlen(with), max, &out), strcmp(s, expected) != 0);
	CHECK_STR(out.s, expected);
	regex_free(r);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_replace(void)
{
	check_replace("b", "abb", "x", SIZE_MAX, "axx");
	check_replace("b", "abb", "x", 0, "axb");
	check_replace("(.)(b)", "abcb", "\\2\\1\\\\\\n", SIZE_MAX, "ba\\\nbc\\\n");
	check_replace("(q)?b", "ab", "[\\1\\9\\0]", SIZE_MAX, "a[b]");
	check_replace("x*", "a\xc3\xa4", "-", SIZE_MAX, "-a-\xc3\xa4-");
	check_replace("q", "abc", "x", SIZE_MAX, "abc");
	check_replace("c", "abc", "x\\", SIZE_MAX, "abx\\");
}

/* In a text of N bytes `a`, all of which are to be replaced. */
static void check_replace_long(const char *pattern, size_t n, int expected)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct regex *r = NULL;
	size_t pos;
	char *text = xmalloc(n);

	memset(text, 'a', n);
	CHECK_INT(regex_new(&r, pattern, strlen(pattern), &pos, &err), 0);
	for (int i = 0; i < 2; i++) { /* each text has its own steps */
		strbuf_clear(&out);
		CHECK_INT(regex_replace(r, text, n, "bc", 2, SIZE_MAX, &out), expected);
		CHECK(expected < 0 || out.len == 2 * n);
	}
	regex_free(r);
	strbuf_release(&err);
	strbuf_release(&out);
	free(text);
}

static void test_replace_long(void)
{
	check_replace_long("a", 300000, 1);
	check_replace_long("a.*y|a", 500, 1);
	check_replace_long("a.*.*y|a", 15000, -E2BIG); /* few steps for each match, minutes for all of them */
	check_replace_long("a.*y|a", 300000, -E2BIG);
}

int main(void)
{
	TEST(test_match);
	TEST(test_long);
	TEST(test_explosion);
	TEST(test_expensive);
	TEST(test_bad);
	TEST(test_find);
	TEST(test_replace);
	TEST(test_replace_long);
	return check_done();
}
