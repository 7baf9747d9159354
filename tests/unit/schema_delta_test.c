#include "common/data/schema_delta.h"

#include <errno.h>
#include <stdlib.h>

#include "common/data/schema_text.h"
#include "tests/unit/check.h"
#include "tests/unit/delta_field.h"

/* The JSON for the schema TEXT. */
static void to_delta(const char *text, struct strbuf *out)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_STR(err.s, "");
	schema_to_delta(&s, out);
	schema_release(&s);
	strbuf_release(&err);
}

static void check_write(const char *text, const char *json)
{
	struct strbuf out = STRBUF_INIT;

	to_delta(text, &out);
	CHECK_STR(out.s, json);
	strbuf_release(&out);
}

static void test_write(void)
{
	check_write("ts timestamp, n int not null", "{\"type\":\"struct\",\"fields\":["
						    "{\"name\":\"ts\",\"type\":\"timestamp\",\"nullable\":true,"
						    "\"metadata\":{\"weir.field.id\":\"1\"}},"
						    "{\"name\":\"n\",\"type\":\"integer\",\"nullable\":false,"
						    "\"metadata\":{\"weir.field.id\":\"2\"}}]}");
	check_write("tags array<map<string,tinyint not null>> comment 'of \"it\"'",
		"{\"type\":\"struct\",\"fields\":[{\"name\":\"tags\",\"type\":{\"type\":\"array\",\"elementType\":"
		"{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"byte\",\"valueContainsNull\":false},"
		"\"containsNull\":true},\"nullable\":true,\"metadata\":{\"weir.field.id\":\"1\","
		"\"weir.field.nested.ids\":\"{\\\"tags.element\\\":2,\\\"tags.element.key\\\":3,\\\"tags.element."
		"value\\\":4}\","
		"\"comment\":\"of \\\"it\\\"\"}}]}");
	check_write("g struct<t timestamp(ms)>",
		"{\"type\":\"struct\",\"fields\":[{\"name\":\"g\",\"type\":{\"type\":\"struct\",\"fields\":["
		"{\"name\":\"t\",\"type\":\"timestamp\",\"nullable\":true,\"metadata\":{\"weir.field.id\":\"2\","
		"\"weir.unit\":\"ms\"}}]},\"nullable\":true,\"metadata\":{\"weir.field.id\":\"1\"}}]}");
}

/* What is written is read back unchanged, including ids. */
static void check_round(const char *text)
{
	struct schema s;
	struct strbuf json = STRBUF_INIT, err = STRBUF_INIT, out = STRBUF_INIT;

	to_delta(text, &json);
	CHECK_INT(schema_from_delta(&s, json.s, json.len, &err), 0);
	CHECK_STR(err.s, "");
	schema_print(&s, &out);
	CHECK_STR(out.s, text);
	strbuf_clear(&out);
	schema_to_delta(&s, &out);
	CHECK_STR(out.s, json.s);
	schema_release(&s);
	strbuf_release(&json);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_round(void)
{
	check_round("a boolean, b tinyint, c smallint, d int, e bigint, f float, g double, h string, i binary, j date, "
		    "k timestamp, l timestamp_ntz(us), m decimal(38,18), n decimal(1,1)");
	check_round("a array<struct<b map<string,array<int not null>> not null, c array<array<date>>>>, z int comment "
		    "'last'");
	check_round("\"odd \"\"name\"\"\" int, \"\xc3\xa4.b\" struct<\"x y\" array<int>>");
}

static void check_refused(const char *type, int status, const char *reason)
{
	struct schema s = {.last_id = 77};
	struct strbuf rest = STRBUF_INIT, err = STRBUF_INIT;

	strbuf_addf(&rest, "\"type\":%s,\"nullable\":true,\"metadata\":{}", type);
	CHECK_INT(read_field(&s, rest.s, &err), status);
	CHECK_STR(err.s, reason);
	CHECK_INT(s.last_id, 77);
	strbuf_release(&rest);
	strbuf_release(&err);
}

static void test_types_refused(void)
{
	check_refused("\"void\"", -ENOTSUP, "column 'a' has a type that weir cannot write: 'void'");
	check_refused("\"variant\"", -ENOTSUP, "column 'a' has a type that weir cannot write: 'variant'");
	check_refused("\"interval day to second\"", -ENOTSUP,
		"column 'a' has a type that weir cannot write: 'interval day to second'");
	check_refused("\"char(3)\"", -ENOTSUP, "column 'a' has a type that weir cannot write: 'char(3)'");
	check_refused("{\"type\":\"udt\"}", -ENOTSUP, "column 'a' has a type that weir cannot write: 'udt'");
	check_refused("{\"type\":\"array\",\"elementType\":\"void\",\"containsNull\":true}", -ENOTSUP,
		"column 'a.element' has a type that weir cannot write: 'void'");
	check_refused("{\"type\":\"struct\",\"fields\":[]}", -ENOTSUP, "column 'a' has no fields");
	check_refused("\"decimal(39,2)\"", -EINVAL,
		"column 'a' has a decimal type with an impossible number of digits: 'decimal(39,2)'");
	check_refused("\"decimal(5,6)\"", -EINVAL,
		"column 'a' has a decimal type with an impossible number of digits: 'decimal(5,6)'");
	check_refused(
		"\"decimal(5,2\"", -EINVAL, "column 'a' has a type that is not like decimal(12,2): 'decimal(5,2'");
	check_refused(
		"\"decimal(5,2)x\"", -EINVAL, "column 'a' has a type that is not like decimal(12,2): 'decimal(5,2)x'");
	check_refused("17", -EINVAL, "column 'a' has no type");
	check_refused("{\"type\":\"array\"}", -EINVAL, "column 'a.element' has no type");
	check_refused("{\"type\":\"struct\"}", -EINVAL, "column 'a' has a struct without \"fields\"");
	check_refused("{\"type\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}", -EINVAL,
		"column 'a' has a field 'x' without \"nullable\"");
	check_refused("{\"type\":\"struct\",\"fields\":[17]}", -EINVAL, "column 'a' has a field without a name");
}

static void check_text(const char *json, int status, const char *reason)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_from_delta(&s, json, strlen(json), &err), status);
	CHECK_STR(err.s, reason);
	if (status == 0)
		schema_release(&s);
	strbuf_release(&err);
}

static void test_whole_refused(void)
{
	check_text("[]", -EINVAL, "the schema is not a struct");
	check_text("{\"type\":\"long\"}", -EINVAL, "the schema is not a struct");
	check_text("{\"type\":\"struct\"}", -EINVAL, "the schema has a struct without \"fields\"");
	check_text(SCHEMA(FIELD("a", "1") "," FIELD("A", "2")), -EINVAL,
		"the schema has names that many engines take for one: the fields 'a' and 'A' differ only in "
		"case");
	check_text(SCHEMA(FIELD("a", "1") "," FIELD("b", "1")), -EINVAL, "the schema has two fields with the id 1");
	check_text(SCHEMA(FIELD("a", "2147483646")), -ENOTSUP,
		"the schema has ids up to 2147483646, so that there is no room for more");
	check_text(SCHEMA(FIELD("", "1")), -EINVAL, "the schema has a field whose name is empty");
	check_text(SCHEMA(""), 0, "");
}

static void test_limits(void)
{
	struct strbuf json = STRBUF_INIT, err = STRBUF_INIT;
	struct schema s;

	for (int levels = SCHEMA_MAX_DEPTH; levels <= SCHEMA_MAX_DEPTH + 1; levels++) {
		strbuf_clear(&json);
		strbuf_addstr(&json, "\"type\":");
		for (int i = 1; i < levels; i++)
			strbuf_addstr(&json, "{\"type\":\"array\",\"containsNull\":true,\"elementType\":");
		strbuf_addstr(&json, "\"long\"");
		for (int i = 1; i < levels; i++)
			strbuf_addstr(&json, "}");
		strbuf_addstr(&json, ",\"nullable\":true");
		int r = read_field(&s, json.s, &err);
		CHECK_INT(r, levels > SCHEMA_MAX_DEPTH ? -ENOTSUP : 0);
		if (r == 0)
			schema_release(&s);
	}
	CHECK(strstr(err.s, "has more than 32 levels of types"));
	strbuf_release(&json);
	strbuf_release(&err);
}

static void check_appendable(const char *metadata, const char *reason)
{
	struct schema s;
	struct strbuf rest = STRBUF_INIT, err = STRBUF_INIT, out = STRBUF_INIT;

	strbuf_addf(&rest, "\"type\":\"string\",\"nullable\":true,\"metadata\":{%s}", metadata);
	CHECK_INT(read_field(&s, rest.s, &err), 0);
	CHECK_INT(schema_delta_appendable(&s, &err), !*reason);
	CHECK_STR(err.s, reason);
	schema_to_delta(&s, &out); /* what is not ours is kept */
	CHECK(strstr(out.s, metadata));
	schema_release(&s);
	strbuf_release(&rest);
	strbuf_release(&err);
	strbuf_release(&out);
}

static void test_appendable(void)
{
	check_appendable("", "");
	check_appendable("\"comment\":\"x\"", "");
	check_appendable("\"spark.note\":{\"a\":[1]}", "");
	check_appendable("\"delta.invariants\":\"x\"", "column 'a' has an invariant");
	check_appendable("\"delta.generationExpression\":\"x\"", "column 'a' is generated");
	check_appendable("\"delta.identity.start\":1", "column 'a' is an identity column");
	check_appendable("\"delta.columnMapping.id\":1", "column 'a' is mapped to another name in the files");
	check_appendable("\"__CHAR_VARCHAR_TYPE_STRING\":\"varchar(3)\"", "column 'a' is char(n) or varchar(n)");
	check_appendable("\"CURRENT_DEFAULT\":\"1\"", "column 'a' has a default");
	check_appendable("\"delta.typeChanges\":[]", "");
	check_appendable("\"__COLLATIONS\":{}", "column 'a' has a collation");
}

static void check_creatable(const char *text, const char *reason, bool ntz)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_INT(schema_delta_creatable(&s, &err), !*reason);
	CHECK_STR(err.s, reason);
	CHECK_INT(schema_delta_needs_ntz(&s), ntz);
	schema_release(&s);
	strbuf_release(&err);
}

static void test_creatable(void)
{
	check_creatable("a int, \"@b.c-d\" timestamp", "", false);
	check_creatable("a array<struct<x timestamp_ntz>>", "", true);
	check_creatable(
		"g struct<\"a b\" int>", "column 'g.\"a b\"' has a ' ' in its name, which Spark refuses", false);
	check_creatable("\"a=b\" int", "column '\"a=b\"' has a '=' in its name, which Spark refuses", false);
}

int main(void)
{
	TEST(test_write);
	TEST(test_round);
	TEST(test_types_refused);
	TEST(test_whole_refused);
	TEST(test_limits);
	TEST(test_appendable);
	TEST(test_creatable);
	return check_done();
}
