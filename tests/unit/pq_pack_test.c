/* Rows that are packed, sorted and unpacked: they come back whole, and their keys sort as their values do. */
#include <errno.h>

#include "common/parquet/pack.h"
#include "common/parquet/writer.h"
#include "tests/unit/pq_reading.h"

static int to_buffer(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

/* Pack and unpack all rows of R into a file. */
static int repack(struct scan_reading *r, struct strbuf *ret)
{
	const struct pq_codec_spec spec = {.kind = PQ_SNAPPY};
	struct pq_settings settings = {0};
	struct pq_columns *columns = NULL;
	struct pq_copy *copy = NULL;
	const struct pq_result *result;
	struct strbuf row = STRBUF_INIT;
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &r->err), 0);
	CHECK_INT(pq_columns_new(&r->schema, &settings, &columns, &r->err), 0);
	struct pq_writer *writer = pq_writer_new(columns, to_buffer, ret);
	int status = pq_copy_new(r->scan, columns, &copy, &r->err);
	for (size_t g = 0; status == 0 && g < r->file->groups; g++) {
		status = pq_scan_group(r->scan, g, NULL, &r->err);
		while (status == 0 && pq_scan_next(r->scan, &r->err) > 0) {
			for (size_t i = 0; status == 0 && i < r->scan->rows; i++) {
				strbuf_clear(&row);
				status = pq_pack_row(copy, columns, i, &row, &r->err);
				if (status == 0)
					status = pq_unpack_row(columns, row.s, &r->err);
			}
		}
	}
	if (status == 0) {
		CHECK_INT(pq_writer_flush(writer, columns, &r->err), 0);
		CHECK_INT(pq_writer_finish(writer, NULL, 0, &result, &r->err), 0);
	}
	strbuf_release(&row);
	pq_copy_free(copy);
	pq_writer_free(writer);
	pq_columns_free(columns);
	pq_codec_free(settings.codec);
	return status;
}

static void check_repacked(const char *columns, const char *rows, const char *want, const char *expected)
{
	struct scan_reading first, second;
	init(&first);
	init(&second);
	write_file(columns, rows, 1700, &(struct pq_settings){.page_entries = 700}, &first.bytes);
	CHECK_INT(open_reading(&first, want), 0);
	CHECK_INT(repack(&first, &second.bytes), 0);
	CHECK_STR(first.err.len ? first.err.s : "", "");
	CHECK_INT(open_reading(&second, NULL), 0);
	CHECK_INT(read_all(&second), 0);
	CHECK_MEM(second.out.s, second.out.len, expected, strlen(expected));
	end(&first);
	end(&second);
}

static void test_rows(void)
{
	struct strbuf rows = STRBUF_INIT;
	make_rows(3000, &rows);
	check_repacked(COLUMNS, rows.s, NULL, rows.s);
	strbuf_release(&rows);
	/* columns that the file lacks, and levels that differ */
	check_repacked("a int not null, l array<int not null>", "{\"a\":1,\"l\":[1,2]}\n{\"a\":2,\"l\":[]}\n",
		"l array<int>, a bigint, more array<string>, x double", "{\"l\":[1,2],\"a\":1}\n{\"l\":[],\"a\":2}\n");
}

static void test_null(void)
{
	struct scan_reading r;
	struct strbuf to = STRBUF_INIT;
	init(&r);
	write_file("a int", "{\"a\":1}\n{}\n", 10, &(struct pq_settings){0}, &r.bytes);
	CHECK_INT(open_reading(&r, "a int not null"), 0);
	CHECK_INT(repack(&r, &to), -EBADMSG);
	CHECK_STR(r.err.s, "column 'a' has a null where the table allows none");
	strbuf_release(&to);
	end(&r);
}

/* The values of column `v` of TYPE in ROWS, which ascend, have keys that ascend. */
static void check_keys(const char *type, const char *rows)
{
	struct scan_reading r;
	struct pq_settings settings = {0};
	const struct pq_codec_spec spec = {.kind = PQ_SNAPPY};
	struct pq_columns *columns = NULL;
	struct pq_copy *copy = NULL;
	struct strbuf last = STRBUF_INIT, key = STRBUF_INIT, schema = STRBUF_INIT;
	init(&r);
	strbuf_addf(&schema, "v %s, w int", type);
	write_file(schema.s, rows, 100, &settings, &r.bytes);
	CHECK_INT(open_reading(&r, NULL), 0);
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &r.err), 0);
	CHECK_INT(pq_columns_new(&r.schema, &settings, &columns, &r.err), 0);
	CHECK_INT(pq_copy_new(r.scan, columns, &copy, &r.err), 0);
	CHECK_INT(pq_scan_group(r.scan, 0, NULL, &r.err), 0);
	CHECK_INT(pq_scan_next(r.scan, &r.err), 1);
	for (size_t i = 0; i < r.scan->rows; i++) {
		strbuf_clear(&key);
		pq_pack_key(copy, columns, 0, i, &key);
		strbuf_addch(&key, (char)(i % 2 ? 255 : 0)); /* whatever follows does not matter */
		size_t least = key.len < last.len ? key.len : last.len;
		CHECK(i == 0 || memcmp(last.s, key.s, least) < 0);
		strbuf_clear(&last);
		strbuf_add(&last, key.s, key.len);
	}
	pq_copy_free(copy);
	pq_columns_free(columns);
	pq_codec_free(settings.codec);
	strbuf_release(&last);
	strbuf_release(&key);
	strbuf_release(&schema);
	end(&r);
}

#define V(value) "{\"v\":" value "}\n"

static void test_keys(void)
{
	check_keys("int", "{}\n" V("-2147483648") V("-1") V("0") V("1") V("256") V("2147483647"));
	check_keys("bigint", "{}\n" V("-9223372036854775808") V("-256") V("-1") V("0") V("1") V("9223372036854775807"));
	check_keys("double", "{}\n" V("-1e300") V("-2") V("-1.5") V("-1e-300") V("0") V("1e-300") V("2") V("1e300"));
	check_keys("float", "{}\n" V("-3e38") V("-2") V("0") V("1e-30") V("2") V("3e38") V("\"NaN\""));
	check_keys("double", V("1e308") V("\"Infinity\"") V("\"NaN\""));
	check_keys("boolean", "{}\n" V("false") V("true"));
	check_keys("date", "{}\n" V("\"1900-01-01\"") V("\"1970-01-01\"") V("\"2026-11-30\""));
	check_keys("timestamp", "{}\n" V("\"1960-01-01T00:00:00Z\"") V("\"2026-11-30T00:00:00Z\""));
	check_keys("decimal(5,2)", "{}\n" V("-999.99") V("-0.01") V("0") V("0.01") V("999.99"));
	check_keys("decimal(38,2)", "{}\n" V("-1e30") V("-1") V("0") V("5") V("1e30"));
	check_keys("string", "{}\n" V("\"\"") V("\"\\u0000\"") V("\"\\u0000a\"") V("\"\\u0001\"") V("\"a\"")
				     V("\"a\\u0000\"") V("\"a\\u0000b\"") V("\"aa\"") V("\"b\"") V("\"\\u00e9\""));
}

int main(void)
{
	TEST(test_rows);
	TEST(test_null);
	TEST(test_keys);
	return check_done();
}
