/* Ids of fields in Delta's metadata. */
#include <string.h>

#include "tests/unit/check.h"
#include "tests/unit/delta_field.h"

/* Fields from other engines have no ids; they get ids above all existing ones. */
static void test_ids(void)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;
	const char *json =
		SCHEMA("{\"name\":\"x\",\"type\":{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":false},"
		       "\"nullable\":true,\"metadata\":{}}," FIELD("y", "7") "," FIELD("z", "-1"));

	CHECK_INT(schema_from_delta(&s, json, strlen(json), &err), 0);
	CHECK_INT(s.root.children[0].id, 8);
	CHECK_INT(s.root.children[0].children[0].id, 9);
	CHECK(s.root.children[0].children[0].required);
	CHECK_INT(s.root.children[1].id, 7);
	CHECK_INT(s.root.children[2].id, 10);
	CHECK_INT(s.last_id, 10);
	schema_release(&s);
	strbuf_release(&err);
}

static void check_nested_ids(const char *ids, int expected)
{
	struct schema s;
	struct strbuf rest = STRBUF_INIT, err = STRBUF_INIT;

	strbuf_addf(&rest,
		"\"type\":{\"type\":\"array\",\"elementType\":\"long\",\"containsNull\":true},\"nullable\":true,"
		"\"metadata\":{\"weir.field.id\":\"3\",\"weir.field.nested.ids\":%s}",
		ids);
	CHECK_INT(read_field(&s, rest.s, &err), 0);
	CHECK_INT(s.root.children[0].id, 3);
	CHECK_INT(s.root.children[0].children[0].id, expected);
	schema_release(&s);
	strbuf_release(&rest);
	strbuf_release(&err);
}

/* An invalid id counts as missing, and a new one is assigned. */
static void test_forms_of_ids(void)
{
	check_nested_ids("{\"a.element\":7}", 7);
	check_nested_ids("{\"a.element\":\"7\"}", 7);
	check_nested_ids("\"{\\\"a.element\\\":7}\"", 7);
	check_nested_ids("\"{\\\"a.element\\\":\\\"x7\\\"}\"", 4);
	check_nested_ids("\"{\"", 4);
	check_nested_ids("[7]", 4);
	check_nested_ids("{\"a.element\":-7}", 4);
	check_nested_ids("{\"a.element\":99999999999999}", 4);
	check_nested_ids("{\"a.element\":\"0\"}", 4);
}

/* Ids that Spark or UniForm assigned are used, and stay where they are. */
static void test_foreign_ids(void)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT, out = STRBUF_INIT;

	CHECK_INT(read_field(&s, "\"type\":\"long\",\"nullable\":true,\"metadata\":{\"parquet.field.id\":5}", &err), 0);
	CHECK_INT(s.root.children[0].id, 5);
	schema_to_delta(&s, &out);
	CHECK(strstr(out.s, "{\"weir.field.id\":\"5\",\"parquet.field.id\":5}"));
	schema_release(&s);
	strbuf_release(&err);
	strbuf_release(&out);
}

int main(void)
{
	TEST(test_ids);
	TEST(test_forms_of_ids);
	TEST(test_foreign_ids);
	return check_done();
}
