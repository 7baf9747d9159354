/* Unit tests of common/parquet/shred.h: columns with given values, and records that are values already. */
#include "tests/unit/shredded.h"

/* Columns with a given value: records are known to have `k`, and not to have `m`. */
static void test_given(void)
{
	static const char *const lines[] = {"{\"k\":5,\"s\":\"a\"}", "{\"s\":\"b\",\"k\":[1],\"k\":2}", "{}",
		"{\"m\":1}", "{\"M\":1}", "{\"s\":\"c\",\"m\":null}"};
	static const int expected[] = {0, 0, 0, -EINVAL, -EINVAL, -EINVAL};
	struct strbuf err = STRBUF_INIT;
	struct value k = {.type = VALUE_INT, .i = 7}, m = {.type = VALUE_NULL},
		     s = {.type = VALUE_STRING, .s = "x", .len = 1};
	const char *rec;
	size_t len;
	begin("m string, s string, k int", SHRED_NEW_FAIL);
	shred_give(sh, 0, &m, false);
	shred_give(sh, 2, &k, true);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char line[64];
		snprintf(line, sizeof line, "%s\n", lines[i]);
		shred_span(sh, line, strlen(line), '\n');
		CHECK_INT(shred_next(sh, &rec, &len), 1);
		CHECK_INT(shred_put(sh, columns, &err), expected[i]);
		m = (struct value){.type = VALUE_STRING, .s = "now", .len = 3};
		k.i++;
	}
	CHECK(strncmp(err.s, "field m: the table makes this column itself, for its partitions", 63) == 0);
	struct value row[2] = {s, {.type = VALUE_STRING, .s = "not looked at", .len = 13}};
	CHECK_INT(shred_put_values(sh, columns, row, &err), 0);
	check_leaf(0, "0/0 0/1=now 0/1=now 0/1=now");
	check_leaf(1, "0/1=a 0/1=b 0/0 0/1=x");
	check_leaf(2, "0/1=7 0/1=8 0/1=9 0/1=13");
	strbuf_release(&err);
	end();
	begin("m string", SHRED_NEW_IGNORE); /* nothing is left to be read */
	shred_give(sh, 0, &m, false);
	shred_span(sh, "{\"m\":1,\"\":2}\n", 13, '\n');
	CHECK_INT(shred_next(sh, &rec, &len), 1);
	CHECK_INT(shred_put(sh, columns, &err), 0);
	check_leaf(0, "0/1=now");
	end();
}

static struct value text_value(const char *s)
{
	return (struct value){.type = VALUE_TEXT, .s = s, .raw = s, .len = strlen(s), .raw_len = strlen(s)};
}

static void test_values(void)
{
	struct strbuf err = STRBUF_INIT;
	begin("a int, s string, g struct<x int>", SHRED_NEW_FAIL);
	struct value row[3] = {text_value("007"), text_value("x"), text_value("")};
	CHECK_INT(shred_put_values(sh, columns, row, &err), 0);
	row[0] = text_value("7.5");
	CHECK_INT(shred_put_values(sh, columns, row, &err), -EINVAL);
	CHECK_STR(err.s, "column a: 7.5 is not a whole number");
	strbuf_clear(&err);
	row[0] = (struct value){.type = VALUE_MISSING};
	row[2] = text_value("{}");
	CHECK_INT(shred_put_values(sh, columns, row, &err), -EINVAL);
	CHECK_STR(err.s, "column g: {} is text, which cannot become a struct, array or map");
	check_leaf(0, "0/1=7");
	check_leaf(1, "0/1=x");
	check_leaf(2, "0/0");
	strbuf_release(&err);
	end();
}

int main(void)
{
	TEST(test_given);
	TEST(test_values);
	return check_done();
}
