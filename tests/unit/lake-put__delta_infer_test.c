/* Unit tests of the records that lake-put holds for a new Delta table: delta_infer, and delta_fields. */
#include <errno.h>
#include <string.h>

#include "cmd/lake-put/delta_fields.h"
#include "cmd/lake-put/delta_infer.h"
#include "common/data/schema_delta.h"
#include "common/data/schema_text.h"
#include "common/lake/delta_meta.h"
#include "common/lake/layout.h"
#include "tests/unit/check.h"

/* Hold REC, record N of its input; returns why it is refused, or "". */
static void hold(struct delta_infer *in, uint64_t n, const char *rec, int status, const char *want)
{
	struct strbuf why = STRBUF_INIT, err = STRBUF_INIT;
	const struct sink_place place = {.input = "in", .record = n};
	const struct timed t = {.rec = rec, .len = strlen(rec), .time = {.tv_sec = (time_t)n}};
	CHECK_INT(delta_infer_add(in, &place, &t, '\n', &why, &err), status);
	CHECK_STR(why.len ? why.s : "", want);
	CHECK_STR(err.len ? err.s : "", "");
	strbuf_release(&why);
	strbuf_release(&err);
}

static void test_held(void)
{
	struct delta_infer *in;
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct schema s;
	CHECK_INT(delta_infer_new(3, 1 << 20, &in), 0);
	hold(in, 1, "a,b", -EINVAL, "this is not JSON, of which each line has to be a record");
	hold(in, 1, "{", -EINVAL, "an object over several lines is not a record; `jq -c .` makes one of each");
	hold(in, 2, "{", -EINVAL, "byte 2: a name in quotes was expected");
	hold(in, 2, "", -EINVAL, "byte 1: a value was expected");
	hold(in, 3, "[1]", -EINVAL, "the record is not an object");
	hold(in, 3, "{\"a\":1e400}", -EINVAL, "column a: 1e400 is larger than any double");
	hold(in, 3, "{\"a b\":1}", -EINVAL, "column \"a b\": its name has a ' ', which Spark refuses");
	CHECK_INT(delta_infer_end(in, "T", &s, &err), -EBADMSG);
	CHECK_STR(err.s, "the new table 'T' needs --schema, for its records show none: there are no records");
	hold(in, 4, "{\"a\":1}", 0, "");
	hold(in, 5, "{\"b\":\"it's\"}", 0, "");
	CHECK(!delta_infer_full(in));
	hold(in, 6, "{\"a\":0.5}", 0, "");
	CHECK(delta_infer_full(in));
	CHECK_INT(in->count, 3);
	CHECK_INT(in->items[1].place.record, 5);
	CHECK_INT(in->items[1].time.tv_sec, 5);
	CHECK_STR(in->bytes.s, "{\"a\":1}\n{\"b\":\"it's\"}\n{\"a\":0.5}\n");
	CHECK_INT(delta_infer_end(in, "T", &s, &err), 0);
	schema_print(&s, &text);
	CHECK_STR(text.s, "a double, b string");
	schema_release(&s);
	delta_infer_free(in);
	delta_infer_free(NULL);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void test_memory(void)
{
	struct delta_infer *in;
	CHECK_INT(delta_infer_new(UINT64_MAX, 1000, &in), 0);
	for (uint64_t n = 1; n <= 100 && !delta_infer_full(in); n++)
		hold(in, n, "{\"a\":1}", 0, "");
	CHECK(in->count > 5 && in->count < 100);
	delta_infer_free(in);
}

/* Hold a record of TSV with S in its only column `a`; returns why it is refused, or "". */
static void hold_row(struct delta_infer *in, const char *s, const char *want)
{
	const char *names[] = {"a"};
	struct strbuf why = STRBUF_INIT, err = STRBUF_INIT;
	const struct sink_place place = {.input = "in", .record = 1};
	const struct timed t = {.rec = s, .len = strlen(s)};
	const struct value v = {.type = VALUE_TEXT, .s = s, .raw = s, .len = t.len, .raw_len = t.len};
	const struct delta_infer_row row = {.names = names, .values = &v, .count = 1};
	CHECK_INT(delta_infer_add_row(in, &place, &t, '\n', &row, &why, &err), *want ? -EINVAL : 0);
	CHECK_STR(why.len ? why.s : "", want);
	strbuf_release(&why);
	strbuf_release(&err);
}

static void test_rows(void)
{
	struct delta_infer *in;
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct schema s;
	CHECK_INT(delta_infer_new(9, 1 << 20, &in), 0);
	hold_row(in, "1", "");
	hold_row(in, "\xff", "column a: \\xff is not UTF-8");
	hold_row(in, "", "");
	hold_row(in, "2.5", "");
	CHECK_STR(in->bytes.s, "1\n\n2.5\n");
	CHECK_INT(delta_infer_end(in, "T", &s, &err), 0);
	schema_print(&s, &text);
	CHECK_STR(text.s, "a double");
	schema_release(&s);
	delta_infer_free(in);
	strbuf_release(&err);
	strbuf_release(&text);
}

/* A table with the columns A and, for partitions, P. */
static void add(const char *records, int want_added, const char *want_rows, const char *want_err)
{
	static char p[] = "p", *columns[] = {p};
	struct layout layout = {.columns = columns, .count = 1};
	const struct table_place place = {.layout = &layout};
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	struct delta_schema s = {0};
	struct schema rows;
	CHECK_INT(schema_parse_text(&s.all, "a int, p string", 15, &err), 0);
	schema_init(&s.rows);
	CHECK_INT(delta_meta_new(&s.all, columns, 1, 0, &s.protocol, &s.meta, &err), 0);
	int added = delta_fields_add(&place, &s, records, strlen(records), '\n', &rows, &err);
	CHECK_INT(added, want_added);
	CHECK_STR(err.len ? err.s : "", want_err);
	if (added > 0) {
		schema_print(&rows, &text);
		CHECK_STR(text.s, want_rows);
		schema_release(&rows);
		CHECK(strstr(json_string_value(json_object_get(s.meta, "schemaString")), "\"b\""));
	}
	CHECK_INT(s.all.root.count, 2 + (added > 0 ? added : 0));
	delta_schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void test_fields(void)
{
	add("{\"b\":1}\n", 1, "a int, b bigint", "");
	add("{\"b\":1}\n{\"b\":1.5,\"c\":[true]}\n", 2, "a int, b double, c array<boolean>", "");
	add("{\"b\":1}\n{\n[1]\n{\"b\":1.5}\n", 1, "a int, b double", "");
	add("{\"b\":1}\n{\"c\":2}\n{\"B\":1.5}\n", 2, "a int, b bigint, c bigint", "");
	add("{\"b\":1}\n{\"x y\":2}\n", 1, "a int, b bigint", "");
	add("{\"p\":1}\n", 0, NULL, "");
	add("{\"b\":null}\n", 0, NULL, "");
	add("{\"A\":1}\n", -EINVAL, NULL, "the fields 'a' and 'A' differ only in case");
	add("{\"\":1}\n", -EINVAL, NULL, "a field's name is empty");
}

int main(void)
{
	TEST(test_held);
	TEST(test_memory);
	TEST(test_rows);
	TEST(test_fields);
	return check_done();
}
