/* Rows of Parquet files as JSON: what was shredded comes back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/rows.h"
#include "tests/unit/pq_written.h"

/* Write the rows of DATA with the columns of WANT as lines into RET; returns what the last call returned. */
static int read_file(const struct strbuf *data, const char *want, struct strbuf *ret, struct strbuf *err)
{
	struct schema schema;
	struct pq_file *file = NULL;
	struct pq_rows *rows = NULL;
	json_t *row;
	parse(&schema, want);
	int r = pq_file_open(data->s, data->len, &file, err);
	if (r == 0)
		r = pq_rows_new(file, &schema, &rows, err);
	while (r == 0 && (r = pq_rows_next(rows, &row, err)) > 0) {
		char *text = json_dumps(row, JSON_COMPACT);
		strbuf_addf(ret, "%s\n", text);
		free(text);
		json_decref(row);
		r = 0;
	}
	pq_rows_free(rows);
	pq_file_free(file);
	schema_release(&schema);
	return r;
}

#define COLUMNS                                                                                               \
	"a struct<s string, n int, l bigint, b boolean, t array<string>, m map<string,string>>, z string, q " \
	"array<struct<x int, y array<int>>>"
#define ROWS                                                                                                   \
	"{\"a\":{\"s\":\"x\",\"n\":-1,\"l\":9007199254740993,\"b\":true,\"t\":[\"1\",null,\"\"],\"m\":{\"k\":" \
	"\"v\",\"n\":null}}}\n"                                                                                \
	"{\"z\":\"\xc3\xa9\"}\n"                                                                               \
	"{\"a\":{\"b\":false,\"t\":[],\"m\":{}}}\n"                                                            \
	"{}\n"                                                                                                 \
	"{\"a\":{},\"q\":[]}\n"                                                                                \
	"{\"q\":[{\"x\":1,\"y\":[1,2]},null,{\"x\":2},{\"y\":[]},{\"y\":[null,3]}]}\n"                         \
	"{\"a\":{\"s\":\"x\"},\"z\":\"last\"}\n"

static void check(const char *want, unsigned group, const char *expected)
{
	struct strbuf data = STRBUF_INIT, got = STRBUF_INIT, err = STRBUF_INIT;
	write_file(COLUMNS, ROWS, group, NULL, &data);
	CHECK_INT(read_file(&data, want, &got, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_STR(got.s, expected);
	strbuf_release(&data);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void test_all_columns(void)
{
	for (unsigned group = 1; group < 9; group++)
		check(COLUMNS, group, ROWS);
}

/* In another order, only some, and some that the file does not have. */
static void test_some_columns(void)
{
	check("other struct<s string>, z string, a struct<none int, n int>", 3,
		"{\"a\":{\"n\":-1}}\n{\"z\":\"\xc3\xa9\"}\n{\"a\":{}}\n{}\n{\"a\":{}}\n{}\n{\"z\":\"last\",\"a\":{}}"
		"\n");
	check("q array<struct<x bigint>>", 9,
		"{}\n{}\n{}\n{}\n{\"q\":[]}\n{\"q\":[{\"x\":1},null,{\"x\":2},{},{}]}\n{}\n");
}

static void refused(const char *want, const char *why)
{
	struct strbuf data = STRBUF_INIT, got = STRBUF_INIT, err = STRBUF_INIT;
	write_file(COLUMNS, ROWS, 9, NULL, &data);
	CHECK_INT(read_file(&data, want, &got, &err), -EBADMSG);
	CHECK_STR(err.s, why);
	CHECK_STR(got.s, "");
	strbuf_release(&data);
	strbuf_release(&got);
	strbuf_release(&err);
}

static void test_other_types(void)
{
	refused("z int", "column 'z' does not have the type that it must have");
	refused("z array<string>", "column 'z' does not have the type that it must have");
	refused("a struct<m array<string>>", "column 'a.m.element' does not have the type that it must have");
	refused("a struct<t map<string,string>>", "column 'a.t' does not have the type that it must have");
	refused("a struct<s struct<x int>>", "column 'a.s' does not have the type that it must have");
	refused("a string", "column 'a' does not have the type that it must have");
	refused("none string", "it has none of the columns that it has to have");
}

/* Whichever byte is wrong, either all rows come back or there is an error; nothing crashes. */
static void test_damaged(void)
{
	struct strbuf data = STRBUF_INIT, got = STRBUF_INIT, err = STRBUF_INIT;
	int good = 0, bad = 0;
	write_file(COLUMNS, ROWS, 9, NULL, &data);
	for (size_t i = 0; i < data.len; i++) {
		data.s[i] = (char)~data.s[i];
		strbuf_clear(&got);
		strbuf_clear(&err);
		int r = read_file(&data, COLUMNS, &got, &err);
		CHECK((r < 0) == (err.len > 0));
		*(r < 0 ? &bad : &good) += 1;
		data.s[i] = (char)~data.s[i];
	}
	CHECK(bad > 1000);
	CHECK(good > 100); /* statistics, indexes */
	strbuf_release(&data);
	strbuf_release(&got);
	strbuf_release(&err);
}

int main(void)
{
	json_set_alloc_funcs(xmalloc, free);
	TEST(test_all_columns);
	TEST(test_some_columns);
	TEST(test_other_types);
	TEST(test_damaged);
	return check_done();
}
