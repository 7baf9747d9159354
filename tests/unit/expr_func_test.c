/* common/data/expr: functions of strings, numbers, arrays and objects; parts of values; if and ??. */
#include "common/data/expr.h"

#include <errno.h>

#include "tests/unit/expr_check.h"

static void test_choose(void)
{
	check_expr("if(.a > 1, \"x\", \"y\")", "{\"a\":2}", "sx", 0);
	check_expr("if(.a > 1, \"x\", \"y\")", "{\"a\":1}", "sy", 0);
	check_expr("if(.a > 1, \"x\")", "{\"a\":1}", "n", 0);
	check_expr("if(true, 1, 1 / 0)", "{}", "i1", 0); /* what is not needed is not computed */
	check_expr(".a ?"
		   "? 5",
		"{}", "i5", 0);
	check_expr(".a ?"
		   "? 1 / 0",
		"{\"a\":false}", "b0", 0);
	check_expr(".a ?"
		   "? .b ?"
		   "? 3",
		"{\"b\":2}", "i2", 0);
	YES(".a ?"
	    "? 1 + 1 == 2",
		"{}"); /* weaker than +, stronger than == */
}

static void test_parts(void)
{
	check_expr(".a[-1]", "{\"a\":[1,2,3]}", "i3", 0);
	check_expr(".a[-4]", "{\"a\":[1,2,3]}", "n", 0);
	check_expr(".a[.n]", "{\"a\":[1,\"x\\n\",3],\"n\":1}", "sx\n", 0);
	check_expr(".a[1:]", "{\"a\":[1, 2,3]}", "a[2,3]", 0);
	check_expr(".a[:-1]", "{\"a\":[1,2,3]}", "a[1,2]", 0);
	check_expr(".a[2:1]", "{\"a\":[1,2,3]}", "a[]", 0);
	check_expr(".a[-9:9]", "{\"a\":[1,2,3]}", "a[1,2,3]", 0);
	check_expr(".s[1:3]",
		"{\"s\":\"a\xc3\xa4"
		"bc\"}",
		"s\xc3\xa4"
		"b",
		0);
	check_expr(".s[-1]", "{\"s\":\"a\xc3\xa4\"}", "s\xc3\xa4", 0);
	check_expr(".s[2:]", "{\"s\":\"a\"}", "s", 0);
	check_expr(".[\"k\"][.x]", "{\"k\":{\"y\":1,\"y\":2},\"x\":\"y\"}", "i2", 0);
	check_expr(".[.x]", "{\"a\\u0062\":7,\"x\":\"ab\"}", "i7", 0);
	check_expr("split(.s, \",\")[-1]", "{\"s\":\"a,b\"}", "sb", 0);
	check_expr("json(.s).a[1].b", "{\"s\":\"{\\\"a\\\":[0,{\\\"b\\\":5}]}\"}", "i5", 0);
	check_expr("{a: {b: [1,2]}}.a.b[1]", "{}", "i2", 0);
	check_expr(".a[0:1][0]", "{\"a\":[[5]]}", "a[5]", 0);
	check_expr(".a[.n]", "{\"a\":null,\"n\":1}", "n", 0);
	NONE(".a[\"x\" + \"y\"]", "{\"a\":[1]}");
	NONE(".a[.n]", "{\"a\":5,\"n\":1}");
	NONE(".a[1.5:]", "{\"a\":[1]}");
	NONE("(.a + 1).x", "{\"a\":1}");
}

static void test_make(void)
{
	check_expr("[]", "{}", "a[]", 0);
	check_expr("[1, .a, \"q\\\"\", 1.50, null, [true]]", "{\"a\":{\"x\": 1}}",
		"a[1,{\"x\": 1},\"q\\\"\",1.50,null,[true]]", 0);
	check_expr("{}", "{}", "o{}", 0);
	check_expr("{a: 1, \"b c\": .x, true: 2, (.k): 3}", "{\"x\":\"\\u00e4\",\"k\":\"z\"}",
		"o{\"a\":1,\"b c\":\"\\u00e4\",\"true\":2,\"z\":3}", 0);
	check_expr("[time(0), 90s, 1500ms]", "{}", "a[\"1970-01-01T00:00:00Z\",90,1.5]", 0);
	NONE("{(.k): 3}", "{\"k\":5}");
}

static void test_loops(void)
{
	YES("any(.a, it > 2)", "{\"a\":[1,3]}");
	NO("any(.a, it > 2)", "{\"a\":[]}");
	NO("any(.a, it > 2)", "{}");
	YES("all(.a, it > 2)", "{\"a\":[]}");
	YES("all(.a, it > 2)", "{}");
	NO("all(.a, it > 2)", "{\"a\":[3,1]}");
	check_expr("map(.a, it.x + 1)", "{\"a\":[{\"x\":1},{}]}", "a[2,null]", 0);
	check_expr("map(.a, map(it, it * 2))", "{\"a\":[[1,2],[]]}", "a[[2,4],[]]", 0);
	check_expr("map(.a, upper(it))", "{\"a\":[\"a\\\"\",\"b\"]}", "a[\"A\\\"\",\"B\"]", 0);
	check_expr("filter(.a, it != .n)", "{\"a\":[1, 2],\"n\":1}", "a[2]", 0);
	check_expr("sum(.a)", "{\"a\":[1,2.5,null]}", "d3.5", 0);
	check_expr("sum(.a)", "{\"a\":[]}", "i0", 0);
	check_expr("sum(.a, it.p * it.q)", "{\"a\":[{\"p\":2,\"q\":3},{\"p\":1,\"q\":1}]}", "i7", 0);
	check_expr("sum(.a, time(it.e) - time(it.b))", "{\"a\":[{\"b\":0,\"e\":5},{\"b\":1,\"e\":3}]}", "D7000000", 0);
	NONE("sum(.a)", "{\"a\":[9223372036854775807,1]}");
	NONE("sum(.a)", "{\"a\":[1,\"x\"]}");
	NONE("map(.a, it)", "{\"a\":5}");
}

static void test_strings(void)
{
	check_expr("trim(.a)", "{\"a\":\" \\t\xc2\xa0x y\xe3\x80\x80\"}", "sx y", 0);
	check_expr("trim(.a)", "{\"a\":\"  \"}", "s", 0);
	check_expr("substr(.a, 1, 1)", "{\"a\":\"x\xc3\xa4y\"}", "s\xc3\xa4", 0);
	check_expr("substr(.a, -9, 2)", "{\"a\":\"abc\"}", "sab", 0);
	check_expr("substr(.a, 9)", "{\"a\":\"abc\"}", "s", 0);
	NONE("substr(.a, 0, -1)", "{\"a\":\"abc\"}");
	NONE("substr(.a, 0.5)", "{\"a\":\"abc\"}");
	check_expr("reverse(.a)", "{\"a\":\"x\xc3\xa4\"}", "s\xc3\xa4x", 0);
	check_expr("reverse(.a)", "{\"a\":[ 1, [2,3] ,\"x\"]}", "a[\"x\",[2,3],1]", 0);
	check_expr("reverse(.a)", "{\"a\":[]}", "a[]", 0);
	check_expr("lpad(.a, 4, \"\xc3\xa4\")", "{\"a\":7}",
		"s\xc3\xa4\xc3\xa4\xc3\xa4"
		"7",
		0);
	check_expr("rpad(.a, -4)", "{\"a\":\"x\"}", "sx", 0);
	NONE("rpad(.a, 9223372036854775807)", "{\"a\":\"x\"}");
	NONE("rpad(.a, 4, \"ab\")", "{\"a\":\"x\"}");
	check_expr("concat(.a, 1, true, time(0))", "{\"a\":\"x\"}", "sx1true1970-01-01T00:00:00Z", 0);
	check_expr("concat(.a, .b)", "{\"a\":\"x\"}", "n", 0);
	check_expr("split(.a, \",\")", "{\"a\":\"a,,b,\"}", "a[\"a\",\"\",\"b\",\"\"]", 0);
	check_expr("split(.a, \",\")", "{\"a\":\"\"}", "a[]", 0);
	check_expr("split(.a, \"\")", "{\"a\":\"\xc3\xa4x\"}", "a[\"\xc3\xa4\",\"x\"]", 0);
	check_expr("join(.a, \", \")", "{\"a\":[\"x\\n\",1,null,[2]]}", "sx\n, 1, , [2]", 0);
	NONE("join(.a, \",\")", "{\"a\":\"x\"}");
	check_expr("replace(.a, \"ab\", \"x\")", "{\"a\":\"ababa\"}", "sxxa", 0);
	check_expr("replace(.a, \"\", \"x\")", "{\"a\":\"ab\"}", "sab", 0);
	check_expr("format(\"%s|%05.1f|%-3s|%x|%%\", .a, .n, .a, 255)", "{\"a\":\"\xc3\xa4\",\"n\":2.25}",
		"s\xc3\xa4|002.2|\xc3\xa4  |ff|%", 0);
	NONE("format(\"%d\", .a)", "{\"a\":1.5}");
	check_expr("format(\"%s\", .a)", "{}", "n", 0);
}

static void test_regex(void)
{
	check_expr("match(.a, \"(?<y>\\d+)-(?<m>\\d+)?\")", "{\"a\":\"x12-\"}", "o{\"y\":\"12\",\"m\":null}", 0);
	check_expr("match(.a, \"(b)(c)?\")", "{\"a\":\"ab\"}", "a[\"b\",null]", 0);
	check_expr("match(.a, \"b+\")", "{\"a\":\"abbc\"}", "sbb", 0);
	check_expr("match(.a, \"x\")", "{\"a\":\"abbc\"}", "n", 0);
	check_expr("sub(.a, \"b\", \"[\\0\\0]\")", "{\"a\":\"abb\"}", "sa[bb]b", 0);
	check_expr("gsub(.a, \"(.)b\", \"\\1\\\\\\t\")", "{\"a\":\"abcbx\"}", "sa\\\tc\\\tx", 0);
	check_expr("gsub(.a, \"x*\", \"-\")", "{\"a\":\"a\xc3\xa4x\"}", "s-a-\xc3\xa4--", 0);
	check_expr("gsub(.a, \"q\", \"-\")", "{\"a\":\"ab\"}", "sab", 0);
	NONE("gsub(.a, \"^(a+)+$\", \"\")", "{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
	NONE("match(.a, \"x\")", "{\"a\":5}");
}

static void test_numbers(void)
{
	check_expr("int(.a)", "{\"a\":\"-12\"}", "i-12", 0);
	check_expr("int(.a)", "{\"a\":-3.7}", "i-3", 0);
	check_expr("int(true)", "{}", "i1", 0);
	NONE("int(.a)", "{\"a\":\"12x\"}");
	NONE("int(.a)", "{\"a\":\"\"}");
	NONE("int(.a)", "{\"a\":1e19}");
	NONE("int(.a)", "{\"a\":[1]}");
	check_expr("float(.a)", "{\"a\":\"1e3\"}", "d1000", 0);
	check_expr("float(90s)", "{}", "d90", 0);
	YES("bool(.a)", "{\"a\":\"Yes\"}");
	NO("bool(.a)", "{\"a\":0.0}");
	NONE("bool(.a)", "{\"a\":\"maybe\"}");
	check_expr("round(.a)", "{\"a\":2.5}", "i3", 0);
	check_expr("round(.a, 2)", "{\"a\":1.005}", "d1", 0); /* the double is below */
	check_expr("round(.a, 1)", "{\"a\":0.25}", "d0.29999999999999999", 0);
	check_expr("round(.a, -2)", "{\"a\":1250}", "i1300", 0);
	check_expr("floor(.a)", "{\"a\":-2.5}", "i-3", 0);
	check_expr("ceil(.a)", "{\"a\":7}", "i7", 0);
	NONE("floor(1e300)", "{}");
	check_expr("abs(.a)", "{\"a\":-2.5}", "d2.5", 0);
	check_expr("abs(0s - 5s)", "{}", "D5000000", 0);
	NONE("abs(.a)", "{\"a\":-9223372036854775808}");
	NONE("sqrt(-1)", "{}");
	NONE("log(0)", "{}");
	check_expr("pow(2, 62)", "{}", "i4611686018427387904", 0);
	NONE("pow(2, 63)", "{}");
	check_expr("pow(-1, 9223372036854775807)", "{}", "i-1", 0);
	check_expr("pow(2, -1)", "{}", "d0.5", 0);
	check_expr("min(.a, 2)", "{\"a\":3}", "i2", 0);
	check_expr("max(.a)", "{\"a\":[\"b\",null,\"a\"]}", "sb", 0);
	check_expr("max(.a)", "{\"a\":[]}", "n", 0);
	NONE("max(.a)", "{\"a\":[1,\"x\"]}");
	NONE("min(1, \"x\")", "{}");
}

static void test_forms(void)
{
	check_expr("json(.a)", "{\"a\":\" [1,2]\"}", "a[1,2]", 0);
	check_expr("json(.a)", "{\"a\":\"\\\"x\\\\n\\\"\"}", "sx\n", 0);
	check_expr("json(.a)", "{\"a\":\"\\r\\n[1,\\n\\t{\\n}]\\n\"}", "a[1,{}]", 0);
	check_expr("json(.a)[1]", "{\"a\":\"[1,\\n\\\"\\\\n\\\"]\"}", "s\n", 0);
	NONE("json(.a)", "{\"a\":\"[1,\"}");
	NONE("json(.a)", "{\"a\":\"\"}");
	check_expr("text(.a)", "{\"a\":\"x\"}", "s\"x\"", 0);
	check_expr("text(.b)", "{}", "snull", 0);
	check_expr("unbase64(base64(.a))", "{\"a\":\"abc\"}", "sabc", 0);
	NONE("unbase64(.a)", "{\"a\":\"YW\"}");
	check_expr("unhex(hex(.a))", "{\"a\":\"\xc3\xa4\"}", "s\xc3\xa4", 0);
	NONE("unhex(.a)", "{\"a\":\"6\"}");
	NONE("unhex(.a)", "{\"a\":\"zz\"}");
	check_expr("keys(.a)", "{\"a\":{\"x\":1, \"y\" :2}}", "a[\"x\",\"y\"]", 0);
	check_expr("values(.a)", "{\"a\":{\"x\":1, \"y\" : [2]}}", "a[1,[2]]", 0);
	NONE("keys(.a)", "{\"a\":[1]}");
	check_expr("url(.a)", "{\"a\":\"https://u:p@[::1]:80/p/q?x=1&y#f\"}",
		"o{\"scheme\":\"https\",\"user\":\"u:p\",\"host\":\"[::1]\",\"port\":80,\"path\":\"/p/"
		"q\",\"query\":\"x=1&y\","
		"\"fragment\":\"f\"}",
		0);
	check_expr("url(.a)", "{\"a\":\"mailto:x@y\"}", "o{\"scheme\":\"mailto\",\"path\":\"x@y\"}", 0);
	check_expr("url(.a)", "{\"a\":\"\"}", "o{\"path\":\"\"}", 0);
	check_expr("query(.a)", "{\"a\":\"/s?q=a+b%21&n&%zz=1#x\"}", "o{\"q\":\"a b!\",\"n\":\"\",\"%zz\":\"1\"}", 0);
	check_expr("unurl(.a)", "{\"a\":\"a%20b%2\"}", "sa b%2", 0);
	YES("cidr(.a, \"10.0.0.0/8\")", "{\"a\":\"10.255.0.1\"}");
	NO("cidr(.a, \"10.0.0.0/9\")", "{\"a\":\"10.255.0.1\"}");
	YES("cidr(.a, \"192.168.0.0/16\", \"fc00::/7\")", "{\"a\":\"fd00::1\"}");
	YES("cidr(.a, \"10.0.0.1\")", "{\"a\":\"::ffff:10.0.0.1\"}");
	YES("cidr(.a, \"0.0.0.0/0\")", "{\"a\":\"1.2.3.4\"}");
	NONE("cidr(.a, \"10.0.0.0/33\")", "{\"a\":\"10.0.0.1\"}");
	NONE("cidr(.a, \"10.0.0.0/8\")", "{\"a\":\"10.0.0\"}");
	check_expr("hash(.a)", "{\"a\":\"\"}", "sef46db3751d8e999", 0);
	check_expr("hash(.a, \"xxh64\")", "{\"a\":\"abc\"}", "s44bc2cf5ad770999", 0);
	check_expr("hash(.a, \"sha256\")[:8]", "{\"a\":12}", "s6b51d431", 0);
	check_expr("hash(.a)", "{}", "n", 0);
	check_expr("type(.a)", "{\"a\":1e400}", "sfloat", 0);
	check_expr("type(now)", "{}", "stime", 0);
}

static void test_times(void)
{
	check_expr("strftime(.t, \"%F %T.%f %z\", \"Europe/Berlin\")", "{\"t\":\"2026-07-01T22:30:00.25Z\"}",
		"s2026-07-02 00:30:00.250000 +0200", 0);
	check_expr("strftime(.t, \"%F\")", "{\"t\":0}", "s1970-01-01", 0);
	check_expr("strftime(.t, \"%H:%M\", \"-05:30\")", "{\"t\":0}", "s18:30", 0);
	NONE("strftime(.t, \"%F\", \"Europe/Nowhere\")", "{\"t\":0}");
	NONE("strftime(.t, \"%F\", \"../../etc/passwd\")", "{\"t\":0}");
	NONE("strftime(.t, \"%F\")", "{\"t\":\"soon\"}");
	check_expr("truncate(.t, 1d)", "{\"t\":-1}", "T-86400000000", 0);
	check_expr(
		"truncate(time(.t), 1d, \"Europe/Berlin\")", "{\"t\":\"2026-10-25T12:00Z\"}", "T1792879200000000", 0);
	NONE("truncate(.t, 0s)", "{\"t\":0}");
	NONE("truncate(.t, 5)", "{\"t\":0}");
	check_expr("epoch(.t, \"ms\")", "{\"t\":-0.5}", "i-500", 0);
	check_expr("epoch(.t)", "{\"t\":-0.5}", "i-1", 0);
	NONE("epoch(.t, \"min\")", "{\"t\":0}");
	NONE("epoch(.t, \"ns\")", "{\"t\":\"9999-01-01\"}");
}

/* What cannot be compiled. */
static void test_mistakes(void)
{
	static const char *const wrong[] = {"if(.a)", "if(.a, 1, 2, 3)", "any(.a)", "map(.a, it", "it", "it.x", ".a[]",
		".a[1", ".a[1:2:3]", "{a}", "{a: }", "{1 + 1: 2}", "[1, ]", "[1", "match(.a, .b)",
		"gsub(.a, \"(\", \"x\")", "format(.a)", "format(\"%q\", 1)", "format(\"%s\")", "format(\"%1000d\", 1)",
		"strftime(.a, \"%Q\")", "strftime(.a, .b)", "hash(.a, \"md5\")", "hmac(.a, \"/nonexistent\")",
		"hmac(.a, \"/dev/null\")", "hmac(.a, .b)", "@/nonexistent", "@/dev/zero", ".a in @/nonexistent",
		".a in @/dev/zero", ".a in @", "any(any(.a, it), it",
		".a ?"
		"?"};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct strbuf err = STRBUF_INIT;
		struct expr *e = NULL;
		CHECK_INT(expr_new(&e, wrong[i], &err), -EINVAL);
		CHECK(err.len > 0);
		strbuf_release(&err);
	}
}

int main(void)
{
	TEST(test_choose);
	TEST(test_parts);
	TEST(test_make);
	TEST(test_loops);
	TEST(test_strings);
	TEST(test_regex);
	TEST(test_numbers);
	TEST(test_forms);
	TEST(test_times);
	TEST(test_mistakes);
	return check_done();
}
