/* Unit tests of common/lake/delta_lines: rows of files of a Delta table, piece by piece. */
#include "common/lake/delta_lines.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "common/data/schema_text.h"
#include "tests/unit/pq_written.h"
#include "tests/unit/scratch.h"

/* The vector of PROTOCOL.md's example: the rows 3, 4, 7, 11, 18 and 29 are deleted. */
#define VECTOR                                                                                                   \
	"{\"storageType\":\"i\",\"pathOrInlineDv\":\"^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L\"," \
	"\"sizeInBytes\":44,\"cardinality\":6}"
#define FIELD(name, type) \
	"{\\\"name\\\":\\\"" name "\\\",\\\"type\\\":\\\"" type "\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}"
#define META(fields)                                                                                  \
	"{\"id\":\"x\",\"format\":{\"provider\":\"parquet\",\"options\":{}},\"schemaString\":"        \
	"\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[" fields "]}\",\"partitionColumns\":[\"p\"]," \
	"\"configuration\":{}}"

static struct strbuf why = STRBUF_INIT;

struct rows_setup {
	struct store *store;
	json_t *meta;
	struct delta_lines *rows;
	char dir[SCRATCH_SIZE];
	size_t size; /* of the file */
};

/* A table with one file of COUNT rows, n from 0 on, in groups of five. */
static void begin(struct rows_setup *t, unsigned count)
{
	struct strbuf text = STRBUF_INIT, bytes = STRBUF_INIT;
	*t = (struct rows_setup){0};
	strbuf_clear(&why);
	for (unsigned i = 0; i < count; i++)
		strbuf_addf(&text, "{\"n\":%u}\n", i);
	write_file("n bigint", text.s, 5, NULL, &bytes);
	CHECK(mkdtemp(scratch(t->dir, "delta-rows")) != NULL);
	CHECK_INT(store_open(t->dir, NULL, NULL, &t->store, &why), 0);
	CHECK_INT(store_put(t->store, "f.parquet", &bytes, &why), 0);
	t->size = bytes.len;
	t->meta = json_loads(META(FIELD("p", "integer") "," FIELD("n", "long") "," FIELD("later", "string")), 0, NULL);
	CHECK(t->meta != NULL);
	CHECK_INT(delta_lines_new(t->store, NULL, t->meta, 0, &t->rows, &why), 0);
	CHECK_STR(why.len ? why.s : "", "");
	strbuf_release(&text);
	strbuf_release(&bytes);
}

static void end(struct rows_setup *t)
{
	char command[SCRATCH_SIZE + 16];
	snprintf(command, sizeof command, "rm -r '%s'", t->dir);
	delta_lines_free(t->rows);
	json_decref(t->meta);
	store_close(t->store);
	CHECK_INT(system(command), 0);
}

/* Begin with the file, of SIZE bytes and RECORDS rows by the log, with MORE members in its add action. */
static int open_as(struct rows_setup *t, const char *path, size_t size, int records, const char *more)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_clear(&why);
	strbuf_addf(&text,
		"{\"path\":\"%s\",\"size\":%zu,\"partitionValues\":{\"p\":\"7\"},"
		"\"stats\":\"{\\\"numRecords\\\":%d}\"%s}",
		path, size, records, more);
	json_t *add = json_loads(text.s, 0, NULL);
	CHECK(add != NULL);
	int r = delta_lines_open(t->rows, add, &why);
	json_decref(add);
	strbuf_release(&text);
	return r;
}

/* All lines that are left, in RET; the last result. */
static int rest(struct rows_setup *t, struct strbuf *ret)
{
	const char *s;
	size_t len;
	int r;
	strbuf_clear(ret);
	while ((r = delta_lines_next(t->rows, &s, &len, &why)) > 0) {
		CHECK(len > 0 && s[len - 1] == '\n');
		strbuf_add(ret, s, len);
	}
	return r;
}

static void test_rows_with_all_columns(void)
{
	struct rows_setup t;
	struct strbuf text = STRBUF_INIT, expected = STRBUF_INIT;
	begin(&t, 12);
	for (unsigned i = 0; i < 12; i++)
		strbuf_addf(&expected, "{\"p\":7,\"n\":%u,\"later\":null}\n", i);
	for (unsigned again = 0; again < 2; again++) { /* one file after the other */
		CHECK_INT(open_as(&t, "f.parquet", t.size, 12, ""), 0);
		CHECK_INT(rest(&t, &text), 0);
		CHECK_STR(text.s, expected.s);
		CHECK_INT(rest(&t, &text), 0); /* the end stays the end */
		CHECK_INT(text.len, 0);
	}
	CHECK_INT(open_as(&t, "f.parquet", t.size, 12, ""), 0); /* given up within the file */
	end(&t);
	strbuf_release(&text);
	strbuf_release(&expected);
}

static void test_deleted_rows_are_left_out(void)
{
	struct rows_setup t;
	struct strbuf text = STRBUF_INIT, expected = STRBUF_INIT;
	begin(&t, 30);
	for (unsigned i = 0; i < 30; i++)
		if (i != 3 && i != 4 && i != 7 && i != 11 && i != 18 && i != 29)
			strbuf_addf(&expected, "{\"p\":7,\"n\":%u,\"later\":null}\n", i);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 30, ",\"deletionVector\":" VECTOR), 0);
	CHECK_INT(rest(&t, &text), 0);
	CHECK_STR(text.s, expected.s);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 30, ""), 0); /* the next file has none */
	CHECK_INT(rest(&t, &text), 0);
	CHECK(strstr(text.s, "\"n\":29,") != NULL);
	end(&t);
	strbuf_release(&text);
	strbuf_release(&expected);
}

/* A condition: rows of odd numbers in the file. */
struct odd {
	const struct pq_scan *scan;
	unsigned files, rows;
};

static void odd_file(void *arg, const struct pq_scan *scan)
{
	struct odd *odd = arg;
	odd->scan = scan;
	odd->files++;
}

static int odd_row(void *arg, struct pq_text *text, size_t row, struct strbuf *err)
{
	struct odd *odd = arg;
	(void)text;
	(void)err;
	odd->rows++;
	return (odd->scan->first_row + row) % 2;
}

static void test_only_rows_that_are_wanted(void)
{
	static const char at_least[] = ",\"stats\":\"{\\\"numRecords\\\":12,\\\"minValues\\\":{\\\"n\\\":0},"
				       "\\\"maxValues\\\":{\\\"n\\\":11}}\"";
	struct rows_setup t;
	struct odd odd = {0};
	struct prune from = {.op = PRUNE_GE, .column = 0, .value = {.type = VALUE_INT, .i = 6}};
	const struct delta_lines_where where = {.prune = &from, .file = odd_file, .row = odd_row, .arg = &odd};
	struct strbuf text = STRBUF_INIT;
	struct schema want;
	begin(&t, 12);
	schema_init(&want);
	CHECK_INT(schema_parse_text(&want, "p int, n bigint", 15, &why), 0);
	struct schema_field first = want.root.children[0]; /* n is printed, p is not */
	want.root.children[0] = want.root.children[1];
	want.root.children[1] = first;
	delta_lines_choose(t.rows, &want, 1, PQ_TEXT_TSV, &where);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 12, at_least), 0);
	const char *s;
	size_t len;
	while (delta_lines_next(t.rows, &s, &len, &why) > 0)
		strbuf_add(&text, s, len);
	CHECK_STR(text.s, "5\n7\n9\n11\n"); /* groups of five, and the first has none */
	CHECK_INT(odd.files, 1);
	CHECK_INT(odd.rows, 7);
	from.value.i = 12; /* not even a file */
	CHECK_INT(open_as(&t, "g.parquet", t.size, 12, at_least), 0);
	CHECK_INT(delta_lines_next(t.rows, &s, &len, &why), 0);
	CHECK_INT(odd.files, 1);
	end(&t);
	schema_release(&want);
	strbuf_release(&text);
}

static void test_files_that_are_not_what_the_log_says(void)
{
	struct rows_setup t;
	begin(&t, 3);
	CHECK_INT(open_as(&t, "g.parquet", t.size, 3, ""), -EBADMSG);
	CHECK(strstr(why.s, "g.parquet") != NULL);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 4, ""), -EBADMSG);
	CHECK(strstr(why.s, "f.parquet': it has 3 records, but the log says 4") != NULL);
	CHECK_INT(open_as(&t, "f.parquet", t.size - 1, 3, ""), -EBADMSG);
	CHECK_INT(open_as(&t, "f.parquet", 3, 3, ""), -EBADMSG);
	CHECK_INT(open_as(&t, "../f.parquet", t.size, 3, ""), -EBADMSG);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 3, ",\"deletionVector\":" VECTOR), -EBADMSG);
	CHECK_INT(open_as(&t, "f.parquet", t.size, 3, ",\"partitionValues\":{\"p\":\"seven\"}"), -EBADMSG);
	end(&t);
}

static void test_schemas_that_cannot_be_read(void)
{
	struct rows_setup t;
	struct delta_lines *rows = NULL;
	json_t *bad = json_loads(META(FIELD("n", "interval")), 0, NULL);
	begin(&t, 1);
	CHECK(delta_lines_new(t.store, NULL, bad, 0, &rows, &why) < 0);
	CHECK(!rows && why.len);
	json_decref(bad);
	bad = json_loads("{}", 0, NULL);
	strbuf_clear(&why);
	CHECK_INT(delta_lines_new(t.store, NULL, bad, 0, &rows, &why), -EBADMSG);
	CHECK(!rows && why.len);
	json_decref(bad);
	end(&t);
}

int main(void)
{
	TEST(test_rows_with_all_columns);
	TEST(test_deleted_rows_are_left_out);
	TEST(test_only_rows_that_are_wanted);
	TEST(test_files_that_are_not_what_the_log_says);
	TEST(test_schemas_that_cannot_be_read);
	strbuf_release(&why);
	return check_done();
}
