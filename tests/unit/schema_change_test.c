#include <errno.h>
#include <stdio.h>

#include "common/data/schema.h"
#include "common/data/schema_text.h"
#include "tests/unit/check.h"

static struct schema parse(const char *text)
{
	struct schema s;
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_parse_text(&s, text, strlen(text), &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return s;
}

static void check_print(const struct schema *s, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	schema_print(s, &out);
	CHECK_STR(out.s, expected);
	strbuf_release(&out);
}

static void test_add(void)
{
	struct schema s = parse("a int, g struct<x int>"),
		      more = parse("z struct<p int not null, q array<int>> not null");
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_add(&s, &s.root, &more.root.children[0], &err), 0);
	CHECK_INT(s.root.children[2].id, 4);
	CHECK_INT(s.root.children[2].children[0].id, 5);
	CHECK_INT(s.root.children[2].children[1].children[0].id, 7);
	CHECK_INT(s.last_id, 7);
	CHECK_INT(schema_add(&s, &s.root.children[1], &more.root.children[0], &err), 0);
	CHECK_INT(s.root.children[1].children[1].id, 8);
	CHECK_INT(s.root.children[0].id, 1);
	check_print(&s, "a int, g struct<x int, z struct<p int not null, q array<int>>>, "
			"z struct<p int not null, q array<int>>");
	schema_release(&s);
	schema_release(&more);
	strbuf_release(&err);
}

static void test_add_refused(void)
{
	struct schema s = parse("a int, b string"), more = parse("A int"), same = parse("b date");
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_add(&s, &s.root, &more.root.children[0], &err), -EEXIST);
	CHECK(strstr(err.s, "differ only in case"));
	strbuf_clear(&err);
	CHECK_INT(schema_add(&s, &s.root, &same.root.children[0], &err), -EEXIST);
	CHECK_STR(err.s, "there are two fields 'b'");
	check_print(&s, "a int, b string");
	CHECK_INT(s.last_id, 2);
	schema_release(&s);
	schema_release(&more);
	schema_release(&same);
	strbuf_release(&err);
}

static void test_add_too_much(void)
{
	struct schema s = parse("a int"), more = parse("b int"), deep;
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT;
	int r = 0;

	strbuf_addstr(&text, "x int");
	for (int i = 1; i < SCHEMA_MAX_DEPTH; i++)
		strbuf_addstr(&text, "[]");
	deep = parse(text.s);
	CHECK_INT(schema_add(&s, &s.root, &deep.root.children[0], &err), 0);
	struct schema inner = parse("g struct<a int>");
	CHECK_INT(schema_add(&inner, &inner.root.children[0], &deep.root.children[0], &err), -E2BIG);
	CHECK_STR(err.s, "'x' has more than 32 levels of types");
	strbuf_clear(&err);
	schema_release(&s);
	schema_init(&s);
	for (int i = 0; i < SCHEMA_MAX_FIELDS; i++) { /* not with schema_add(), which looks at all names */
		strbuf_clear(&text);
		strbuf_addf(&text, "%sc%d int", i ? "," : "", i);
		strbuf_add(&err, text.s, text.len);
	}
	s = parse(err.s);
	strbuf_clear(&err);
	r = schema_add(&s, &s.root, &more.root.children[0], &err);
	CHECK_INT(r, -E2BIG);
	CHECK_STR(err.s, "with 'b' there are more than 20000 fields");
	CHECK_INT(s.root.count, SCHEMA_MAX_FIELDS);
	schema_release(&s);
	schema_release(&more);
	schema_release(&deep);
	schema_release(&inner);
	strbuf_release(&err);
	strbuf_release(&text);
}

static void check(const char *have, const char *given, int status, const char *reason)
{
	struct schema h = parse(have), g = parse(given);
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_compatible(&h, &g, &err), status);
	CHECK_STR(err.s, reason);
	schema_release(&h);
	schema_release(&g);
	strbuf_release(&err);
}

static void test_compatible(void)
{
	check("a int, b string", "b string, a int not null", 0, "");
	check("a int not null, b string", "a int", 0, "");
	check("t timestamp", "t timestamp(ms)", 0, "");
	check("g struct<x int, y int>, m map<string,array<int>>", "m map<string,array<int not null>>, g struct<y int>",
		0, "");
	check("a int", "a int, b int", -ENOENT, "the table has no column 'b'");
	check("a int, l array<struct<x int>>", "b int, l array<struct<x int, y date>>", -ENOENT,
		"the table has no columns 'b', 'l.element.y'");
}

static void test_incompatible(void)
{
	check("a int", "a bigint", -EINVAL, "column 'a' is int in the table, not bigint");
	check("a smallint", "a int", -EINVAL, "column 'a' is smallint in the table, not int");
	check("a decimal(5,2)", "a decimal(6,2)", -EINVAL, "column 'a' is decimal(5,2) in the table, not decimal(6,2)");
	check("a int", "A int", -EINVAL, "column 'A' is called 'a' in the table");
	check("g struct<x int>", "g struct<x array<int>>", -EINVAL, "column 'g.x' is int in the table, not array<int>");
	check("a int, b int not null", "a int", -EINVAL, "column 'b' of the table must not be null, and is not given");
	check("t timestamp", "t timestamp_ntz", -EINVAL, "column 't' is timestamp in the table, not timestamp_ntz");
	check("m map<string,int>", "m map<string,date>", -EINVAL, "column 'm.value' is int in the table, not date");
	check("a int", "b int, a date", -EINVAL, "column 'a' is int in the table, not date");
}

static void test_merge(void)
{
	struct schema s = parse("a int, l array<struct<x int>>"),
		      given = parse("l array<struct<y date not null, x int>>, b int not null"),
		      bad = parse("c int, a date");
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_merge(&s, &bad, &err), -EINVAL);
	CHECK_STR(err.s, "column 'a' is int in the table, not date");
	CHECK_INT(s.root.count, 2);
	strbuf_clear(&err);
	CHECK_INT(schema_merge(&s, &given, &err), 0);
	CHECK_STR(err.s, "");
	check_print(&s, "a int, l array<struct<x int, y date>>, b int");
	CHECK_INT(s.root.children[1].children[0].children[0].id, 4);
	CHECK_INT(s.root.children[1].children[0].children[1].id, 5);
	CHECK_INT(s.root.children[2].id, 6);
	CHECK_INT(schema_merge(&s, &given, &err), 0);
	CHECK_INT(s.last_id, 6);
	schema_release(&s);
	schema_release(&given);
	schema_release(&bad);
	strbuf_release(&err);
}

static void test_extend(void)
{
	struct schema s = parse("a int, l array<struct<x int>>, m map<string,int>"),
		      seen = parse("a string, l array<struct<x string, y date>>, m struct<key string>, b bigint"),
		      bad = parse("c int, A string");
	struct strbuf err = STRBUF_INIT;

	CHECK_INT(schema_extend(&s, &bad, &err), -EEXIST);
	CHECK_INT(s.root.count, 3);
	strbuf_clear(&err);
	CHECK_INT(schema_extend(&s, &seen, &err), 2);
	check_print(&s, "a int, l array<struct<x int, y date>>, m map<string,int>, b bigint");
	CHECK_INT(schema_extend(&s, &seen, &err), 0);
	CHECK_STR(err.s, "");
	CHECK(schema_child_alike(&s.root, "B", 1) == &s.root.children[3]);
	CHECK(schema_child_alike(&s.root, "bb", 2) == NULL);
	schema_release(&s);
	schema_release(&seen);
	schema_release(&bad);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_add);
	TEST(test_add_refused);
	TEST(test_add_too_much);
	TEST(test_compatible);
	TEST(test_incompatible);
	TEST(test_merge);
	TEST(test_extend);
	return check_done();
}
