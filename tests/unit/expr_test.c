#include "common/data/expr.h"

#include <errno.h>

#include "tests/unit/expr_check.h"

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

/* Numbers that are not doubles: compared by their digits. */
static void test_far_out(void)
{
	NO(".a == 1e400", "{\"a\":1e500}");
	YES(".a > 1e400", "{\"a\":1e500}");
	YES(".a < -1e400", "{\"a\":-1e500}");
	YES(".a > -1e400", "{\"a\":1e400}");
	check_expr("-.a", "{\"a\":1e400}", "N-1e400", 0);
	check_expr("- -1e400", "{}", "N1e400", 0);
	NONE("-.a", "{\"a\":-9223372036854775808}");
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
	/* The right side is not evaluated when the left one decides. */
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
	NONE("9223372036854775807 + 1", "{}");
	NONE("-9223372036854775807 - 2", "{}");
	NONE("9223372036854775807 * 2", "{}");
	NONE("-9223372036854775808 / -1", "{}");
	check_expr("9223372036854775807 + 1.0", "{}", "d9.2233720368547758e+18", 0);
	check_expr("-9223372036854775808 % -1", "{}", "i0", 0);
	NONE("--9223372036854775808", "{}");
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
	YES(".a in (.b, .c + 1)", "{\"a\":3,\"c\":2}");
	YES(".a in (1) && true", "{\"a\":1}");
	YES(".a not in [1, 2]", "{\"a\":3}");
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

int main(void)
{
	TEST(test_operands);
	TEST(test_equal);
	TEST(test_order);
	TEST(test_logic);
	TEST(test_arithmetic);
	TEST(test_in);
	TEST(test_match);
	return check_done();
}
