#include "common/data/json.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/unit/check.h"

static struct json *reader(const char *const *paths, size_t count)
{
	struct json *j = NULL;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(json_new(&j), 0);
	for (size_t i = 0; i < count; i++) {
		struct path path;
		CHECK_INT(path_init(&path, paths[i], &err), 0);
		CHECK_INT(json_add(j, &path), i);
		path_release(&path);
	}
	strbuf_release(&err);
	return j;
}

/* A letter for the type and what is known of the value. */
static void dump(const struct value *v, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_addch(out, "-nbidNsao"[v->type]);
	if (v->type == VALUE_BOOL)
		strbuf_addch(out, v->b ? '1' : '0');
	else if (v->type == VALUE_INT)
		strbuf_addf(out, "%lld", (long long)v->i);
	else if (v->type == VALUE_DOUBLE)
		strbuf_addf(out, "%.17g", v->d);
	else if (v->type > VALUE_DOUBLE)
		strbuf_add(out, v->s, v->len);
	if (v->lone)
		strbuf_addch(out, '!');
}

/* PATH of REC is EXPECTED: alone in memory of exactly its size, and within a span between a bad and a good one. */
static void check_value(const char *path, const char *rec, const char *expected)
{
	struct json *j = reader(&path, 1);
	struct strbuf text = STRBUF_INIT, span = STRBUF_INIT;
	size_t len = strlen(rec), n;
	char *exact = malloc(len ? len : 1);
	const char *got;

	memcpy(exact, rec, len);
	int r = json_read(j, exact, len);
	CHECK_INT(r, 0);
	if (r < 0)
		printf("# %s: byte %zu: %s\n", rec, json_error(j)->pos, json_error(j)->what);
	dump(json_values(j), &text);
	CHECK_STR(text.s, expected);
	strbuf_addf(&span, "[]\n%s\n{\"\\u00e4\":1}\n", rec);
	json_span(j, span.s, span.len, '\n');
	CHECK_INT(json_next(j, &got, &n), 1);
	CHECK_INT(json_next(j, &got, &n), 1);
	CHECK_MEM(got, n, rec, len);
	dump(json_values(j), &text);
	CHECK_STR(text.s, expected);
	CHECK_INT(json_next(j, &got, &n), 1);
	CHECK_INT(json_next(j, &got, &n), 0);
	free(exact);
	strbuf_release(&text);
	strbuf_release(&span);
	json_free(j);
}

static void test_types(void)
{
	check_value(".a", "{\"a\":null}", "n");
	check_value(".a", "{\"a\":true}", "b1");
	check_value(".a", "{\"a\":false}", "b0");
	check_value(".a", "{\"a\":\"x y\"}", "sx y");
	check_value(".a", "{\"a\":\"\"}", "s");
	check_value(".a", "{\"a\":[1, {}]}", "a[1, {}]");
	check_value(".a", "{\"a\":{\"b\":[]} }", "o{\"b\":[]}");
	check_value(".a", "{\"a\":[]}", "a[]");
	check_value(".a", "{}", "-");
	check_value(".a", "[]", "-");
	check_value(".a", "5", "-");
	check_value(".a", "\"a\"", "-");
	check_value(".", "5", "i5");
	check_value(".", "  \"a\"\t\r", "sa");
	check_value(".", "null", "n");
	check_value(".", " {\"a\" : 1 } ", "o{\"a\" : 1 }");
	check_value(".a", " { \"a\" : 1 , \"b\" : [ ] } ", "i1");
	check_value(".a", "{\"a\" : \"x\" }", "sx");
}

static void test_paths(void)
{
	check_value(".geo.city", "{\"geo\":{\"city\":\"B\"}}", "sB");
	check_value(".geo.city", "{\"city\":\"A\",\"geo\":{\"geo\":{\"city\":\"C\"},\"city\":\"B\"}}", "sB");
	check_value(".geo.city", "{\"geo\":[{\"city\":\"B\"}]}", "-");
	check_value(".geo.city", "{\"geo\":\"city\"}", "-");
	check_value(".geo.city", "{\"geo\":null}", "-");
	check_value(".items[0]", "{\"items\":[7,8]}", "i7");
	check_value(".items[1]", "{\"items\":[7,8]}", "i8");
	check_value(".items[2]", "{\"items\":[7,8]}", "-");
	check_value(".items[0]", "{\"items\":{\"0\":7}}", "-");
	check_value(".items[1].x", "{\"items\":[{\"x\":1},{\"x\":2},{\"x\":3}]}", "i2");
	check_value(".[1][0]", "[[1],[2]]", "i2");
	check_value(".\"a b\"", "{\"a b\":1}", "i1");
	check_value(".\"\"", "{\"\":1}", "i1");
	check_value(".user", "{\"us\\u0065r\":1}", "i1");
	check_value(".user", "{\"us\\u0065s\":1}", "-");
	check_value(".\"\xc3\xa4\"", "{\"\\u00e4\":1}", "i1");
	check_value(".ab", "{\"a\":1,\"abc\":2,\"aB\":3,\"ba\":4}", "-");
	check_value(".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":1,"
		"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\":2}",
		"i1");
}

/* The last member of a name counts, as for jq, with all that is below it. */
static void test_duplicates(void)
{
	check_value(".a", "{\"a\":1,\"a\":\"x\"}", "sx");
	check_value(".a", "{\"a\":1,\"\\u0061\":2}", "i2");
	check_value(".a.b", "{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "-");
	check_value(".a.b", "{\"a\":{\"b\":1},\"a\":5}", "-");
	check_value(".a.b", "{\"a\":5,\"a\":{\"b\":1}}", "i1");
	check_value(".a.b.c", "{\"a\":{\"b\":{\"c\":1}},\"a\":{\"b\":null}}", "-");
	check_value(".a[0]", "{\"a\":[1],\"a\":[]}", "-");
}

static void test_numbers(void)
{
	check_value(".", "0", "i0");
	check_value(".", "-0", "i0");
	check_value(".", "9223372036854775807", "i9223372036854775807");
	check_value(".", "-9223372036854775808", "i-9223372036854775808");
	check_value(".", "9223372036854775808", "N9223372036854775808");
	check_value(".", "-9223372036854775809", "N-9223372036854775809");
	check_value(".", "18446744073709551616", "N18446744073709551616");
	check_value(".", "99999999999999999999999", "N99999999999999999999999");
	check_value(".", "1.5", "d1.5");
	check_value(".", "-0.0", "d-0");
	check_value(".", "1e2", "d100");
	check_value(".", "1E+2", "d100");
	check_value(".", "25e-1", "d2.5");
	check_value(".", "0.1", "d0.10000000000000001");
	check_value(".", "0e5", "d0");
	check_value(".", "1e22", "d1e+22");
	check_value(".", "1e23", "d9.9999999999999992e+22");
	check_value(".", "9007199254740993.0", "d9007199254740992");
	check_value(".", "9007199254740993.00000000000000000000000001", "d9007199254740994");
	check_value(".", "1.7976931348623157e308", "d1.7976931348623157e+308");
	check_value(".", "1.8e308", "N1.8e308");
	check_value(".", "1e400", "N1e400");
	check_value(".", "1e99999999999999999999", "N1e99999999999999999999");
	check_value(".", "4.9406564584124654e-324", "d4.9406564584124654e-324");
	check_value(".", "0.000000000000000000000000000000000000000000000000001", "d1e-51");
	check_value(".", "123456789012345678901234567890.5", "d1.2345678901234568e+29");
	check_value(".", "0.00000000000000000000000", "d0");
}

/* Every short text of these characters is a number or not, and the same one, whether 8 bytes can be read there or not.
 */
static void test_short_numbers(void)
{
	static const char alphabet[] = "019.-e/:";
	static const char *const paths[] = {"."};
	struct json *j = reader(paths, 1);
	int bad = 0, numbers = 0;

	for (unsigned n = 0; n < 8 * 8 * 8 * 8 * 8 * 8; n++) {
		char rec[32], *end;
		size_t len = 0;
		for (unsigned rest = n, i = 0; i < 1 + n % 6; i++, rest /= 8)
			rec[len++] = alphabet[rest % 8];
		int r = json_read(j, rec, len);
		struct value v = *json_values(j);
		memset(rec + len, ' ', 10);
		int padded = json_read(j, rec, len + 10);
		const struct value *w = json_values(j);
		bad += r != padded || v.type != w->type || v.i != w->i;
		if (r < 0)
			continue;
		numbers++;
		rec[len] = '\0';
		double d = strtod(rec, &end);
		bad += v.type == VALUE_INT      ? v.i != strtoll(rec, &end, 10)
		       : v.type == VALUE_NUMBER ? d <= DBL_MAX && d >= DBL_MIN
						: v.d != d;
		bad += *end != '\0';
	}
	CHECK_INT(bad, 0);
	CHECK(numbers > 1000);
	json_free(j);
}

static void test_strings(void)
{
	check_value(".", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "s\"\\/\b\f\n\r\t");
	check_value(".", "\"\\u00e4\\u20ac\\uD83D\\uDE00\"", "s\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	check_value(".", "\"a\\\\\"", "sa\\");
	check_value(".", "\"{}[]:,\"", "s{}[]:,");
	check_value(".", "\"\\ud800\"", "s\xef\xbf\xbd!");
	check_value(".", "\"\\udc00x\"", "s\xef\xbf\xbdx!");
	check_value(".", "\"\\ud800\\u0041\"",
		"s\xef\xbf\xbd"
		"A!");
	check_value(".", "\"\\ud800\\ud83d\\ude00\"", "s\xef\xbf\xbd\xf0\x9f\x98\x80!");
	check_value(".b", "{\"a\":\"\\ud800\",\"b\":1}", "i1");
	check_value(".b", "{\"a\\n\":\"\\n\",\"b\":\"\\n\"}", "s\n");
	check_value(".", "\"\x7f\xef\xbf\xbf\"", "s\x7f\xef\xbf\xbf");
}

/* Texts with escapes of one record live side by side. */
static void test_many(void)
{
	static const char *const paths[] = {".a", ".b.c", ".b", ".", ".l[1]", ".l", ".none"};
	static const char *const expected[] = {"s\t1", "s\t2", "o{\"c\":\"\\t2\"}",
		"o{\"a\":\"\\t1\",\"b\":{\"c\":\"\\t2\"},\"l\":[0,\"\\t3\"]}", "s\t3", "a[0,\"\\t3\"]", "-"};
	const char *rec = "{\"a\":\"\\t1\",\"b\":{\"c\":\"\\t2\"},\"l\":[0,\"\\t3\"]}";
	struct json *j = reader(paths, 7);
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct path again;

	CHECK_INT(json_read(j, rec, strlen(rec)), 0);
	for (size_t i = 0; i < 7; i++) {
		dump(&json_values(j)[i], &text);
		CHECK_STR(text.s, expected[i]);
	}
	CHECK_INT(path_init(&again, ".[\"b\"].c", &err), 0);
	CHECK_INT(json_add(j, &again), 1);
	path_release(&again);
	strbuf_release(&text);
	strbuf_release(&err);
	json_free(j);
}

/* REC is bad at POS, alone, and between good records that it does not disturb. */
static void check_error(const char *rec, size_t len, size_t pos)
{
	static const char *const paths[] = {".a"};
	struct json *j = reader(paths, 1);
	struct strbuf span = STRBUF_INIT;
	char *exact = malloc(len ? len : 1);
	const char *got;
	size_t n;

	memcpy(exact, rec, len);
	int r = json_read(j, exact, len);
	if (r != -EBADMSG || json_error(j)->pos != pos)
		printf("# %.*s: %d: byte %zu (not %zu): %s\n", (int)len, rec, r, json_error(j)->pos, pos,
			json_error(j)->what);
	CHECK_INT(r, -EBADMSG);
	CHECK_INT(json_error(j)->pos, pos);
	CHECK(json_values(j)->type == VALUE_MISSING);
	for (int i = 0; i < 3; i++) {
		strbuf_addstr(&span, "{\"a\":5}\n");
		strbuf_add(&span, rec, len);
		strbuf_addch(&span, '\n');
	}
	strbuf_addstr(&span, "{\"a\":5}\n");
	json_span(j, span.s, span.len, '\n');
	for (int i = 0; i < 7; i++) {
		r = json_next(j, &got, &n);
		CHECK_INT(r, i % 2 ? -EBADMSG : 1);
		CHECK_INT(n, i % 2 ? len : 7);
		CHECK_INT(json_values(j)->type, i % 2 ? VALUE_MISSING : VALUE_INT);
		CHECK(i % 2 == 0 || json_error(j)->pos == pos);
	}
	CHECK_INT(json_next(j, &got, &n), 0);
	free(exact);
	strbuf_release(&span);
	json_free(j);
}

static void test_bad(void)
{
	static const struct {
		const char *rec;
		size_t pos;
	} bad[] = {{"", 0}, {" ", 1}, {"\t\r", 2}, {"{", 1}, {"[", 1}, {"}", 0}, {"]", 0}, {",", 0}, {":", 0},
		{"{\"a\"", 4}, {"{\"a\":", 5}, {"{\"a\":1", 6}, {"{\"a\":1,", 7}, {"{\"a\":1,}", 7}, {"{,}", 1},
		{"{\"a\" 1}", 5}, {"{\"a\",1}", 4}, {"{a:1}", 1}, {"{'a':1}", 1}, {"{1:1}", 1}, {"{\"a\":}", 5},
		{"{\"a\":1 \"b\":2}", 7}, {"{\"a\":1]", 6}, {"{\"a\"::1}", 5}, {"[1", 2}, {"[1,", 3}, {"[1,]", 3},
		{"[,1]", 1}, {"[1 2]", 3}, {"[1}", 2}, {"[]]", 2}, {"{}{}", 2}, {"{} x", 3}, {"1 2", 2}, {"[1:2]", 2},
		{"tru", 0}, {"True", 0}, {"truex", 0}, {"nul", 0}, {"nulll", 0}, {"fals", 0}, {"falsee", 0}, {"NaN", 0},
		{"Infinity", 0}, {"-Infinity", 0}, {"-", 0}, {"+1", 0}, {"01", 0}, {"-01", 0}, {"1.", 0}, {".5", 0},
		{"1.e5", 0}, {"1e", 0}, {"1e+", 0}, {"1.5.5", 0}, {"0x10", 0}, {"1_000", 0}, {"1a", 0}, {"--1", 0},
		{"\"abc", 0}, {"{\"a\":\"abc}", 5}, {"{\"a:1}", 1}, {"\"a\" \"b\"", 4}, {"\"a\"b", 3},
		{"\"a\"\"b\"", 3}, {"\"\t\"", 1}, {"{\"a\":\"x\x01\"}", 7}, {"\"\\x\"", 1}, {"\"\\u12\"", 1},
		{"\"\\u12g4\"", 1}, {"\"\\\"", 0}, {"{\"b\":\"\\x\"}", 6}, {"{\"\\x\":1}", 2}, {"[{\"\\q\":1}]", 3},
		{"{\"a\":\"\\ud8\"}", 6}, {"\\", 0}, {"[\\\"a\\\"]", 1}, {"{\"a\":\"\xff\"}", 6}, {"\"\xc3\"", 1},
		{"\xc3\xa4", 0}, {"\xef\xbb\xbf{}", 0}, {"\"\xed\xa0\x80\"", 1}, {"{\"a\":1}\xff", 7},
		{"{\"b\":[1,{\"c\":2]}}", 14}, {"{\"b\":tru}", 5}, {"{\"b\":01}", 5}, {"{\"b\":-}", 5}, {"// x", 0},
		{"[1,/**/2]", 3}, {"{\"a\":1}/", 7}, {"{\"b\" \"c\":1}", 5}, {"{\"b\":{\"c\":1,}}", 12},
		{"{\"b\":{1:2}}", 6}, {"{\"b\":[1,2,,3]}", 10}, {"\x01", 0}, {"{\"a\":1}\x01", 7}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check_error(bad[i].rec, strlen(bad[i].rec), bad[i].pos);
	check_error("{\"a\":1}\0", 8, 7);
	check_error("{\"a\"\0:1}", 8, 4);
	check_error("\0", 1, 0);
	check_error("\"\0\"", 3, 1);
}

/* What would be one value over two lines is two bad records. */
static void test_lines(void)
{
	static const char *const paths[] = {".a"};
	static const struct {
		const char *span;
		int results[5];
	} cases[] = {{"{\"a\":\n1}\n", {-EBADMSG, -EBADMSG, 0}}, {"{\"a\":\"x\ny\"}\n{}\n", {-EBADMSG, -EBADMSG, 1, 0}},
		{"[\n]\n[]\n", {-EBADMSG, -EBADMSG, 1, 0}}, {"\n{}\n\n", {-EBADMSG, 1, -EBADMSG, 0}},
		{"{}\r\n{}\r\n", {1, 1, 0}}, {"{}\n{}", {1, 1, 0}}, {"\"a\\\n\"b\"\n", {-EBADMSG, 1, 0}},
		{"\n", {-EBADMSG, 0}}};
	struct json *j = reader(paths, 1);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].span), n;
		char *exact = malloc(len);
		const char *rec;
		memcpy(exact, cases[i].span, len);
		json_span(j, exact, len, '\n');
		for (int k = 0;; k++) {
			int r = json_next(j, &rec, &n);
			CHECK_INT(r, cases[i].results[k]);
			if (r == 0 || k == 4)
				break;
		}
		free(exact);
	}
	json_free(j);
}

static void test_nul_delimiter(void)
{
	static const char *const paths[] = {".a", "."};
	static const char span[] = "{\"a\":\n1}\0005\0006\0\"x\ny\"\0{\"a\":2}";
	struct json *j = reader(paths, 2);
	const char *rec;
	size_t n;

	json_span(j, span, sizeof(span), '\0');
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[0].i, 1);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[1].i, 5);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[1].i, 6);
	CHECK_INT(json_next(j, &rec, &n), -EBADMSG);
	CHECK_INT(json_error(j)->pos, 2);
	CHECK_INT(json_next(j, &rec, &n), 1);
	CHECK_INT(json_values(j)[0].i, 2);
	CHECK_INT(json_next(j, &rec, &n), 0);
	json_span(j, span, 0, '\0');
	CHECK_INT(json_next(j, &rec, &n), 0);
	json_free(j);
}

static void nested(struct strbuf *s, int depth, const char *open, const char *inner, const char *close)
{
	strbuf_clear(s);
	for (int i = 0; i < depth; i++)
		strbuf_addstr(s, open);
	strbuf_addstr(s, inner);
	for (int i = 0; i < depth; i++)
		strbuf_addstr(s, close);
}

static void test_depth(void)
{
	static const char *const paths[] = {".a.a[0]", "."};
	struct json *j = reader(paths, 2);
	struct strbuf s = STRBUF_INIT;

	nested(&s, JSON_MAX_DEPTH, "[", "", "]");
	CHECK_INT(json_read(j, s.s, s.len), 0);
	nested(&s, JSON_MAX_DEPTH, "{\"a\":", "1", "}");
	CHECK_INT(json_read(j, s.s, s.len), 0);
	CHECK_INT(json_values(j)[1].len, s.len);
	nested(&s, JSON_MAX_DEPTH + 1, "{\"a\":", "1", "}");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	CHECK_INT(json_error(j)->pos, 5 * JSON_MAX_DEPTH);
	nested(&s, JSON_MAX_DEPTH + 1, "[", "", "]");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	CHECK_INT(json_error(j)->pos, JSON_MAX_DEPTH);
	nested(&s, 1000000, "[", "", "");
	CHECK_INT(json_read(j, s.s, s.len), -EBADMSG);
	strbuf_release(&s);
	json_free(j);
}

/* Records of all lengths around the sizes of blocks and chunks, one of 10 MB, and many small ones. */
static void test_sizes(void)
{
	static const char *const paths[] = {".b"};
	struct json *j = reader(paths, 1);
	struct strbuf s = STRBUF_INIT;
	const char *rec;
	size_t n, records = 0, bad = 0;
	int r;

	for (size_t len = 0; len < 200; len++) {
		strbuf_addstr(&s, "{\"a\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_addch(&s, 'x');
		strbuf_addstr(&s, "\",\"b\":7}\n");
	}
	for (size_t len = 65500; len < 65560; len += 7) {
		strbuf_addstr(&s, "{\"a\":\"");
		for (size_t i = 0; i < len; i++)
			strbuf_addch(&s, 'y');
		strbuf_addstr(&s, "\",\"b\":7}\n");
	}
	strbuf_addstr(&s, "{\"a\":[0");
	for (int i = 0; i < 5000000; i++)
		strbuf_addstr(&s, ",1");
	strbuf_addstr(&s, "],\"b\":7}\n");
	for (int i = 0; i < 20000; i++)
		strbuf_addstr(&s, "{\"b\":7}\n");
	json_span(j, s.s, s.len, '\n');
	while ((r = json_next(j, &rec, &n)) != 0) {
		records++;
		bad += r < 0 || json_values(j)->type != VALUE_INT || json_values(j)->i != 7;
	}
	CHECK_INT(records, 200 + 9 + 1 + 20000);
	CHECK_INT(bad, 0);
	strbuf_release(&s);
	json_free(j);
}

int main(void)
{
	TEST(test_types);
	TEST(test_paths);
	TEST(test_duplicates);
	TEST(test_numbers);
	TEST(test_short_numbers);
	TEST(test_strings);
	TEST(test_many);
	TEST(test_bad);
	TEST(test_lines);
	TEST(test_nul_delimiter);
	TEST(test_depth);
	TEST(test_sizes);
	return check_done();
}
