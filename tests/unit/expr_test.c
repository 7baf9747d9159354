#include "common/data/expr.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

static void dump(const struct value *v, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_addch(out, "nnbidNsaotTD"[v->type]);
	if (v->type == VALUE_BOOL)
		strbuf_addch(out, v->b ? '1' : '0');
	else if (v->type == VALUE_INT || v->type >= VALUE_TIME)
		strbuf_addf(out, "%lld", (long long)v->i);
	else if (v->type == VALUE_DOUBLE)
		strbuf_addf(out, "%.17g", v->d);
	else if (v->type > VALUE_DOUBLE)
		strbuf_add(out, v->s, v->len);
}

/* TEXT is EXPECTED for REC, with so many faults. */
static void check_expr(const char *text, const char *rec, const char *expected, uint64_t faults)
{
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;
	struct expr *e = NULL;
	struct json *j = NULL;

	CHECK_INT(expr_new(&e, text, &err), 0);
	CHECK_STR(err.s, "");
	if (e) {
		CHECK_INT(json_new(&j), 0);
		CHECK_INT(expr_bind_json(e, j, &err), 0);
		CHECK_INT(json_read(j, rec, strlen(rec)), 0);
		dump(expr_value(e, json_values(j)), &out);
		if (strcmp(out.s, expected) != 0 || expr_fault(e)->count != faults)
			printf("# %s of %s: %s, %llu faults: %s\n", text, rec, out.s,
				(unsigned long long)expr_fault(e)->count,
				expr_fault(e)->what ? expr_fault(e)->what : "");
		CHECK_STR(out.s, expected);
		CHECK_INT(expr_fault(e)->count, faults);
	}
	strbuf_release(&err);
	strbuf_release(&out);
	expr_free(e);
	json_free(j);
}

#define YES(text, rec)   check_expr(text, rec, "b1", 0)
#define NO(text, rec)    check_expr(text, rec, "b0", 0)
#define FAULT(text, rec) check_expr(text, rec, "b0", 1)
#define NONE(text, rec)  check_expr(text, rec, "n", 1)

static void test_operands(void)
{
	check_expr("1", "{}", "i1", 0);
	check_expr("1.5", "{}", "d1.5", 0);
	check_expr("2e3", "{}", "d2000", 0);
	check_expr("-7", "{}", "i-7", 0);
	check_expr("- -7", "{}", "i7", 0);
	check_expr("-1.5", "{}", "d-1.5", 0);
	check_expr("9223372036854775807", "{}", "i9223372036854775807", 0);
	check_expr("-9223372036854775808", "{}", "i-9223372036854775808", 0);
	check_expr("9223372036854775808", "{}", "N9223372036854775808", 0);
	check_expr("\"a\\n\\u00e4\"", "{}", "sa\n\xc3\xa4", 0);
	check_expr("'it\"s'", "{}", "sit\"s", 0);
	check_expr("true", "{}", "b1", 0);
	check_expr("false", "{}", "b0", 0);
	check_expr("null", "{}", "n", 0);
	check_expr("90s", "{}", "D90000000", 0);
	check_expr("1h30m", "{}", "D5400000000", 0);
	check_expr("500ms", "{}", "D500000", 0);
	check_expr("1d", "{}", "D86400000000", 0);
	check_expr("7us", "{}", "D7", 0);
	check_expr(".a", "{\"a\":\"x\"}", "sx", 0);
	check_expr(".a", "{}", "n", 0);
	check_expr(".a.b[1]", "{\"a\":{\"b\":[1,2]}}", "i2", 0);
	check_expr(".\"a b\"", "{\"a b\":[1]}", "a[1]", 0);
	check_expr(".", "{\"a\":1}", "o{\"a\":1}", 0);
	check_expr("( ( .a ) )", "{\"a\":1}", "i1", 0);
	check_expr("\t.a\n", "{\"a\":1}", "i1", 0);
}

static void test_equal(void)
{
	YES(".a == \"buy\"", "{\"a\":\"buy\"}");
	NO(".a == \"buy\"", "{\"a\":\"bu\"}");
	YES(".a==\"b\\u0075y\"", "{\"a\":\"\\u0062uy\"}");
	YES(".a != \"buy\"", "{\"a\":\"sell\"}");
	NO(".a != 1", "{\"a\":1.0}");
	YES(".a == 1", "{\"a\":1.0}");
	YES(".a == 100", "{\"a\":1e2}");
	YES(".a == true", "{\"a\":true}");
	NO(".a == true", "{\"a\":false}");
	YES(".a == null", "{\"a\":null}");
	YES(".a == null", "{}");
	YES(".a == .b", "{\"a\":null}");
	NO(".a == 0", "{}");
	YES(".a != 0", "{}");
	YES(".a != null", "{\"a\":0}");
	FAULT(".a == 5", "{\"a\":\"5\"}");
	check_expr(".a != 5", "{\"a\":\"5\"}", "b1", 1);
	FAULT(".a == .a", "{\"a\":[1]}");
	FAULT(".a == true", "{\"a\":1}");
}

/* Numbers that no double holds: by their digits. */
static void test_far_out(void)
{
	NO(".a == 1e400", "{\"a\":1e500}");
	YES(".a > 1e400", "{\"a\":1e500}");
	YES(".a < -1e400", "{\"a\":-1e500}");
	YES(".a > -1e400", "{\"a\":1e400}");
	check_expr("-.a", "{\"a\":1e400}", "N-1e400", 0);
	check_expr("- -1e400", "{}", "N1e400", 0);
	check_expr("-.a", "{\"a\":-9223372036854775808}", "d9.2233720368547758e+18", 0);
	YES(".a == -18446744073709551616", "{\"a\":-18446744073709551616}");
	YES(".a == 1e400", "{\"a\":10.00E+399}");
	YES(".a == 1e400", "{\"a\":0.01e402}");
	YES(".a > 1e400", "{\"a\":1.0000000000000000000000001e400}");
	YES(".a > 1.99e400", "{\"a\":2e400}");
	YES(".a > 0", "{\"a\":1e-400}");
	YES(".a < 0.0", "{\"a\":-1e-400}");
	YES("0 < .a", "{\"a\":0.0000001e-400}");
	YES(".a > 1e-401", "{\"a\":1e-400}");
	YES(".a == 1e-400", "{\"a\":0.001e-397}");
	YES(".a == .b", "{\"a\":1e99999999999999999999,\"b\":1e99999999999999999999}");
	YES(".a == 0", "{\"a\":0e400}");
	YES(".a in (1e400)", "{\"a\":1e400}");
}

static void test_order(void)
{
	YES(".a < 5", "{\"a\":4}");
	NO(".a < 5", "{\"a\":5}");
	YES(".a <= 5", "{\"a\":5}");
	YES(".a > 4.5", "{\"a\":5}");
	NO(".a > 4.5", "{\"a\":4}");
	YES(".a >= 4.5", "{\"a\":4.5}");
	YES(".a < \"b\"", "{\"a\":\"a\"}");
	YES(".a < \"ab\"", "{\"a\":\"a\"}");
	YES("\"a\" < \"\xc3\xa4\"", "{}");
	YES("false < true", "{}");
	NO(".a < 5", "{}");
	NO(".a >= 5", "{}");
	NO("null < null", "{}");
	YES("null <= null", "{}");
	FAULT(".a < 5", "{\"a\":\"4\"}");
	FAULT(".a >= \"x\"", "{\"a\":{}}");
	YES("9007199254740993 > 9007199254740992.0", "{}");
	YES("9223372036854775807 < 9223372036854775808.0", "{}");
	YES(".a > 9223372036854775807", "{\"a\":9223372036854775808}");
	YES(".a < 18446744073709551616", "{\"a\":18446744073709551615}");
	NO(".a == 18446744073709551616", "{\"a\":18446744073709551615}");
	YES(".a < -9223372036854775807", "{\"a\":-9223372036854775809}");
	YES(".a > 1e300", "{\"a\":1e400}");
	YES(".a < 1e-300", "{\"a\":1e-400}");
	test_far_out();
	YES(".a < .b", "{\"a\":-99999999999999999999,\"b\":-99999999999999999998}");
	YES("1 < 1.5", "{}");
	YES("-1 > -1.5", "{}");
	YES("-1.5 < -1", "{}");
}

static void test_logic(void)
{
	YES("true && true", "{}");
	NO("true && false", "{}");
	NO("null && true", "{}");
	YES("false || true", "{}");
	NO("false or null", "{}");
	YES("0 and \"\"", "{}");
	YES("!null", "{}");
	NO("!0", "{}");
	YES("!!1", "{}");
	YES("false && false || true", "{}");
	YES("true || false && false", "{}");
	NO("(true || false) && false", "{}");
	YES(".a == 1 && .b == 2", "{\"a\":1,\"b\":2}");
	check_expr("!.a == 1", "{\"a\":2}", "b0", 1);
	YES("!(.a == 1)", "{\"a\":2}");
	/* The right side is not looked at when the left decides. */
	check_expr("false && 1 < \"a\"", "{}", "b0", 0);
	check_expr("true || 1 < \"a\"", "{}", "b1", 0);
}

static void test_arithmetic(void)
{
	check_expr("1 + 2 * 3", "{}", "i7", 0);
	check_expr("(1 + 2) * 3", "{}", "i9", 0);
	check_expr("10 - 4 - 3", "{}", "i3", 0);
	check_expr("7 / 2", "{}", "d3.5", 0);
	check_expr("8 / 2", "{}", "i4", 0);
	check_expr("8 / 2 / 2", "{}", "i2", 0);
	check_expr("7 % 3", "{}", "i1", 0);
	check_expr("-7 % 3", "{}", "i-1", 0);
	check_expr("7.5 % 2", "{}", "d1.5", 0);
	check_expr("1 + 0.5", "{}", "d1.5", 0);
	check_expr("-.a", "{\"a\":5}", "i-5", 0);
	check_expr(".a-1", "{\"a\":5}", "i4", 0);
	check_expr("9223372036854775807 + 1", "{}", "d9.2233720368547758e+18", 0);
	check_expr("9223372036854775807 * 2", "{}", "d1.8446744073709552e+19", 0);
	check_expr("-9223372036854775808 / -1", "{}", "d9.2233720368547758e+18", 0);
	check_expr("-9223372036854775808 % -1", "{}", "i0", 0);
	check_expr("--9223372036854775808", "{}", "d9.2233720368547758e+18", 0);
	check_expr("\"a\" + \"b\" + .c", "{\"c\":\"c\"}", "sabc", 0);
	check_expr(".a + 1", "{}", "n", 0);
	check_expr("-.a", "{}", "n", 0);
	check_expr("1 / .a", "{\"a\":null}", "n", 0);
	NONE("1 / 0", "{}");
	NONE("1 % 0", "{}");
	NONE("1 % 0.0", "{}");
	NONE("1 + \"a\"", "{}");
	NONE("-\"a\"", "{}");
	NONE("true + 1", "{}");
	NONE("\"a\" * 2", "{}");
	NONE(".a + .a", "{\"a\":[1]}");
	NONE("1e308 * 10", "{}");
	NONE(".a + 1", "{\"a\":1e400}");
}

static void test_in(void)
{
	YES(".a in (\"x\", \"y\")", "{\"a\":\"y\"}");
	NO(".a in (\"x\", \"y\")", "{\"a\":\"z\"}");
	YES(".a not in (1, 2)", "{\"a\":3}");
	NO(".a not in (1, 2)", "{\"a\":2.0}");
	FAULT(".a in (1)", "{\"a\":\"1\"}");
	NO(".a in (1)", "{}");
	YES(".a in (1, null)", "{}");
	NO(".a in ()", "{\"a\":1}");
	YES(".a in (.b, .c + 1)", "{\"a\":3,\"c\":2}");
	YES(".a in (1) && true", "{\"a\":1}");
}

static void test_match(void)
{
	YES(".a =~ \"^a\"", "{\"a\":\"abc\"}");
	NO(".a =~ \"^b\"", "{\"a\":\"abc\"}");
	YES(".a !~ \"^b\"", "{\"a\":\"abc\"}");
	YES(".a =~ \"\\d+\\.\\d\"", "{\"a\":\"v12.3\"}");
	YES(".a =~ '^\"x'", "{\"a\":\"\\\"x\"}");
	YES(".a =~ \"a\\\"b\"", "{\"a\":\"a\\\"b\"}");
	YES(".a =~ \"(?i)ABC\"", "{\"a\":\"xabc\"}");
	YES(".a =~ \"^.$\"", "{\"a\":\"\xc3\xa4\"}");
	YES(".a =~ \"\"", "{\"a\":\"\"}");
	NO(".a =~ \".\"", "{}");
	YES(".a !~ \".\"", "{}");
	FAULT(".a =~ \"5\"", "{\"a\":5}");
	check_expr(".a !~ \"5\"", "{\"a\":5}", "b1", 1);
	NONE(".a =~ \"^(a+)+$\"", "{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
}

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
	check_expr("lower(.a)", "{\"a\":\"A@Z[\xc3\x84\"}", "sa@z[\xc3\x84", 0);
	check_expr("upper(.a + \"z\")", "{\"a\":\"a`{\"}", "sA`{Z", 0);
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
	TEST(test_operands);
	TEST(test_equal);
	TEST(test_order);
	TEST(test_logic);
	TEST(test_arithmetic);
	TEST(test_in);
	TEST(test_match);
	TEST(test_functions);
	TEST(test_time);
	TEST(test_columns);
	return check_done();
}
