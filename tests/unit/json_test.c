#include "common/data/json.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/unit/check.h"
#include "tests/unit/json_reader.h"

/* A letter for the type, and the contents of the value. */
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

/* PATH of REC gives EXPECTED: alone in memory of exactly its size, and in a span between a bad and a good record. */
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

/* Of several members with the same name the last one counts, as in jq, with everything below it. */
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

/* For every short text of these characters, the result is the same whether 8 bytes can be read there or not. */
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

/* The texts with escapes of one record are all valid at the same time. */
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

/* Whether the value at the path TEXT, which J was not asked for before, is WANT. */
static void check_path(struct json *j, const char *text, const char *rec, const char *want)
{
	struct strbuf err = STRBUF_INIT;
	struct path path;
	CHECK_INT(path_init(&path, text, &err), 0);
	int slot = json_add(j, &path);
	CHECK_INT(json_add(j, &path), slot);
	CHECK_INT(json_read(j, rec, strlen(rec)), 0);
	const struct value *v = &json_values(j)[slot];
	CHECK_MEM(v->raw, v->raw_len, want, strlen(want));
	path_release(&path);
	strbuf_release(&err);
}

/* Paths below one place are found in another way when there are many. */
static void test_many_paths(void)
{
	struct json *j = reader(NULL, 0);
	struct strbuf rec = STRBUF_INIT;
	char path[24], want[24];
	strbuf_addstr(&rec, "{\"a\":[0");
	for (int i = 1; i < 50; i++)
		strbuf_addf(&rec, ",{\"b\":%d}", i);
	strbuf_addstr(&rec, "]");
	for (int i = 0; i < 50; i++)
		strbuf_addf(&rec, ",\"%sc%d\":%d", i % 2 ? "" : "\\u0063", i, 100 + i);
	strbuf_addstr(&rec, ",\"c7\":\"last\"}");
	for (int i = 49; i > 0; i--) {
		snprintf(path, sizeof path, ".a[%d].b", i);
		snprintf(want, sizeof want, "%d", i);
		check_path(j, path, rec.s, want);
		snprintf(path, sizeof path, ".%sc%d", i % 2 ? "" : "c", i);
		snprintf(want, sizeof want, "%d", 100 + i);
		check_path(j, path, rec.s, i == 7 ? "\"last\"" : want);
	}
	check_path(j, ".a[0]", rec.s, "0");
	check_path(j, ".a[50]", rec.s, "");
	check_path(j, ".a.b", rec.s, "");
	check_path(j, ".c50", rec.s, "");
	check_path(j, ".c", rec.s, "");
	json_free(j);
	strbuf_release(&rec);
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
	TEST(test_many_paths);
	return check_done();
}
