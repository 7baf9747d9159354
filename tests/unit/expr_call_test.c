/* common/data/expr: functions, times, columns. */
#include "common/data/expr.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/expr_check.h"

static void test_functions(void)
{
	YES("startswith(.a, \"ab\")", "{\"a\":\"abc\"}");
	NO("startswith(.a, \"abcd\")", "{\"a\":\"abc\"}");
	YES("endswith(.a, \"bc\")", "{\"a\":\"abc\"}");
	NO("endswith(.a, \"b\")", "{\"a\":\"abc\"}");
	YES("contains(.a, \"b\")", "{\"a\":\"abc\"}");
	NO("contains(.a, \"x\")", "{\"a\":\"abc\"}");
	YES("contains(.a, \"\")", "{\"a\":\"\"}");
	NO("contains(.a, \"x\")", "{}");
	FAULT("contains(.a, \"x\")", "{\"a\":5}");
	check_expr("length(.a)",
		"{\"a\":\"\xc3\xa4"
		"b\"}",
		"i2", 0);
	check_expr("length(.a)", "{\"a\":[1,[2,3],{\"x\":\"],\\\"\"}]}", "i3", 0);
	check_expr("length(.a)", "{\"a\":[ ]}", "i0", 0);
	check_expr("length(.a)", "{\"a\":{\"x\":1,\"y\":[1,2]}}", "i2", 0);
	check_expr("length(.a)", "{\"a\":[[]]}", "i1", 0);
	check_expr("length(.a)", "{\"a\":[\"\"]}", "i1", 0);
	check_expr("length(.a)", "{}", "i0", 0);
	NONE("length(.a)", "{\"a\":5}");
	check_expr("lower(.a)", "{\"a\":\"A@Z[\xc3\x84\"}", "sa@z[\xc3\xa4", 0);
	check_expr("upper(.a + \"z\")", "{\"a\":\"a`{\xc3\xa4\"}", "sA`{\xc3\x84Z", 0);
	check_expr("casefold(.a)", "{\"a\":\"\u03a3\u03c2\"}", "s\xcf\x83\xcf\x83", 0);
	check_expr("upper(.a)", "{}", "n", 0);
	YES("lower(.a) == upper(.a)", "{\"a\":\"\"}");
	NONE("lower(.a)", "{\"a\":5}");
	YES("exists(.a)", "{\"a\":false}");
	NO("exists(.a)", "{\"a\":null}");
	NO("exists(.a.b)", "{\"a\":5}");
}

static void test_time(void)
{
	check_expr("time(.t)", "{\"t\":\"1970-01-01T00:00:01.5Z\"}", "T1500000", 0);
	check_expr("time(.t)", "{\"t\":1700000000123}", "T1700000000123000", 0);
	check_expr("time(.t)", "{\"t\":1700000000.25}", "T1700000000250000", 0);
	check_expr("time(.t)", "{}", "n", 0);
	NONE("time(.t)", "{\"t\":\"yesterday\"}");
	NONE("time(.t)", "{\"t\":true}");
	NONE("time(.t)", "{\"t\":\"0000-01-01\"}");
	check_expr("time(.t, \"%d.%m.%Y\")", "{\"t\":\"02.01.1970\"}", "T86400000000", 0);
	NONE("time(.t, \"%d.%m.%Y\")", "{\"t\":\"02-01-1970\"}");
	NONE("time(.t, \"%d.%m.%Y\")", "{\"t\":\"02.01.1970 \"}");
	check_expr("time(.t, \"s\")", "{\"t\":\"86400\"}", "T86400000000", 0);
	check_expr("time(.t, \"s\")", "{\"t\":86400}", "T86400000000", 0);
	check_expr("time(.t, \"ms\")", "{\"t\":86400000.5}", "T86400000500", 0);
	check_expr("time(.t, \"%Y\")", "{\"t\":1970}", "T0", 0);
	check_expr("time(86400, \"s\")", "{}", "T86400000000", 0);
	check_expr("time(.t, \"s\")", "{\"t\":null}", "n", 0);
	NONE("time(.t, \"s\")", "{\"t\":true}");
	NONE("time(.t, \"s\")", "{\"t\":[1]}");
	NONE("time(.t, \"s\")", "{\"t\":1e400}");
	YES("time(.t) > \"2026-11-01\"", "{\"t\":\"2026-11-22T10:00:00Z\"}");
	YES("\"2026-11-01\" < time(.t)", "{\"t\":\"2026-11-22T10:00:00Z\"}");
	YES("time(.t) == time(.u)", "{\"t\":\"2026-11-22T10:00:00Z\",\"u\":\"2026-11-22T11:00:00+01:00\"}");
	YES("time(.t) - time(.u) == 1h", "{\"t\":\"2026-11-22T10:00:00Z\",\"u\":\"2026-11-22T09:00:00Z\"}");
	YES("time(.t) + 1d > time(.t)", "{\"t\":0}");
	YES("time(.t) < now - 1h", "{\"t\":\"2020-01-01\"}");
	YES("now() - now < 1m", "{}");
	check_expr("2 * 90s / 4", "{}", "D45000000", 0);
	check_expr("1h / 1m", "{}", "d60", 0);
	check_expr("-1h", "{}", "D-3600000000", 0);
	FAULT("time(.t) > 5", "{\"t\":0}");
	FAULT("time(.t) == \"soon\"", "{\"t\":0}");
	FAULT("1h == 3600", "{}");
	NONE("time(.t) + time(.t)", "{\"t\":0}");
	NONE("time(.t) + 1", "{\"t\":0}");
	NONE("1h - time(.t)", "{\"t\":0}");
	NONE("time(.t) - 999999999s * 1000", "{\"t\":0}");
	NONE("1h / 0", "{}");
	NONE("1h * 1e300", "{}");
}

/* Columns of text: numbers where a number is wanted. */
static void test_columns(void)
{
	static const struct value row[] = {{.type = VALUE_TEXT, .s = "10", .len = 2},
		{.type = VALUE_TEXT, .s = "9.0", .len = 3}, {.type = VALUE_TEXT, .s = "abc", .len = 3},
		{.type = VALUE_TEXT, .s = "", .len = 0}};
	static const struct {
		const char *text;
		bool expected;
	} cases[] = {{"$1 > 9", true}, {"$1 > $2", true}, {"$2 == 9", true}, {"$1 == \"10\"", true},
		{"$1 > \"9\"", false}, {"$3 == \"abc\"", true}, {"$3 > 5", false}, {"$1 + $2 == 19", true},
		{"$3 =~ \"b\"", true}, {"length($4) == 0", true}, {"$4 == 0", false}, {"$1 > $3", false},
		{"$5", false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strbuf err = STRBUF_INIT;
		struct value values[4];
		struct expr *e;
		CHECK_INT(expr_new(&e, cases[i].text, &err), 0);
		for (size_t k = 0; k < expr_fields(e); k++) {
			uint32_t column = expr_field(e, k)->column;
			values[k] = column <= 4 ? row[column - 1] : (struct value){.type = VALUE_MISSING};
		}
		CHECK(expr_test(e, values) == cases[i].expected);
		expr_free(e);
		strbuf_release(&err);
	}
}

int main(void)
{
	TEST(test_functions);
	TEST(test_time);
	TEST(test_columns);
	return check_done();
}
