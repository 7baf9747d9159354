/* What an expression may look like, and where a mistake is said to be. */
#include "common/data/expr.h"

#include <errno.h>

#include "tests/unit/check.h"
#include "tests/unit/expr_bind.h"

static void test_fields(void)
{
	struct strbuf err = STRBUF_INIT;
	struct expr *e;
	struct json *j;

	CHECK_INT(expr_new(&e, ".a == .b && .[\"a\"] > .c[0] || .c[1] == .b", &err), 0);
	CHECK_INT(expr_fields(e), 4);
	expr_free(e);
	CHECK_INT(expr_new(&e, "$1 == $2", &err), 0);
	CHECK_INT(json_new(&j), 0);
	CHECK_INT(bind_json(e, j, &err), -EINVAL);
	CHECK(err.len > 0);
	expr_free(e);
	json_free(j);
	strbuf_release(&err);
}

static void test_bad(void)
{
	static const struct {
		const char *text;
		size_t pos;
	} bad[] = {{"", 0}, {" ", 1}, {".a ==", 5}, {"== 1", 0}, {".a = 1", 3}, {".a & .b", 3}, {".a | .b", 3},
		{"(.a", 3}, {".a)", 2}, {".a .b", 3}, {"1 2", 2}, {".a == 1 == 2", 8}, {".a < 1 < 2", 7}, {"foo", 0},
		{"foo(1)", 0}, {"lower", 5}, {"lower()", 0}, {"lower(1, 2)", 0}, {"contains(.a)", 0}, {"now(1)", 0},
		{"lower(.a", 8}, {"lower(.a,)", 9}, {"\"abc", 0}, {"\"\\x\"", 0}, {"'\\q' == .a", 0}, {"\"\xff\"", 0},
		{"1x", 1}, {"1.2.3", 0}, {"01", 0}, {"1.", 0}, {"5w", 1}, {"1h5", 3}, {"99999999999999999999d", 0},
		{"999999999999999d", 0}, {".a in", 5}, {".a in 1", 6}, {".a in (1", 8}, {".a not 1", 7},
		{".a not in", 9}, {".a =~", 5}, {".a =~ .b", 6}, {".a =~ \"(\"", 8}, {".a =~ \"a\\\"", 6}, {".a[", 3},
		{".a.", 3}, {"$0", 0}, {"$", 0}, {"$x", 0}, {"$1x", 0}, {"$9999999", 0}, {"#", 0}, {"{", 0}, {"[1]", 0},
		{"!", 1}, {"-", 1}, {"1 +", 3}, {"time(.a, .b)", 9}, {"time(.a, \"%Q\")", 9}, {".a ? 1", 3},
		{"\xc3\xa4", 0}, {".a <> 1", 3}, {"not .a", 0}, {"true false", 5}, {"and", 0}, {"in (1)", 0},
		{".a in ()", 7}, {".a not in ( )", 12}, {".user-id == 7", 6}, {".a.event-time > 5", 9}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct strbuf err = STRBUF_INIT;
		struct expr *e = NULL;
		char where[32];
		CHECK_INT(expr_new(&e, bad[i].text, &err), -EINVAL);
		CHECK(e == NULL);
		snprintf(where, sizeof(where), "character %zu: ", bad[i].pos + 1);
		if (!strstr(err.s, where))
			printf("# %s: %s\n", bad[i].text, err.s);
		CHECK(strstr(err.s, where) != NULL);
		strbuf_release(&err);
	}
}

static void test_limits(void)
{
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct expr *e;

	for (int i = 0; i < EXPR_MAX_DEPTH + 1; i++)
		strbuf_addch(&text, '!');
	strbuf_addstr(&text, ".a");
	CHECK_INT(expr_new(&e, text.s, &err), -EINVAL);
	strbuf_clear(&text);
	for (int i = 0; i < 100000; i++)
		strbuf_addch(&text, '(');
	CHECK_INT(expr_new(&e, text.s, &err), -EINVAL);
	strbuf_clear(&text);
	strbuf_addch(&text, '1');
	for (int i = 0; i < EXPR_MAX_OPERATORS; i++)
		strbuf_addstr(&text, " + 1");
	CHECK_INT(expr_new(&e, text.s, &err), 0);
	CHECK(expr_value(e, NULL)->i == EXPR_MAX_OPERATORS + 1);
	expr_free(e);
	strbuf_addstr(&text, " + 1");
	CHECK_INT(expr_new(&e, text.s, &err), -EINVAL);
	strbuf_release(&text);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_fields);
	TEST(test_bad);
	TEST(test_limits);
	return check_done();
}
