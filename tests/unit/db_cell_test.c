/* Unit tests of db_cell.h and db_write.h: cells of rows. */
#include <errno.h>
#include <string.h>

#include "common/data/json.h"
#include "common/db/db_cell.h"
#include "common/db/db_write.h"
#include "tests/unit/check.h"

static void test_row(void)
{
	struct strbuf row = STRBUF_INIT;
	struct db_cell cells[4];
	db_cell_row(&row, 4);
	db_cell_null(&row);
	db_cell_bytes(&row, "ab", 2);
	db_cell_int(&row, -5, 64);
	db_cell_double(&row, 1.5);
	CHECK(memcmp(row.s, "\0\4\xff\xff\xff\xff\0\0\0\2ab\0\0\0\x08", 16) == 0);
	const char *s = row.s;
	CHECK(db_cell_read_row(&s, row.s + row.len, 4, cells));
	CHECK(s == row.s + row.len);
	CHECK(!cells[0].s);
	CHECK_MEM(cells[1].s, cells[1].len, "ab", 2);
	CHECK_INT(db_cell_get_int(&cells[2]), -5);
	CHECK(db_cell_get_double(&cells[3]) == 1.5);
	strbuf_release(&row);
}

static void test_small_numbers(void)
{
	struct strbuf row = STRBUF_INIT;
	db_cell_int(&row, -2, 16);
	db_cell_int(&row, 7, 32);
	db_cell_int(&row, 1, 8);
	CHECK_MEM(row.s, row.len, "\0\0\0\2\xff\xfe\0\0\0\4\0\0\0\7\0\0\0\1\1", 19);
	strbuf_release(&row);
}

static void test_damaged(void)
{
	struct strbuf row = STRBUF_INIT;
	struct db_cell cells[2];
	db_cell_row(&row, 2);
	db_cell_bytes(&row, "abc", 3);
	db_cell_null(&row);
	for (size_t len = 0; len < row.len; len++) {
		const char *s = row.s;
		CHECK(!db_cell_read_row(&s, row.s + len, 2, cells));
		CHECK(s == row.s);
	}
	const char *s = row.s;
	CHECK(!db_cell_read_row(&s, row.s + row.len, 1, cells));
	CHECK(db_cell_read_row(&s, row.s + row.len, 2, cells));
	strbuf_release(&row);
}

/* The cell of the JSON value TEXT in COLUMN is WANT, or refused because of it ("!…"), or null ("-"). */
static void write_as(struct db_column column, const char *text, const char *want)
{
	struct strbuf out = STRBUF_INIT;
	const char *why = NULL;
	struct path whole = {0};
	struct json *json;
	CHECK_INT(json_new(&json), 0);
	json_add(json, &whole);
	CHECK_INT(json_read(json, text, strlen(text)), 0);
	int r = db_write_as_text(&column, json_values(json), &out, &why);
	if (r == -ENODATA)
		CHECK_STR("-", want);
	else if (r < 0)
		CHECK_STR(why, want + 1);
	else
		CHECK_MEM(out.s + 4, out.len - 4, want, strlen(want));
	if (r < 0)
		CHECK_INT(out.len, 0);
	json_free(json);
	strbuf_release(&out);
}

static void test_decimals(void)
{
	const struct db_column c = {.kind = DB_DECIMAL, .precision = 6, .scale = 2}, whole = {.kind = DB_DECIMAL};
	write_as(c, "12.3", "12.30");
	write_as(c, "-0.05", "-0.05");
	write_as(c, "0", "0.00");
	write_as(c, "\"1234.56\"", "!is a string, not a number");
	write_as(c, "null", "-");
	write_as(c, "12345.6", "!has too many digits before the point");
	write_as(whole, "99999999999999999999999999999999999999", "99999999999999999999999999999999999999");
	write_as(whole, "-7", "-7");
}

static void test_times(void)
{
	const struct db_column time = {.kind = DB_TIMESTAMP}, ms = {.kind = DB_TIMESTAMP, .unit = TIME_MS};
	const struct db_column wall = {.kind = DB_TIMESTAMP_NTZ}, date = {.kind = DB_DATE};
	write_as(time, "\"2026-11-22T10:00:59Z\"", "2026-11-22 10:00:59");
	write_as(time, "\"2026-11-22T10:00:59.5+01:00\"", "2026-11-22 09:00:59.500");
	write_as(time, "\"2026-11-22T10:00:59.000001Z\"", "2026-11-22 10:00:59.000001");
	write_as(time, "\"1969-12-31T23:59:59.25Z\"", "1969-12-31 23:59:59.250");
	write_as(ms, "-1", "1969-12-31 23:59:59.999");
	write_as(wall, "\"0001-01-01T00:00:00\"", "0001-01-01 00:00:00");
	write_as(date, "\"2024-02-29\"", "2024-02-29");
	write_as(date, "\"0000-00-00\"", "!is not a date like 2026-11-22");
	write_as(date, "null", "-");
}

static void test_texts(void)
{
	const struct db_column text = {.kind = DB_TEXT}, three = {.kind = DB_TEXT, .length = 3};
	const struct db_column json = {.kind = DB_JSON};
	write_as(text, "\"a\\nb\"", "a\nb");
	write_as(text, "12.50", "12.50");
	write_as(text, "[1, 2]", "[1, 2]");
	write_as(text, "\"a\\u0000b\"", "!holds a NUL, which text cannot");
	write_as(text, "\"\\ud800\"", "!has one half of a surrogate pair");
	write_as(three, "\"äöü\"", "äöü");
	write_as(three, "\"abcd\"", "!is longer than the column");
	write_as(json, "\"x\"", "\"x\"");
	write_as(json, "{\"a\":[1]}", "{\"a\":[1]}");
	write_as(json, "null", "-");
}

static void test_json_of_text(void)
{
	struct db_column c = {.kind = DB_JSON};
	struct value v = {.type = VALUE_TEXT, .s = "{\"a\":1}", .len = 7};
	struct strbuf out = STRBUF_INIT;
	const char *why = NULL;
	CHECK_INT(db_write_as_text(&c, &v, &out, &why), 0);
	v.len = 6;
	CHECK_INT(db_write_as_text(&c, &v, &out, &why), -EINVAL);
	CHECK_STR(why, "is not JSON");
	CHECK_INT(out.len, 11);
	strbuf_release(&out);
}

static void test_binary(void)
{
	struct value v = {.type = VALUE_STRING, .s = "AQID", .len = 4};
	struct strbuf out = STRBUF_INIT;
	const char *why = NULL;
	CHECK_INT(db_write_binary(&v, &out, &why), 0);
	CHECK_MEM(out.s, out.len, "\0\0\0\3\1\2\3", 7);
	v.len = 3;
	CHECK_INT(db_write_binary(&v, &out, &why), -EINVAL);
	CHECK_INT(out.len, 7);
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_row);
	TEST(test_small_numbers);
	TEST(test_damaged);
	TEST(test_decimals);
	TEST(test_times);
	TEST(test_texts);
	TEST(test_json_of_text);
	TEST(test_binary);
	return check_done();
}
