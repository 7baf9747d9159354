/* Copying rows from files into columns: what is copied into a second file is what the first one has. */
#include <errno.h>

#include "common/parquet/copy.h"
#include "common/parquet/writer.h"
#include "tests/unit/pq_reading.h"

static int to_buffer(void *self, const void *data, size_t len, struct strbuf *err)
{
	(void)err;
	strbuf_add(self, data, len);
	return 0;
}

/* Copy all that R reads into a file, in pieces of PIECE rows; returns 0 or the first error. */
static int copy_all(struct scan_reading *r, size_t piece, struct strbuf *ret)
{
	const struct pq_codec_spec spec = {.kind = PQ_SNAPPY};
	struct pq_settings settings = {0};
	struct pq_columns *columns = NULL;
	struct pq_copy *copy = NULL;
	const struct pq_result *result;
	CHECK_INT(pq_codec_new(&spec, &settings.codec, &r->err), 0);
	CHECK_INT(pq_columns_new(&r->schema, &settings, &columns, &r->err), 0);
	struct pq_writer *writer = pq_writer_new(columns, to_buffer, ret);
	int status = pq_copy_new(r->scan, columns, &copy, &r->err);
	for (size_t g = 0; status == 0 && g < r->file->groups; g++) {
		status = pq_scan_group(r->scan, g, NULL, &r->err);
		while (status == 0 && (status = pq_scan_next(r->scan, &r->err)) > 0) {
			int n = 1;
			status = 0;
			for (size_t first = 0; n > 0 && first < r->scan->rows; first += (size_t)n)
				n = pq_copy_rows(copy, columns, first, piece, &r->err);
			status = n < 0 ? n : 0;
			if (status == 0)
				CHECK_INT(pq_copy_rows(copy, columns, r->scan->rows, piece, &r->err), 0);
		}
	}
	if (status == 0) {
		CHECK_INT(pq_writer_flush(writer, columns, &r->err), 0);
		CHECK_INT(pq_writer_finish(writer, NULL, 0, &result, &r->err), 0);
	}
	pq_copy_free(copy);
	pq_writer_free(writer);
	pq_columns_free(columns);
	pq_codec_free(settings.codec);
	return status;
}

/* What a copy of the file of ROWS and COLUMNS_ has when it is read as WANT (NULL: as it is); it must be EXPECTED. */
static void check_copy(const char *columns, const struct strbuf *rows, size_t group, const char *want, size_t piece,
	const struct strbuf *expected)
{
	struct scan_reading first, second;
	init(&first);
	init(&second);
	write_file(columns, rows->s, group, &(struct pq_settings){.page_entries = 700}, &first.bytes);
	CHECK_INT(open_reading(&first, want), 0);
	CHECK_INT(copy_all(&first, piece, &second.bytes), 0);
	CHECK_STR(first.err.len ? first.err.s : "", "");
	CHECK_INT(open_reading(&second, NULL), 0);
	CHECK_INT(read_all(&second), 0);
	CHECK_MEM(second.out.s, second.out.len, expected->s, expected->len);
	end(&first);
	end(&second);
}

static void test_all(void)
{
	static const size_t pieces[] = {1, 7, 512, 100000};
	struct strbuf rows = STRBUF_INIT;
	make_rows(3000, &rows);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		check_copy(COLUMNS, &rows, 1700, NULL, pieces[i], &rows);
	strbuf_release(&rows);
}

static void of(struct strbuf *ret, const char *text)
{
	strbuf_clear(ret);
	strbuf_addstr(ret, text);
}

/* Null is allowed in one of them only; a column is missing; types are larger. */
static void test_other_levels(void)
{
	struct strbuf rows = STRBUF_INIT, expected = STRBUF_INIT;
	of(&rows, "{\"a\":1,\"l\":[1,2],\"g\":{\"x\":3}}\n{\"a\":2,\"l\":[]}\n");
	of(&expected, "{\"l\":[1,2],\"g\":{\"x\":3},\"a\":1}\n{\"l\":[],\"a\":2}\n");
	check_copy("a int not null, l array<int not null>, g struct<x int not null>", &rows, 10,
		"l array<int>, g struct<x bigint>, a bigint, none string", 512, &expected);
	of(&rows, "{\"a\":1,\"g\":{\"x\":3}}\n{\"a\":2,\"g\":{\"x\":4}}\n");
	check_copy(
		"a int, g struct<x int>", &rows, 10, "a int not null, g struct<x int not null> not null", 512, &rows);
	strbuf_release(&rows);
	strbuf_release(&expected);
}

/* The result of copying a file of ROWS and COLUMNS_ as WANT, and the reason. */
static void check_refused(const char *columns, const char *rows, const char *want, int status, const char *why)
{
	struct scan_reading r;
	struct strbuf bytes = STRBUF_INIT;
	init(&r);
	write_file(columns, rows, 10, &(struct pq_settings){0}, &r.bytes);
	CHECK_INT(open_reading(&r, want), 0);
	CHECK_INT(copy_all(&r, 512, &bytes), status);
	CHECK_STR(r.err.s, why);
	strbuf_release(&bytes);
	end(&r);
}

static void test_refused(void)
{
	check_refused("a int", "{\"a\":1}\n{\"a\":null}\n", "a int not null", -EBADMSG,
		"column 'a' has a null where the table allows none");
	check_refused("l array<int>", "{\"l\":[1,null]}\n", "l array<int not null>", -EBADMSG,
		"column 'element' has a null where the table allows none");
	check_refused("a int", "{\"a\":1}\n", "a int, b int not null", -ENOTSUP,
		"column 'b' is missing, and must not be null");
	check_refused("g struct<x int>", "{\"g\":{\"x\":1}}\n", "g struct<x int, y int>", -ENOTSUP,
		"column 'y' is missing in its struct");
}

int main(void)
{
	TEST(test_all);
	TEST(test_other_levels);
	TEST(test_refused);
	return check_done();
}
