/* What an expression needs: the condition of each form, in words. */
#include "common/data/expr_need.h"

#include <inttypes.h>

#include "tests/unit/check.h"

static void print(const struct expr *e, const struct expr_need *n, struct strbuf *out)
{
	static const char *const words[] = {
		"any", "none", "and", "or", "<", "<=", "==", "!=", ">=", ">", "null", "not null"};
	if (n->op == EXPR_NEED_AND || n->op == EXPR_NEED_OR) {
		strbuf_addch(out, '(');
		for (size_t i = 0; i < n->children; i++) {
			if (i)
				strbuf_addf(out, " %s ", words[n->op]);
			print(e, &n->child[i], out);
		}
		strbuf_addch(out, ')');
		return;
	}
	if (n->op <= EXPR_NEED_NONE) {
		strbuf_addstr(out, words[n->op]);
		return;
	}
	strbuf_addf(out, "%s %s", expr_field(e, n->field)->path.steps[0].name, words[n->op]);
	if (n->value.type == VALUE_BOOL)
		strbuf_addstr(out, n->value.b ? " true" : " false");
	else if (n->value.type == VALUE_INT || n->value.type == VALUE_TIME)
		strbuf_addf(out, " %s%" PRId64, n->value.type == VALUE_TIME ? "time " : "", n->value.i);
	else if (n->value.type == VALUE_DOUBLE)
		strbuf_addf(out, " %g", n->value.d);
	else if (n->value.type)
		strbuf_addf(out, " %.*s", (int)n->value.len, n->value.s);
}

static void check(const char *text, const char *want)
{
	struct strbuf err = STRBUF_INIT, got = STRBUF_INIT;
	struct expr *e = NULL;
	CHECK_INT(expr_new(&e, text, &err), 0);
	CHECK_STR(err.s, "");
	if (e) {
		struct expr_need *need = expr_need_new(e);
		print(e, need, &got);
		CHECK_STR(got.s, want);
		expr_need_free(need);
	}
	expr_free(e);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void test_comparisons(void)
{
	check(".a < 5", "a < 5");
	check("5 < .a", "a > 5");
	check("5 <= .a", "a >= 5");
	check("5 > .a", "a < 5");
	check("5 >= .a", "a <= 5");
	check(".a == \"x\"", "a == x");
	check("true != .a", "a != true");
	check(".a == null", "a null");
	check(".a != null", "a not null");
	check(".a <= null", "a null");
	check("null > .a", "any");
	check(".a < .b", "any");
	check(".a + 1 < 5", "any");
	check(".a > -5.5", "a > -5.5");
	check(".a > 2 * 3", "a > 6");
	check(".a > \"x\" + \"y\"", "a > xy");
	check(".a > length(.b)", "any");
	check(".a > length(\"abc\")", "a > 3");
	check(".a > -5", "a > -5");
	check("startswith(.a, \"x\")", "any");
}

static void test_times(void)
{
	check("time(.a) < time(\"1970-01-01T00:00:02Z\")", "a < time 2000000");
	check("time(\"1970-01-02\") - 1h <= time(.a)", "a >= time 82800000000");
	check("time(.a) != time(\"1970-01-02\")", "any"); /* a text that is not a time differs, too */
	check("time(.a) == null", "any");
	check("time(.a) < 5", "any");
	check("time(.a, \"%s\") < time(\"1970-01-02\")", "any");
	check(".a < time(\"1970-01-02\")", "any");
}

static void test_logic(void)
{
	check(".a < 5 && .b == 1", "(a < 5 and b == 1)");
	check(".a < 5 || .b == 1", "(a < 5 or b == 1)");
	check("!(.a == 5 && .b != 1)", "(a != 5 or b == 1)");
	check("!(.a == 5 || .b < 1)", "(a != 5 and any)"); /* null is not less, but not greater, either */
	check("!!(.a < 5)", "a < 5");
	check(".a", "a not null");
	check("!.a", "(a null or a == false)");
	check("true", "any");
	check("!true", "none");
	check("null", "none");
	check(".a =~ \"x\" && .b == 2", "(any and b == 2)");
}

static void test_lists(void)
{
	check(".a in (1, 2)", "(a == 1 or a == 2)");
	check(".a not in (1, 2)", "(a != 1 and a != 2)");
	check("!(.a in (1, null))", "(a != 1 and a not null)");
	check(".a in (1, .b)", "(a == 1 or any)");
	check("3 in (1, .b)", "(any or any)");
}

int main(void)
{
	TEST(test_comparisons);
	TEST(test_times);
	TEST(test_logic);
	TEST(test_lists);
	return check_done();
}
