/* Unit tests of lake-cat's choice of columns, of --where over them, and of partitions in paths. */
#include "cmd/lake-cat/columns.h"

#include <errno.h>

#include "cmd/lake-cat/hive.h"
#include "common/data/schema_text.h"
#include "tests/unit/check.h"

static const char table_text[] =
	"id bigint, \"odd name\" string, geo struct<lat double, in struct<x int>>, tags array<int>";

/* Choose LIST for WHERE (NULL: none): the names, those that are printed before a '|'; or the message. */
static void check(const char *list, const char *where, const char *want)
{
	struct schema table;
	struct cat_columns columns;
	struct cat_where w;
	const char *item = where;
	const struct opt_list wheres = {.items = &item, .count = where != NULL};
	struct strbuf err = STRBUF_INIT, got = STRBUF_INIT;
	schema_init(&table);
	CHECK_INT(schema_parse_text(&table, table_text, sizeof table_text - 1, &err), 0);
	CHECK_INT(cat_where_init(&w, &wheres, &err), 0);
	int r = cat_columns_choose(&table, list, &w, &columns, &err);
	CHECK_INT(r, err.len ? -EINVAL : 0);
	for (size_t i = 0; i < columns.want.root.count; i++)
		strbuf_addf(&got, "%s%s",
			i == columns.printed ? "|"
			: i                  ? ","
					     : "",
			columns.want.root.children[i].name);
	CHECK_STR(err.len ? err.s : got.s, want);
	cat_columns_release(&columns);
	cat_where_release(&w);
	schema_release(&table);
	strbuf_release(&err);
	strbuf_release(&got);
}

static void test_columns(void)
{
	check(NULL, NULL, "id,odd name,geo,tags");
	check("tags,id", NULL, "tags,id");
	check(".\"odd name\",id", NULL, "odd name,id");
	check("id", ".geo.lat > 5 && .id == 3", "id|geo");
	check("id", ".id == 3", "id");
	check(NULL, ".tags[1] == 3", "id,odd name,geo,tags");
	check("id", "id=3", "id");
}

static void test_refused(void)
{
	check("", NULL, "--columns: a name is missing");
	check("id,", NULL, "--columns: a name is missing");
	check("Id", NULL, "--columns: there is no column 'Id', but 'id'");
	check("id,id", NULL, "--columns: column 'id' is there twice");
	check("geo.lat", NULL, "--columns: only whole columns can be chosen");
	check("id tags", NULL, "--columns: a comma is missing at character 3");
	check("id", ".x == 1", "--where: there is no column 'x'");
	check("id", "$1 == 1", "--where: it names a field that is not a column: write .NAME, as in .user == \"ada\"");
	check("id", ". == 1", "--where: it names a field that is not a column: write .NAME, as in .user == \"ada\"");
}

/* What may be skipped is known of whole columns only. */
static void test_prune(void)
{
	struct schema table;
	struct cat_columns columns;
	struct cat_where w;
	struct strbuf err = STRBUF_INIT;
	const char *items[] = {".id > 5", ".geo.lat > 5 || .tags == null"};
	const struct opt_list wheres = {.items = items, .count = 2};
	schema_init(&table);
	CHECK_INT(schema_parse_text(&table, table_text, sizeof table_text - 1, &err), 0);
	CHECK_INT(cat_where_init(&w, &wheres, &err), 0);
	CHECK_INT(cat_columns_choose(&table, "tags", &w, &columns, &err), 0);
	CHECK_INT(w.prune.op, PRUNE_AND);
	CHECK_INT(w.prune.children, 2);
	CHECK(w.prune.child[0].op == PRUNE_GT && w.prune.child[0].column == 1 && w.prune.child[0].value.i == 5);
	CHECK(w.prune.child[1].op == PRUNE_OR && w.prune.child[1].child[0].op == PRUNE_ANY);
	CHECK(w.prune.child[1].child[1].op == PRUNE_NULL && w.prune.child[1].child[1].column == 0);
	cat_columns_release(&columns);
	cat_where_release(&w);
	schema_release(&table);
	strbuf_release(&err);
}

static void test_short_form(void)
{
	CHECK(cat_where_is_short("dt=2026-11-22"));
	CHECK(cat_where_is_short("dt=a/b c=%"));
	CHECK(cat_where_is_short("dt=\"x\" (1)"));
	CHECK(cat_where_is_short("dt="));
	CHECK(!cat_where_is_short("=x"));
	CHECK(!cat_where_is_short("5<=.a"));
	CHECK(!cat_where_is_short("a!=b"));
	CHECK(!cat_where_is_short(".dt == \"x\""));
	CHECK(!cat_where_is_short(".dt=x"));
	CHECK(!cat_where_is_short("length(.a) == 1"));
	CHECK(!cat_where_is_short("true"));
	CHECK(!cat_where_is_short("1 == .a"));
}

static void check_hive(const char *path, const char *want)
{
	json_t *values = hive_values(path);
	char *text = json_dumps(values, JSON_COMPACT);
	CHECK_STR(text, want);
	free(text);
	json_decref(values);
}

static void test_hive(void)
{
	check_hive("part-1.parquet", "{}");
	check_hive("dt=2026-11-22/x=a%20b/part-1", "{\"dt\":\"2026-11-22\",\"x\":\"a b\"}");
	check_hive("a/dt=__HIVE_DEFAULT_PARTITION__/b=c=d/e=f", "{\"dt\":null,\"b\":\"c=d\"}");
	check_hive("dt=%zz/x=1/f", "{\"x\":\"1\"}");
}

int main(void)
{
	TEST(test_columns);
	TEST(test_refused);
	TEST(test_prune);
	TEST(test_short_form);
	TEST(test_hive);
	return check_done();
}
