/* Batches of rows: what was written comes back, whichever rows and columns are wanted; damage and greed are errors. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/pq_reading.h"
#include "tests/unit/scratch.h"

/* Append those of LINES whose numbers are from FROM to TO. */
static void add_lines(struct strbuf *out, const char *lines, size_t from, size_t to)
{
	for (size_t i = 0; *lines && i < to; i++) {
		size_t len = strcspn(lines, "\n") + 1;
		if (i >= from)
			strbuf_add(out, lines, len);
		lines += len;
	}
}

static void test_all(void)
{
	static const struct pq_settings settings[] = {{.page_entries = 3}, {.page_entries = 700},
		{.page_entries = 5000, .dict_bytes = 64}, {.page_bytes = 100, .dict_bytes = 300}};
	for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
		struct scan_reading r;
		struct strbuf rows = STRBUF_INIT;
		init(&r);
		make_rows(3000, &rows);
		write_file(COLUMNS, rows.s, 1700, &settings[k], &r.bytes);
		CHECK_INT(open_reading(&r, NULL), 0);
		CHECK_INT(read_all(&r), 0);
		CHECK_STR(r.err.s, "");
		CHECK_MEM(r.out.s, r.out.len, rows.s, rows.len);
		strbuf_release(&rows);
		end(&r);
	}
}

/* Any rows of a row group, in pages of different sizes: some are skipped within a page, others with their page. */
static void test_ranges(void)
{
	static const struct pq_range wanted[] = {{0, 1}, {5, 900}, {901, 902}, {1990, 2400}, {2999, 3000}};
	for (size_t page = 3; page < 3000; page *= 4) {
		struct scan_reading r;
		struct strbuf rows = STRBUF_INIT, expected = STRBUF_INIT;
		struct pq_ranges ranges = {0};
		init(&r);
		make_rows(3000, &rows);
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
			pq_ranges_add(&ranges, wanted[i].from, wanted[i].to);
			add_lines(&expected, rows.s, wanted[i].from, wanted[i].to);
		}
		write_file(COLUMNS, rows.s, 3000, &(struct pq_settings){.page_entries = page}, &r.bytes);
		CHECK_INT(open_reading(&r, NULL), 0);
		CHECK_INT(pq_scan_group(r.scan, 0, &ranges, &r.err), 0);
		int status;
		while ((status = pq_scan_next(r.scan, &r.err)) > 0)
			CHECK_INT(put_batch(&r), 0);
		CHECK_INT(status, 0);
		CHECK_STR(r.err.s, "");
		CHECK_MEM(r.out.s, r.out.len, expected.s, expected.len);
		pq_ranges_release(&ranges);
		strbuf_release(&expected);
		strbuf_release(&rows);
		end(&r);
	}
}

/* Columns that are decoded for some batches only; what is not needed is not even read. */
static void test_later(void)
{
	for (size_t page = 100; page < 2000; page *= 4) {
		struct scan_reading r;
		struct strbuf rows = STRBUF_INIT, expected = STRBUF_INIT;
		int status;
		init(&r);
		make_rows(9000, &rows);
		write_file(COLUMNS, rows.s, 9000, &(struct pq_settings){.page_entries = page}, &r.bytes);
		CHECK_INT(open_reading(&r, NULL), 0);
		for (size_t i = 1; i < r.schema.root.count; i++)
			pq_scan_later(r.scan, i);
		CHECK(!r.scan->root.child[0].later && r.scan->root.child[1].later);
		CHECK_INT(pq_scan_group(r.scan, 0, NULL, &r.err), 0);
		r.read = 0;
		for (size_t i = 0; (status = pq_scan_next(r.scan, &r.err)) > 0; i++) {
			CHECK_INT(r.scan->first_row, i * PQ_BATCH_ROWS);
			if (i != 3 && i != 8)
				continue;
			CHECK_INT(pq_scan_load(r.scan, &r.err), 0);
			CHECK_INT(put_batch(&r), 0);
		}
		CHECK_INT(status, 0);
		add_lines(&expected, rows.s, 3 * PQ_BATCH_ROWS, 4 * PQ_BATCH_ROWS);
		add_lines(&expected, rows.s, 8 * PQ_BATCH_ROWS, 9000);
		CHECK_STR(r.err.s, "");
		CHECK_MEM(r.out.s, r.out.len, expected.s, expected.len);
		strbuf_release(&expected);
		strbuf_release(&rows);
		end(&r);
	}
}

/* Other columns, in another order, of larger types; one that is missing, and one that the caller knows. */
static void test_projection(void)
{
	const struct value known = {.type = VALUE_STRING, .s = "fr", .len = 2, .raw = "\"fr\"", .raw_len = 4};
	struct scan_reading r;
	init(&r);
	write_file("a int, b string, c struct<x int, y string>, day date",
		"{\"a\":1,\"c\":{\"x\":5,\"y\":\"z\"}}\n{\"b\":\"q\",\"day\":\"2026-11-22\"}\n", 9, NULL, &r.bytes);
	CHECK_INT(open_reading(&r, "day timestamp_ntz, none string, c struct<y string, w int, x double>, k string, a "
				   "decimal(12,1)"),
		0);
	pq_scan_constant(r.scan, 3, &known);
	CHECK(r.scan->root.child[1].missing);
	CHECK_INT(read_all(&r), 0);
	CHECK_STR(r.err.s, "");
	CHECK_STR(r.out.s, "{\"c\":{\"y\":\"z\",\"x\":5.0},\"k\":\"fr\",\"a\":1.0}\n{\"day\":\"2026-11-22T00:00:00\","
			   "\"k\":\"fr\"}\n");
	end(&r);
}

static const char *upper(void *arg, const struct schema_field *field)
{
	(void)arg;
	return field->name[0] == 'x' ? "a" : field->name;
}

static void test_names_and_ids(void)
{
	struct scan_reading r;
	init(&r);
	write_file("a int, b string", "{\"a\":1,\"b\":\"q\"}\n", 9, NULL, &r.bytes);
	r.want.name = upper;
	CHECK_INT(open_reading(&r, "x int, b string"), 0);
	CHECK_INT(read_all(&r), 0);
	CHECK_STR(r.out.s, "{\"x\":1,\"b\":\"q\"}\n");
	end(&r);
	init(&r);
	write_file("a int, b string", "{\"a\":1,\"b\":\"q\"}\n", 9, NULL, &r.bytes);
	r.want.by_id = true;
	CHECK_INT(open_reading(&r, "other int, names string"), 0);
	CHECK_INT(read_all(&r), 0);
	CHECK_STR(r.out.s, "{\"other\":1,\"names\":\"q\"}\n");
	end(&r);
}

static void refused(const char *want, const char *why)
{
	struct scan_reading r;
	init(&r);
	write_file("a bigint, s string, t array<int>, g struct<x int>", "{\"a\":5000000000}\n", 9, NULL, &r.bytes);
	int status = open_reading(&r, want);
	if (status == 0)
		status = read_all(&r);
	CHECK_INT(status, -EBADMSG);
	CHECK_STR(r.err.s, why);
	end(&r);
}

static void test_refused(void)
{
	refused("a string", "column 'a' does not have the type that it must have");
	refused("s bigint", "column 's' does not have the type that it must have");
	refused("t array<string>", "column 't.element' does not have the type that it must have");
	refused("t int", "column 't' does not have the type that it must have");
	refused("t map<string,int>", "column 't' does not have the type that it must have");
	refused("g array<int>", "column 'g' does not have the type that it must have");
	refused("s struct<x int>", "column 's' does not have the type that it must have");
	refused("a int", "column 'a': a number does not fit into the type that is wanted");
}

static void test_budget(void)
{
	struct strbuf rows = STRBUF_INIT;
	struct scan_reading r;
	init(&r);
	make_rows(3000, &rows);
	write_file(COLUMNS, rows.s, 3000, &(struct pq_settings){.page_entries = 3000}, &r.bytes);
	r.want.memory = 100000;
	CHECK_INT(open_reading(&r, NULL), 0);
	CHECK_INT(read_all(&r), -EFBIG);
	CHECK(strstr(r.err.s, "needs more memory than is allowed") != NULL);
	strbuf_release(&rows);
	end(&r);
}

/* Whichever byte is wrong, either all rows come back or there is an error. */
static void test_damage(void)
{
	struct strbuf rows = STRBUF_INIT, file = STRBUF_INIT;
	int good = 0, bad = 0;
	make_rows(20, &rows);
	write_file(COLUMNS, rows.s, 12, NULL, &file);
	for (size_t i = 0; i < file.len; i++) {
		struct scan_reading r;
		init(&r);
		strbuf_add(&r.bytes, file.s, file.len);
		r.bytes.s[i] = (char)~r.bytes.s[i];
		r.want.memory = 32 << 20;
		int status = open_reading(&r, NULL);
		if (status == 0)
			status = read_all(&r);
		CHECK((status < 0) == (r.err.len > 0));
		*(status < 0 ? &bad : &good) += 1;
		end(&r);
	}
	CHECK(bad > 1000);
	CHECK(good > 100); /* statistics, indexes */
	strbuf_release(&rows);
	strbuf_release(&file);
}

/* Files on disk; what is not a whole file is refused. */
static void test_source(void)
{
	char path[SCRATCH_SIZE];
	struct scan_reading r;
	struct pq_file *file;
	int fd = mkstemp(scratch(path, "weir-scan"));
	CHECK(fd >= 0);
	init(&r);
	write_file("a int", "{\"a\":1}\n", 9, NULL, &r.bytes);
	CHECK_INT(write(fd, r.bytes.s, r.bytes.len), r.bytes.len);
	struct pq_source source = {.read = pq_source_pread, .arg = &fd, .size = r.bytes.len};
	CHECK_INT(pq_source_open(&source, &file, &r.err), 0);
	CHECK_INT(file->rows, 1);
	pq_file_free(file);
	source.size++; /* it has become shorter */
	CHECK_INT(pq_source_open(&source, &file, &r.err), -EBADMSG);
	CHECK_STR(r.err.s, "the file has become shorter");
	strbuf_clear(&r.err);
	source.size = 11;
	CHECK_INT(pq_source_open(&source, &file, &r.err), -EBADMSG);
	CHECK_STR(r.err.s, "it is not a Parquet file, or is cut");
	strbuf_clear(&r.err);
	source.size = r.bytes.len;
	CHECK_INT(pwrite(fd, "PARE", 4, (off_t)r.bytes.len - 4), 4);
	CHECK_INT(pq_source_open(&source, &file, &r.err), -EBADMSG);
	CHECK_STR(r.err.s, "it is an encrypted Parquet file, which is not read");
	close(fd);
	CHECK_INT(pq_source_open(&source, &file, &r.err), -EBADF);
	unlink(path);
	end(&r);
}

int main(void)
{
	TEST(test_all);
	TEST(test_ranges);
	TEST(test_later);
	TEST(test_projection);
	TEST(test_names_and_ids);
	TEST(test_refused);
	TEST(test_budget);
	TEST(test_damage);
	TEST(test_source);
	return check_done();
}
