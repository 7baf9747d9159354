/* common/data/value_out, value_number (which texts are literals) and json_scan. */
#include "common/data/value_out.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/json_scan.h"
#include "tests/unit/check.h"

static void check_value(const struct value *v, const char *json, const char *text)
{
	struct strbuf out = STRBUF_INIT;

	value_add_json(&out, v);
	CHECK_STR(out.s, json);
	strbuf_clear(&out);
	value_add_text(&out, v);
	CHECK_STR(out.s, text);
	strbuf_release(&out);
}

static void test_out(void)
{
	check_value(&(struct value){.type = VALUE_MISSING}, "null", "");
	check_value(&(struct value){.type = VALUE_BOOL, .b = true}, "true", "true");
	check_value(&(struct value){.type = VALUE_INT, .i = INT64_MIN}, "-9223372036854775808", "-9223372036854775808");
	check_value(&(struct value){.type = VALUE_DOUBLE, .d = 2}, "2.0", "2.0");
	check_value(&(struct value){.type = VALUE_STRING, .s = "a\"\n", .len = 3}, "\"a\\\"\\n\"", "a\"\n");
	check_value(&(struct value){.type = VALUE_TEXT, .s = "\xff", .len = 1}, "{\"base64\":\"/w==\"}", "\xff");
	check_value(&(struct value){.type = VALUE_TIME, .i = -1}, "\"1969-12-31T23:59:59.999999Z\"",
		"1969-12-31T23:59:59.999999Z");
	check_value(&(struct value){.type = VALUE_DURATION, .i = -1500000}, "-1.5", "-1.5");
	check_value(&(struct value){.type = VALUE_DURATION, .i = 100000000}, "100", "100");
	check_value(&(struct value){.type = VALUE_DURATION, .i = INT64_MIN}, "-9223372036854.775808",
		"-9223372036854.775808");
}

static void check_read(const char *json, enum value_type type)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
	struct value v;

	value_of_json(json, strlen(json), &text, &v);
	CHECK_INT(v.type, type);
	value_add_json(&out, &v);
	CHECK_STR(out.s, json);
	strbuf_release(&text);
	strbuf_release(&out);
}

static void test_read(void)
{
	struct strbuf text = STRBUF_INIT;
	struct value v;

	check_read("null", VALUE_NULL);
	check_read("true", VALUE_BOOL);
	check_read("false", VALUE_BOOL);
	check_read("1.50", VALUE_DOUBLE);
	check_read("-7", VALUE_INT);
	check_read("1e400", VALUE_NUMBER);
	check_read("[1, 2]", VALUE_ARRAY);
	check_read("{}", VALUE_OBJECT);
	check_read("\"a\\u00e4\"", VALUE_STRING);
	value_of_json("\"a\\n\"", 5, &text, &v);
	CHECK_INT(v.len, 2);
	CHECK(memcmp(v.s, "a\n", 2) == 0);
	strbuf_release(&text);
}

static void test_scan(void)
{
	static const char object[] = "{ \"a\" : 1 , \"b\\\"}\":[{\"x\":\"]\"}] ,\"c\":\"}\" }";
	struct json_scan scan;
	struct json_item item;

	json_scan_begin(&scan, object, strlen(object));
	CHECK(json_scan_next(&scan, &item));
	CHECK(item.key_len == 3 && memcmp(item.key, "\"a\"", 3) == 0 && item.len == 1 && *item.s == '1');
	CHECK(json_scan_next(&scan, &item));
	CHECK(item.key_len == 6 && item.len == 11 && memcmp(item.s, "[{\"x\":\"]\"}]", 11) == 0);
	CHECK(json_scan_next(&scan, &item));
	CHECK(item.len == 3);
	CHECK(!json_scan_next(&scan, &item));
	CHECK_INT(json_scan_count("[ ]", 3), 0);
	CHECK_INT(json_scan_count("[[],\"\",{}]", 10), 3);
	static const char word[] = "true,";
	CHECK(json_scan_value(word, word + 5) == word + 4);
}

/* The next item of SCAN is the LEN bytes at TEXT. */
static void check_next(struct json_scan *scan, const char *text, size_t len)
{
	struct json_item item = {0};
	CHECK(json_scan_next(scan, &item));
	CHECK_MEM(item.s, item.len, text, len);
}

/* Whatever stands at whatever place of the eight bytes that are read at once; sanitizers see what is read beyond. */
static void test_scan_places(void)
{
	static const char *const ends[] = {"", "\\\"", "\\\\", "{", "]", "\\u005b", "[\\\"}"};
	char string[64], all[256];
	for (size_t n = 0; n < 40; n++)
		for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
			struct json_scan scan;
			struct json_item item;
			int len = snprintf(string, sizeof string, "\"%.*s%s%.*s\"", (int)n,
				"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ends[k], (int)(n % 9), "bbbbbbbb");
			int total = snprintf(all, sizeof all, "[%s,{%s:[%s]},[],1]", string, string, string);
			char *exact = xmalloc((size_t)total);
			memcpy(exact, all, (size_t)total);
			json_scan_begin(&scan, exact, (size_t)total);
			check_next(&scan, string, (size_t)len);
			check_next(&scan, exact + len + 2, (size_t)(2 * len + 5));
			check_next(&scan, "[]", 2);
			check_next(&scan, "1", 1);
			CHECK(!json_scan_next(&scan, &item));
			CHECK(!json_scan_is_empty(exact, (size_t)total));
			free(exact);
		}
	CHECK(json_scan_is_empty("[ \n]", 4));
	CHECK(json_scan_is_empty("{}", 2));
}

static void test_literal(void)
{
	static const char *const literals[] = {"0", "-0", "-0.0", "7", "12.50", "1e5", "1E+05", "-2.5e-7", "true",
		"false", "123456789012345678901234567890"};
	static const char *const texts[] = {"00", "01", "-", "-a1", ".5", "5.", "1.e5", "1e", "1e+", "+1", "1-2",
		"1.2.3", "0x1F", "True", "truE", "falsee", "rue", "e", "a1", "2026-11-30", "10.0.0.1", "1 ", " 1",
		"null", "1_0"};

	for (size_t i = 0; i < sizeof literals / sizeof *literals; i++)
		CHECK(value_is_literal(literals[i], strlen(literals[i])));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		CHECK(!value_is_literal(texts[i], strlen(texts[i])));
}

int main(void)
{
	TEST(test_out);
	TEST(test_literal);
	TEST(test_read);
	TEST(test_scan);
	TEST(test_scan_places);
	return check_done();
}
