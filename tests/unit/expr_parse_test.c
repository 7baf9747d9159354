/* The syntax of expressions, and the reported places of mistakes. */
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
		{".a.", 3}, {"$0", 0}, {"$", 0}, {"$x", 0}, {"$1x", 0}, {"$9999999", 0}, {"#", 0}, {"{", 1}, {"[1", 2},
		{"[1)", 2}, {"{a: 1", 5}, {"!", 1}, {"-", 1}, {"1 +", 3}, {"time(.a, .b)", 9}, {"time(.a, \"%Q\")", 9},
		{".a ? 1", 3}, {"\xc3\xa4", 0}, {".a <> 1", 3}, {"not .a", 0}, {"true false", 5}, {"and", 0},
		{"in (1)", 0}, {".a in ()", 7}, {".a not in ( )", 12}, {".user-id == 7", 6}, {".a.event-time > 5", 9}};

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

/* Something from each table of expr_words.c and expr_hint.c, and something that is in no table. */
static void test_foreign(void)
{
	static const struct {
		const char *text, *says;
	} foreign[] = {{".a > 1 AND .b", "8: 'AND' is written in small letters: and"},
		{".a Or .b", "4: 'Or' is written in small letters: or"},
		{".a IN (1)", "4: 'IN' is written in small letters: in"},
		{"NOT .a", "1: 'NOT' is not a word of expressions: write !(…)"},
		{".a = 1", "4: '=' is not an operator; '==' is"}, {".a === 1", "4: '===' is not an operator; '==' is"},
		{".a <> 1", "4: '<>' is not an operator; '!=' is"}, {".a => 1", "4: '=>' is not an operator; '>=' is"},
		{".a ≥ 1", "4: '≥' is not an operator; '>=' is"}, {".a ~ 'x'", "4: '~' is not an operator; '=~' is"},
		{".a LIKE 'u%'", "4: 'LIKE' is not a word of expressions: write startswith(.a, \"ab\")"},
		{".a is null", "4: 'is' is not a word of expressions: write .a == null or .a != null"},
		{".a IS NOT NULL", "4: 'IS' is not a word"}, {".a BETWEEN 1 AND 2", "4: 'BETWEEN' is not a word"},
		{".a == NULL", "7: 'NULL' is written in small letters: null"},
		{".a == None", "7: 'None' is not a word of expressions: write null"},
		{".a eq 1", "4: 'eq' is not a word of expressions: write =="},
		{"SELECT * FROM f", "1: 'SELECT' is not a word of expressions: write the condition alone"},
		{"select(.a > 1)", "1: 'select' is not a word of expressions: write the condition alone"},
		{".a | .b", "4: '|' is not an operator: '||' is, and there are no pipes as in jq"},
		{".a // 1", "4: '//' is not an operator; '?"
			    "?' is"},
		{".a?", "3: '?' has no meaning: a field that is not there is null by itself"},
		{".[]", "3: '[]' does not stand for all elements, as in jq"}, {".a[0:3:1]", "7: ']' was expected"},
		{".a[:3", "6: ']' was expected, but the expression ends"},
		{".a in {}", "7: a list in parentheses or @FILE was expected"},
		{"test(.a; 'x')", "1: 'test' is not a word of expressions: write .a =~"},
		{"has('a')", "1: 'has' is not a word of expressions: write exists(.a)"},
		{".a.contains('x')", "12: a function comes before its argument, as in length(.a)"},
		{"startsWith(.a, 'x')", "1: 'startsWith' is written in small letters: startswith"},
		{"starts_with(.a, 'x')", "1: there is no function 'starts_with'; did you mean 'startswith'?"},
		{"len(.a)", "1: there is no function 'len'; did you mean 'length'?"},
		{"frobnicate(.a)", "1: there is no function 'frobnicate'"},
		{"age > 1", "1: there is no function 'age' (a field is .age, a string \"age\")"},
		{"$age > 1", "1: a column is $1, $2, …, a field with a name .name"},
		{"lower(.a, 1)", "1: lower is written lower(x): there are too many arguments"},
		{"time()", "1: time is written time(x[, pattern]): an argument is missing"},
		{"contains(.a)", "1: contains is written contains(x, y): an argument is missing"}};

	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		struct strbuf err = STRBUF_INIT, wanted = STRBUF_INIT;
		struct expr *e = NULL;
		CHECK_INT(expr_new(&e, foreign[i].text, &err), -EINVAL);
		strbuf_addf(&wanted, "expression, character %s", foreign[i].says);
		if (strncmp(err.s, wanted.s, wanted.len) != 0)
			CHECK_STR(err.s, wanted.s);
		strbuf_release(&err);
		strbuf_release(&wanted);
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

static void test_asks_for(void)
{
	static const struct {
		const char *text;
		bool asks;
	} cases[] = {{".a", true}, {"!.a", true}, {".b && .a", true}, {".a or .b", true}, {"exists(.a)", true},
		{".a == null", true}, {"null != .a", true}, {".b == 1 && (.c || .a != null) && .a > 2", true},
		{".a == 1", false}, {".a > .b", false}, {"!(.a == 1)", false}, {"length(.a) == null", false},
		{"upper(.a) == \"X\"", false}, {".a in (1, null)", false}, {".a + 1", false}, {".a =~ \"x\"", false}};
	struct strbuf err = STRBUF_INIT;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expr *e;
		size_t a = 0;
		CHECK_INT(expr_new(&e, cases[i].text, &err), 0);
		while (strcmp(expr_field(e, a)->path.steps[0].name, "a") != 0)
			a++;
		CHECK(expr_asks_for(e, a) == cases[i].asks);
		expr_bind(e, a, 7);
		CHECK_INT(expr_slot(e, a), 7);
		expr_free(e);
	}
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_fields);
	TEST(test_bad);
	TEST(test_foreign);
	TEST(test_limits);
	TEST(test_asks_for);
	return check_done();
}
