/* Unit tests of the rows that wait, and of the choice of columns: held, columns. */
#include <errno.h>
#include <string.h>

#include "cmd/db-put/columns.h"
#include "cmd/db-put/held.h"
#include "common/db/db_cell.h"
#include "tests/unit/check.h"

static void add(struct held *h, uint64_t batch, uint64_t record, const char *row)
{
	const struct sink_place place = {.input = "in", .batch = batch, .record = record};
	struct strbuf text = STRBUF_INIT;
	strbuf_addstr(&text, row);
	CHECK_INT(held_add(h, &place, &text, row, strlen(row)), 0);
	strbuf_release(&text);
}

static void check_places(struct held *h)
{
	static const uint64_t want[][2] = {{1, 1}, {1, 2}, {1, 5}, {2, 6}, {3, 1}};
	for (uint64_t i = 0; i < 5; i++) {
		const struct sink_place place = sink_places_find(&h->places, i);
		CHECK_INT(place.batch, want[i][0]);
		CHECK_INT(place.record, want[i][1]);
	}
}

static void hold(uint64_t memory, bool keep)
{
	static const char *const rows[] = {"one", "", "three", "four", "five"};
	static const uint64_t places[][2] = {{1, 1}, {1, 2}, {1, 5}, {2, 6}, {3, 1}};
	struct held h = {.keep = keep, .memory = memory};
	struct db_batch batch = {0};
	const char *rec;
	size_t len;
	CHECK_INT(held_map(&h, &batch), 0);
	CHECK_INT(batch.rows, 0);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 5; i++)
			add(&h, places[i][0], places[i][1], rows[i]);
		for (int again = 0; again < 2; again++) {
			CHECK_INT(held_map(&h, &batch), 0);
			CHECK_INT(batch.rows, 5);
			CHECK_MEM(batch.s, batch.len, "onethreefourfive", 16);
			check_places(&h);
			held_record(&h, 2, &rec, &len);
			CHECK_MEM(rec, len, keep ? "three" : "", keep ? 5 : 0);
			held_record(&h, 4, &rec, &len);
			CHECK_MEM(rec, len, keep ? "five" : "", keep ? 4 : 0);
			held_record(&h, 1, &rec, &len);
			CHECK_INT(len, 0);
			held_record(&h, 5, &rec, &len);
			CHECK_INT(len, 0);
		}
		held_clear(&h);
		CHECK_INT(h.count, 0);
	}
}

static void test_held(void)
{
	hold(1 << 20, false);
	hold(1 << 20, true);
	hold(4, true); /* on disk */
}

static struct db_column columns[] = {{.name = (char[]){"id"}, .required = true}, {.name = (char[]){"a,b"}},
	{.name = (char[]){"n"}, .given = true}, {.name = (char[]){"g"}, .generated = true}};
static const struct db_table table = {.name = (char[]){"t"}, .columns = columns, .count = 4};

/* The columns that are chosen, and those of the key: "0,1;0"; or why none are. */
static void choose(const char *names, const char *key, const char *want)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	struct columns_choice choice;
	int r = columns_choose(&table, names, key, &choice, &err);
	for (size_t i = 0; i < choice.plan.count; i++)
		strbuf_addf(&out, "%s%zu", i ? "," : "", choice.plan.columns[i]);
	for (size_t i = 0; i < choice.plan.keys; i++)
		strbuf_addf(&out, "%s%zu", i ? "," : ";", choice.plan.key[i]);
	CHECK_INT(r, err.len ? -EINVAL : 0);
	CHECK_STR(r < 0 ? err.s : out.s, want);
	columns_choice_release(&choice);
	strbuf_release(&out);
	strbuf_release(&err);
}

/* The field that the Nth column of the list NAMES has: `.a.b`'s last name, `$N`, or none. */
static void source(const char *names, size_t n, const char *want)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	struct columns_choice choice;
	int r = columns_choose(&table, names, NULL, &choice, &err);
	CHECK_STR(err.s, "");
	CHECK_INT(r, 0);
	const struct columns_source *s = &choice.sources[n];
	if (r == 0 && s->given && s->field.column)
		strbuf_addf(&out, "$%u", (unsigned)s->field.column);
	else if (r == 0 && s->given)
		strbuf_addf(&out, ".%s", s->field.path.count ? s->field.path.steps[s->field.path.count - 1].name : "");
	CHECK_STR(out.s, want);
	CHECK_INT(choice.sourced, strchr(names, '=') != NULL);
	columns_choice_release(&choice);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_sources(void)
{
	source("id,n", 0, "");
	source("id=.x.y,n", 0, ".y");
	source("id=.x.y,n", 1, "");
	source("\"a,b\"=$12,id", 0, "$12");
	source("id=.\"c,\\\"d\",n=.", 0, ".c,\"d");
	source("id=.\"c,\\\"d\",n=.", 1, ".");
	choose("id=", NULL, "path '', character 1: a path begins with '.', as in .name");
	choose("id=x", NULL, "path 'x', character 1: a path begins with '.', as in .name");
	choose("id=$0", NULL, "'$0' is not a column: $1, $2, …");
	choose("id=.a,", NULL, "'id=.a,' is not a list of columns, such as id,name=.user.name,\"two words\"");
	choose("=.a", NULL, "'=.a' is not a list of columns, such as id,name=.user.name,\"two words\"");
}

static void test_widen(void)
{
	struct held h = {.memory = 1 << 20};
	struct db_batch batch = {0};
	struct strbuf row = STRBUF_INIT;
	struct db_cell cells[4];
	const struct sink_place place = {.input = "in", .record = 1};
	CHECK_INT(held_widen(&h, 2, 1), 0); /* there is none */
	for (int i = 0; i < 3; i++) {
		strbuf_clear(&row);
		db_cell_row(&row, i < 2 ? 2 : 4);
		db_cell_bytes(&row, "abc", 3);
		db_cell_int(&row, i, 32);
		if (i == 2) { /* the rows that came before have as many cells now */
			CHECK_INT(held_widen(&h, 2, 2), 0);
			db_cell_bytes(&row, "", 0);
			db_cell_null(&row);
		}
		CHECK_INT(held_add(&h, &place, &row, "", 0), 0);
	}
	CHECK_INT(held_map(&h, &batch), 0);
	CHECK_INT(batch.rows, 3);
	const char *s = batch.s, *end = s + batch.len;
	for (int i = 0; i < 3; i++) {
		CHECK(db_cell_read_row(&s, end, 4, cells));
		CHECK_MEM(cells[0].s, cells[0].len, "abc", 3);
		CHECK_INT(cells[1].len, 4);
		CHECK(i == 2 ? cells[2].s != NULL : !cells[2].s);
		CHECK(!cells[3].s);
	}
	CHECK(s == end);
	CHECK_INT(held_widen(&h, 3, 1), -EIO); /* the rows have another width */
	held_clear(&h);
	strbuf_release(&row);
}

static void test_columns(void)
{
	choose(NULL, NULL, "0,1");
	choose(NULL, "id", "0,1;0");
	choose("\"a,b\",id", "id,\"a,b\"", "1,0;1,0");
	choose("id,n", NULL, "0,2");
	choose("id,x", NULL, "column x: the table has no such column");
	choose("id,id", NULL, "column id: it is named twice");
	choose("id,g", NULL, "column g: the database computes it");
	choose("n", NULL, "column id: it must not be null, and --columns does not name it");
	choose("id", "n", "--key: n is not a column that is written");
	choose("id,", NULL, "'id,' is not a list of columns, such as id,name=.user.name,\"two words\"");
	choose("", NULL, "'' is not a list of columns, such as id,name=.user.name,\"two words\"");
	choose("\"id", NULL, "'\"id' is not a list of columns, such as id,name=.user.name,\"two words\"");
	choose("\"id\"x", NULL, "'\"id\"x' is not a list of columns, such as id,name=.user.name,\"two words\"");
}

static void test_split(void)
{
	struct strbuf err = STRBUF_INIT;
	char **names;
	size_t count;
	CHECK_INT(columns_split("a,\"b \"\"c\",d e", &names, &count, &err), 0);
	CHECK_INT(count, 3);
	CHECK_STR(names[0], "a");
	CHECK_STR(names[1], "b \"c");
	CHECK_STR(names[2], "d e");
	columns_split_release(names, count);
	CHECK_INT(columns_split("a,,b", &names, &count, &err), -EINVAL);
	strbuf_release(&err);
}

int main(void)
{
	TEST(test_held);
	TEST(test_columns);
	TEST(test_sources);
	TEST(test_widen);
	TEST(test_split);
	return check_done();
}
