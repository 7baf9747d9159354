#include "cmd/lake-put/delta_parts.h"

#include <errno.h>
#include <stdlib.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"

/* A table and its partitions. */
struct parted {
	struct layout layout;
	struct schema files;
	struct shred *shred;
	struct delta_parts parts;
	struct strbuf why;
};

static void parted_open(struct parted *t, const char *files, const char *rows, const char *by)
{
	struct schema of_rows;

	*t = (struct parted){0};
	strbuf_init(&t->why);
	CHECK_INT(partition_by_is(by) ? layout_init_by(&t->layout, by, &t->why) : layout_init(&t->layout, by, &t->why),
		0);
	CHECK_INT(schema_parse_text(&t->files, files, strlen(files), &t->why), 0);
	CHECK_INT(schema_parse_text(&of_rows, rows, strlen(rows), &t->why), 0);
	CHECK_INT(shred_new(&t->files, SHRED_NEW_FAIL, &t->shred), 0);
	delta_parts_begin(&t->parts, &t->layout, &t->files, &of_rows, t->shred);
	schema_release(&of_rows);
}

static void parted_close(struct parted *t)
{
	CHECK_STR(t->why.s, "");
	delta_parts_release(&t->parts);
	shred_free(t->shred);
	schema_release(&t->files);
	layout_release(&t->layout);
	strbuf_release(&t->why);
}

static struct value text_value(const char *s)
{
	return (struct value){.type = VALUE_TEXT, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)};
}

/* A record of TSV with these two fields is in the directory DIR; the result of delta_parts_next() is CHANGED. */
static void check_dir(struct parted *t, const char *a, const char *b, int changed, const char *dir)
{
	const struct value values[2] = {text_value(a), text_value(b)};
	const struct timespec time = {1795392000, 0};
	struct strbuf found = STRBUF_INIT;

	CHECK_INT(delta_parts_next(&t->parts, &time, values, true, &t->why), changed);
	char **names = delta_parts_values(&t->parts);
	CHECK_INT(layout_dir(&t->layout, names, &found), 0);
	CHECK_STR(found.s, dir);
	layout_free_values(&t->layout, names);
	strbuf_release(&found);
}

static void test_list(void)
{
	struct parted t;

	parted_open(&t, "ts_day date, r string, ts timestamp, n_bucket_4 int", "r string, ts timestamp", "day(ts), r");
	CHECK(delta_parts_made(&t.layout, 0));
	CHECK(!delta_parts_made(&t.layout, 1));
	check_dir(&t, "eu", "2026-11-22T10:00:00Z", 1, "ts_day=2026-11-22/r=eu/");
	check_dir(&t, "eu", "2026-11-22T23:00:00Z", 0, "ts_day=2026-11-22/r=eu/");
	CHECK_INT(t.parts.columns[0].given.type, VALUE_TEXT); /* from which a date is read */
	CHECK_INT(t.parts.columns[1].given.type, VALUE_STRING);
	check_dir(&t, "us", "2026-11-22T23:00:00Z", 1, "ts_day=2026-11-22/r=us/");
	check_dir(&t, "", "", 1, "ts_day=__HIVE_DEFAULT_PARTITION__/r=__HIVE_DEFAULT_PARTITION__/");
	CHECK_INT(t.parts.columns[1].given.type, VALUE_NULL);
	check_dir(&t, "__HIVE_DEFAULT_PARTITION__", "", 0,
		"ts_day=__HIVE_DEFAULT_PARTITION__/r=__HIVE_DEFAULT_PARTITION__/");
	parted_close(&t);
}

static void test_bad(void)
{
	struct parted t;
	const struct value values[2] = {text_value("x"), text_value("yesterday")};

	parted_open(&t, "ts timestamp, r string, ts_day date", "r string, ts timestamp", "r, day(ts)");
	check_dir(&t, "x", "2026-11-22T10:00:00Z", 1, "r=x/ts_day=2026-11-22/");
	CHECK_INT(delta_parts_next(&t.parts, NULL, values, true, &t.why), -EINVAL);
	CHECK_STR(t.why.s, "column ts: yesterday is not a time like 2026-11-22T10:00:00Z");
	strbuf_clear(&t.why);
	check_dir(&t, "x", "2026-11-22T10:00:00Z", 1, "r=x/ts_day=2026-11-22/"); /* again, whatever was half done */
	parted_close(&t);
}

static void test_pattern(void)
{
	struct parted t;

	parted_open(&t, "a string, b string, d string", "a string, b string", "d=%F");
	CHECK(delta_parts_made(&t.layout, 0));
	check_dir(&t, "", "", 1, "d=2026-11-23/");
	check_dir(&t, "", "", 0, "d=2026-11-23/");
	CHECK_INT(t.parts.columns[0].given.type, VALUE_STRING);
	parted_close(&t);
}

/* The column that BY makes of a table of the columns FILES has the type TYPE; NULL: there is none, because of WHY. */
static void check_column(const char *files, const char *by, const char *type, const char *why)
{
	struct schema s;
	struct layout layout;
	struct schema_field column;
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;

	CHECK_INT(schema_parse_text(&s, files, strlen(files), &err), 0);
	CHECK_INT(partition_by_is(by) ? layout_init_by(&layout, by, &err) : layout_init(&layout, by, &err), 0);
	CHECK_INT(delta_parts_column(&layout, 0, &s.root, &column, &err), type ? 0 : -EINVAL);
	if (type) {
		schema_print_type(&column, &text);
		CHECK_STR(text.s, type);
	}
	CHECK_STR(err.s, why);
	layout_release(&layout);
	schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void test_columns(void)
{
	check_column("ts timestamp", "day(ts)", "date", "");
	check_column("n int", "n", "int", "");
	check_column("g struct<c string>", "g.c", "string", "");
	check_column("n int", "dt=%F", "string", "");
	check_column("n int", "x", NULL, "--partition-by 'x': the table has no column 'x'");
	check_column("n int", "n.x", NULL, "--partition-by 'n.x': the table has no column 'n.x'");
	check_column("n int", "day(n)", NULL,
		"--partition-by 'day(n)': column 'n' is int, which cannot make partitions with day");
	check_column("g struct<c double>", "g.c", NULL,
		"--partition-by 'g.c': column 'g.c' is double, which cannot make partitions");
}

int main(void)
{
	TEST(test_list);
	TEST(test_bad);
	TEST(test_pattern);
	TEST(test_columns);
	return check_done();
}
