/* Columns of Delta tables, their partition values, and what the log says of them. */
#include "common/lake/delta_columns.h"

#include <errno.h>

#include "common/lake/delta_facts.h"
#include "common/lake/delta_value.h"
#include "tests/unit/check.h"

#define FIELD(name, type, more) \
	"{\"name\":\"" name "\",\"type\":\"" type "\",\"nullable\":true,\"metadata\":{" more "}}"
#define MAPPED(id, name) "\"delta.columnMapping.id\":" #id ",\"delta.columnMapping.physicalName\":\"" name "\""

/* A metaData action with these FIELDS, partition columns and the mapping MODE. */
static json_t *meta_of(const char *fields, const char *partition, const char *mode)
{
	struct strbuf schema = STRBUF_INIT;
	strbuf_addf(&schema, "{\"type\":\"struct\",\"fields\":[%s]}", fields);
	json_t *meta = json_pack("{s:s,s:[s],s:{s:s}}", "schemaString", schema.s, "partitionColumns", partition,
		"configuration", "delta.columnMapping.mode", mode);
	strbuf_release(&schema);
	return meta;
}

static int read_columns(const char *fields, const char *mode, struct delta_columns *ret, struct strbuf *err)
{
	json_t *meta = meta_of(fields, "p", mode);
	strbuf_clear(err);
	int r = delta_columns_read(meta, ret, err);
	json_decref(meta);
	return r;
}

static void test_mapping(void)
{
	static const char fields[] =
		FIELD("p", "string", MAPPED(7, "col-p")) "," FIELD("q", "long", MAPPED(3, "col-q"));
	struct strbuf err = STRBUF_INIT;
	struct delta_columns c;
	CHECK_INT(read_columns(fields, "name", &c, &err), 0);
	CHECK_STR(delta_columns_name(&c, &c.schema.root.children[0]), "col-p");
	CHECK_STR(delta_columns_name(&c, &c.schema.root.children[1]), "col-q");
	CHECK(!c.by_id);
	CHECK(delta_columns_partitioned(&c, &c.schema.root.children[0]));
	CHECK(!delta_columns_partitioned(&c, &c.schema.root.children[1]));
	delta_columns_release(&c);
	CHECK_INT(read_columns(fields, "id", &c, &err), 0);
	CHECK(c.by_id);
	CHECK_INT(c.schema.root.children[0].id, 7);
	CHECK_INT(c.schema.root.children[1].id, 3);
	delta_columns_release(&c);
	CHECK_INT(read_columns(fields, "none", &c, &err), 0);
	CHECK_STR(delta_columns_name(&c, &c.schema.root.children[1]), "q");
	delta_columns_release(&c);
}

static void test_refused(void)
{
	struct strbuf err = STRBUF_INIT;
	struct delta_columns c;
	CHECK_INT(read_columns(FIELD("p", "string", ""), "name", &c, &err), -EBADMSG);
	CHECK_STR(err.s, "column 'p' has no physical name or id, which column mapping needs");
	delta_columns_release(&c);
	CHECK_INT(read_columns(FIELD("p", "string", "\"delta.columnMapping.physicalName\":\"x\""), "id", &c, &err),
		-EBADMSG);
	delta_columns_release(&c);
	CHECK_INT(read_columns(FIELD("p", "string", ""), "other", &c, &err), -ENOTSUP);
	delta_columns_release(&c);
	CHECK_INT(read_columns(FIELD("q", "string", ""), "none", &c, &err), -EBADMSG);
	CHECK_STR(err.s, "the partition column 'p' is not a column that can be one");
	delta_columns_release(&c);
	CHECK_INT(read_columns(FIELD("p", "void", ""), "none", &c, &err), -ENOTSUP);
	delta_columns_release(&c);
	CHECK_INT(read_columns("{", "none", &c, &err), -EBADMSG);
	delta_columns_release(&c);
	strbuf_release(&err);
}

/* The JSON of TEXT, a partition value of TYPE; "!" when it is none. */
static void check_value(struct schema_field field, const char *text, const char *want)
{
	char name[] = "p";
	struct strbuf err = STRBUF_INIT;
	struct delta_value v;
	delta_value_init(&v);
	field.name = name;
	int r = delta_value_read(&field, text, &v, &err);
	CHECK_STR(r < 0 ? "!" : v.text.s, want);
	CHECK(r == 0 ? !err.len : strstr(err.s, "'p' has a value that is not of its type") != NULL);
	CHECK(r < 0 || (v.v.raw == v.text.s && v.v.raw_len == v.text.len));
	delta_value_release(&v);
	strbuf_release(&err);
}

#define TYPE(t) ((struct schema_field){.type = SCHEMA_##t})

static void test_values(void)
{
	check_value(TYPE(STRING), "a\"b", "\"a\\\"b\"");
	check_value(TYPE(STRING), NULL, "null");
	check_value(TYPE(INT64), "", "null");
	check_value(TYPE(INT64), "-12", "-12");
	check_value(TYPE(INT64), "1.5", "!");
	check_value(TYPE(BOOL), "true", "true");
	check_value(TYPE(BOOL), "yes", "!");
	check_value(TYPE(DOUBLE), "1.5", "1.5");
	check_value(TYPE(DOUBLE), "1E10", "1E10");
	check_value(TYPE(DOUBLE), ".5", "0.5");
	check_value(TYPE(DOUBLE), "NaN", "\"NaN\"");
	check_value(TYPE(DOUBLE), "-Infinity", "\"-Infinity\"");
	check_value(TYPE(FLOAT), "x", "!");
	check_value((struct schema_field){.type = SCHEMA_DECIMAL, .precision = 5, .scale = 2}, "12.5", "12.50");
	check_value((struct schema_field){.type = SCHEMA_DECIMAL, .precision = 5, .scale = 2}, "1234.5", "!");
	check_value(TYPE(DATE), "2026-11-22", "\"2026-11-22\"");
	check_value(TYPE(DATE), "2026-02-30", "!");
	check_value(TYPE(TIMESTAMP), "2026-11-22 10:00:00", "\"2026-11-22T10:00:00Z\"");
	check_value(TYPE(TIMESTAMP), "2026-11-22T10:00:00.000500Z", "\"2026-11-22T10:00:00.000500Z\"");
	check_value(TYPE(TIMESTAMP_NTZ), "2026-11-22 10:00:00.5", "\"2026-11-22T10:00:00.500000\"");
	check_value(TYPE(BINARY), "\xc2\x80\x01z", "\"gAF6\"");
	check_value(TYPE(BINARY), "\xe2\x82\xac", "!");
	check_value(TYPE(STRING), "\xff", "!");
}

/* What is known of column COLUMN by ADD. */
static struct prune_facts facts(const char *fields, size_t column, const char *add, const char *stats)
{
	static struct delta_columns columns;
	static struct delta_file_facts file;
	static json_t *action;
	struct strbuf err = STRBUF_INIT;
	struct prune_facts ret;
	if (action)
		delta_facts_end(&file);
	json_decref(action);
	delta_columns_release(&columns);
	CHECK_INT(read_columns(fields, "none", &columns, &err), 0);
	action = json_loads(add, 0, NULL);
	json_object_set_new(action, "stats", json_string(stats));
	delta_facts_begin(&file, &columns, action);
	delta_facts_of(&file, &columns.schema.root.children[column], &ret);
	strbuf_release(&err);
	return ret;
}

#define P FIELD("p", "integer", "") ","

static void test_facts(void)
{
	struct prune_facts f;
	f = facts(P FIELD("a", "long", ""), 1, "{}",
		"{\"numRecords\":9,\"nullCount\":{\"a\":2},\"minValues\":{\"a\":-5},\"maxValues\":{\"a\":7}}");
	CHECK(f.rows == 9 && f.nulls == 2 && f.min.known && f.min.exact && f.min.v.i == -5 && f.max.v.i == 7);
	f = facts(P FIELD("a", "long", ""), 0, "{\"partitionValues\":{\"p\":\"3\"}}", "");
	CHECK(f.rows == 1 && f.nulls == 0 && f.min.known && f.min.v.i == 3 && f.max.v.i == 3 && f.no_nan);
	f = facts(P FIELD("a", "long", ""), 0, "{\"partitionValues\":{\"p\":null}}", "");
	CHECK(f.rows == 1 && f.nulls == 1 && !f.min.known);
	f = facts(P FIELD("a", "string", ""), 1, "{}", "{\"minValues\":{\"a\":\"x\"},\"maxValues\":{\"a\":5}}");
	CHECK(f.rows == -1 && f.nulls == -1 && f.min.known && !f.min.exact && !f.max.known);
	CHECK_MEM(f.min.v.bytes.s, f.min.v.bytes.len, "x", 1);
	f = facts(P FIELD("a", "timestamp", ""), 1, "{}",
		"{\"minValues\":{\"a\":\"1970-01-01T00:00:00.001Z\"},\"maxValues\":{\"a\":\"1970-01-01T00:00:00.002Z\"}"
		"}");
	CHECK(f.min.v.i == 1000 && f.max.v.i == 2999 && !f.max.exact);
	f = facts(P FIELD("a", "double", ""), 1, "{}", "{\"minValues\":{\"a\":\"NaN\"},\"maxValues\":{\"a\":2}}");
	CHECK(!f.min.known && f.max.known && f.max.v.d == 2 && !f.no_nan);
	f = facts(P FIELD("a", "decimal(5,2)", ""), 1, "{}",
		"{\"minValues\":{\"a\":1.25},\"maxValues\":{\"a\":\"2.50\"}}");
	CHECK(f.min.v.big == 125 && f.max.v.big == 250);
	f = facts(P FIELD("a", "decimal(20,2)", ""), 1, "{}", "{\"minValues\":{\"a\":1.25}}");
	CHECK(!f.min.known);
	f = facts(P FIELD("a", "date", ""), 1, "{}", "{\"minValues\":{\"a\":\"1970-01-03\"},\"maxValues\":{\"a\":[]}}");
	CHECK(f.min.v.i == 2 && !f.max.known);
	f = facts(P FIELD("a", "long", ""), 1, "{}", "not JSON");
	CHECK(f.rows == -1 && f.nulls == -1 && !f.min.known && !f.max.known);
}

/* A column was a float before: its bounds are those of floats, as doubles. */
static void test_widened(void)
{
	static const char changes[] = "\"delta.typeChanges\":[{\"fromType\":\"float\",\"toType\":\"double\"}]";
	struct strbuf fields = STRBUF_INIT;
	struct prune_facts f;
	strbuf_addf(&fields, P FIELD("a", "double", "%s"), changes);
	f = facts(fields.s, 1, "{}", "{\"minValues\":{\"a\":0.7},\"maxValues\":{\"a\":0.1}}");
	CHECK(f.min.known && !f.min.exact && f.min.v.d == (double)0.7F && f.min.v.d < 0.7);
	CHECK(f.max.known && !f.max.exact && f.max.v.d == (double)0.1F && f.max.v.d > 0.1);
	f = facts(fields.s, 1, "{}", "{\"minValues\":{\"a\":0.1},\"maxValues\":{\"a\":0.7}}");
	CHECK(f.min.v.d == 0.1 && f.max.v.d == 0.7); /* it may have been a double */
	f = facts(fields.s, 1, "{}", "{\"minValues\":{\"a\":-1e300},\"maxValues\":{\"a\":1e300}}");
	CHECK(f.min.v.d == -1e300 && f.max.v.d == 1e300 && f.max.exact);
	f = facts(P FIELD("a", "double", ""), 1, "{}", "{\"maxValues\":{\"a\":0.1}}");
	CHECK(f.max.v.d == 0.1 && f.max.exact);
	strbuf_release(&fields);
}

int main(void)
{
	TEST(test_mapping);
	TEST(test_refused);
	TEST(test_values);
	TEST(test_facts);
	TEST(test_widened);
	return check_done();
}
