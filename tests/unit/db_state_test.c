/* Unit tests of db_state.h: positions and ids in a database. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/db/db_state.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char url[SCRATCH_SIZE + 8];

static struct db *open_db(void)
{
	const struct db_options options = {.timeout_ms = 1, .create = true};
	struct strbuf err = STRBUF_INIT;
	struct db *db = NULL;
	CHECK_INT(db_open(url, &options, &db, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return db;
}

static struct db *new_db(void)
{
	char path[SCRATCH_SIZE];
	close(mkstemp(scratch(path, "weir-db")));
	snprintf(url, sizeof url, "sqlite:%s", path);
	return open_db();
}

static void remove_db(void)
{
	char name[sizeof url + 8];
	for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end; end++) {
		snprintf(name, sizeof name, "%s%s", url + 7, *end);
		unlink(name);
	}
}

static void run(struct db *db, const char *sql)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(db->ops->query(db, sql, NULL, 0, NULL, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
}

struct side {
	struct db *db;
	struct db_table table;
	struct db_state state;
};

/* A writer of table t. */
static int side_open(struct side *s, struct db *db, bool adopt)
{
	struct strbuf err = STRBUF_INIT;
	*s = (struct side){.db = db};
	CHECK_INT(db->ops->find(db, "t", &s->table, &err), 0);
	s->state = (struct db_state){.db = db, .table = &s->table, .adopt = adopt};
	int r = db_state_open(&s->state, &err);
	strbuf_release(&err);
	return r;
}

static void side_close(struct side *s)
{
	db_table_release(&s->table);
	db_close(s->db);
}

static struct position at(const char *group, const char *topic, int partition, int64_t was, int64_t next)
{
	return (struct position){.group = group,
		.topic = topic,
		.partition = partition,
		.was = was,
		.next = next,
		.cut = {.known = true, .run = UINT64_C(0xfedcba9876543210), .batch = 7},
		.has_last = true,
		.last_ms = -5,
		.last_crc = UINT32_MAX,
		.last_offset = next - 1,
		.has_parts = true,
		.parts = 4};
}

/* Move these positions in a transaction of S, and the id if there is one. */
static int commit(struct side *s, const struct position *p, size_t count, size_t stay, const char *id)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(s->db->ops->begin(s->db, &err), 0);
	int r = db_state_begin(&s->state, &err);
	if (r == 0)
		r = db_state_move(&s->state, p, count, stay, &err);
	if (r == 0 && id)
		r = db_state_add_id(&s->state, id, &err);
	if (r == 0)
		r = s->db->ops->commit(s->db, &err);
	else
		s->db->ops->rollback(s->db);
	if (r == 0)
		db_state_committed(&s->state);
	CHECK_INT(err.len > 0, r < 0);
	strbuf_release(&err);
	return r;
}

static int64_t where(struct side *s, const char *group, const char *topic, int partition, struct mark_range *ret)
{
	struct mark_range range = {.topic = xstrdup(topic), .partition = partition};
	struct mark_ranges ranges = {.items = &range, .count = 1};
	struct strbuf err = STRBUF_INIT;
	int r = db_state_locate(&s->state, group, &ranges, &err);
	free(range.topic);
	strbuf_release(&err);
	if (ret)
		*ret = range;
	return r < 0 ? r : range.was;
}

static void test_positions(void)
{
	struct side a, b;
	struct db *db = new_db();
	struct strbuf err = STRBUF_INIT;
	struct mark_range range;
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	CHECK_INT(where(&a, "g", "c", 0, NULL), RANGE_NONE);
	CHECK_INT(db_state_knows_group(&a.state, "g", &err), 0);
	const struct position first[] = {at("g", "c", 0, -1, 10), at("g", "c", 1, -1, 20)};
	CHECK_INT(commit(&a, first, 2, 0, NULL), 0);
	CHECK_INT(strlen(a.state.table_id), UUID_LEN);
	CHECK_INT(db_state_is_committed(&a.state, &err), 1);
	CHECK_INT(side_open(&b, open_db(), false), 0);
	CHECK_STR(b.state.table_id, a.state.table_id);
	CHECK_INT(db_state_knows_group(&b.state, "g", &err), 1);
	CHECK_INT(db_state_knows_group(&b.state, "h", &err), 0);
	CHECK_INT(where(&b, "g", "c", 1, &range), 20);
	CHECK(range.cut.known && range.cut.run == UINT64_C(0xfedcba9876543210) && range.cut.batch == 7);
	CHECK(range.has_last && range.last_ms == -5 && range.last_crc == UINT32_MAX && range.last_offset == 19);
	CHECK_INT(range.topic_parts, 4);
	CHECK_INT(where(&b, "g", "c", 2, &range), RANGE_NONE);
	CHECK_INT(range.topic_parts, 4);
	CHECK_INT(where(&b, "g", "d", 0, &range), RANGE_NONE);
	CHECK_INT(range.topic_parts, RANGE_NONE);
	strbuf_release(&err);
	side_close(&a);
	side_close(&b);
	remove_db();
}

/* Writers that begin before the table has an id agree on one. */
static void test_one_id(void)
{
	struct side a, b, c;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	CHECK_INT(side_open(&b, open_db(), false), 0);
	CHECK_INT(side_open(&c, open_db(), false), 0);
	const struct position first = at("g", "c", 0, -1, 10), other = at("g", "c", 1, -1, 5),
			      wrong = at("g", "c", 0, 3, 4);
	CHECK_INT(commit(&a, &wrong, 1, 0, NULL), -ESTALE); /* that gives it none */
	CHECK_INT(commit(&a, &first, 1, 0, NULL), 0);
	CHECK_INT(where(&c, "g", "c", 0, NULL), 10); /* it has looked again */
	CHECK_STR(c.state.table_id, a.state.table_id);
	CHECK_INT(commit(&b, &other, 1, 0, NULL), 0);
	CHECK_STR(b.state.table_id, a.state.table_id);
	CHECK_INT(where(&a, "g", "c", 1, NULL), 5);
	side_close(&a);
	side_close(&b);
	side_close(&c);
	remove_db();
}

static void test_moved_by_another(void)
{
	struct side a, b;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	CHECK_INT(side_open(&b, open_db(), false), 0);
	const struct position first = at("g", "c", 0, -1, 10), next = at("g", "c", 0, 10, 15);
	CHECK_INT(commit(&a, &first, 1, 0, NULL), 0);
	CHECK_INT(commit(&b, &first, 1, 0, NULL), -ESTALE); /* none equals only none */
	CHECK_INT(commit(&b, &next, 1, 0, NULL), 0);
	CHECK_INT(commit(&a, &next, 1, 0, NULL), -ESTALE);
	CHECK_INT(where(&a, "g", "c", 0, NULL), 15);
	const struct position both[] = {at("g", "c", 1, -1, 3), at("g", "c", 0, 10, 10)};
	CHECK_INT(commit(&a, both, 1, 1, NULL), -ESTALE); /* one that stays is elsewhere */
	CHECK_INT(where(&a, "g", "c", 1, NULL), RANGE_NONE);
	struct position parts = at("g", "c", 0, 15, 16);
	parts.parts = 5;
	CHECK_INT(commit(&a, &parts, 1, 0, NULL), -ESTALE);
	parts.has_parts = parts.has_last = parts.cut.known = false;
	CHECK_INT(commit(&a, &parts, 1, 0, NULL), 0);
	struct mark_range range;
	CHECK_INT(where(&a, "g", "c", 0, &range), 16);
	CHECK(!range.cut.known && !range.has_last);
	CHECK_INT(range.topic_parts, 4);
	side_close(&a);
	side_close(&b);
	remove_db();
}

static void test_groups(void)
{
	struct side a;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	const struct position first = at("g", "c", 0, -1, 10), other = at("h", "c", 1, -1, 1);
	const struct position elsewhere = at("h", "d", 1, -1, 1);
	CHECK_INT(commit(&a, &first, 1, 0, NULL), 0);
	CHECK_INT(commit(&a, &other, 1, 0, NULL), -EPERM);
	CHECK_INT(where(&a, "h", "c", 0, NULL), -EPERM);
	CHECK_INT(commit(&a, &elsewhere, 1, 0, NULL), 0);
	a.state.also_group = true;
	CHECK_INT(where(&a, "h", "c", 0, NULL), RANGE_NONE);
	CHECK_INT(commit(&a, &other, 1, 0, NULL), 0);
	side_close(&a);
	remove_db();
}

static void test_ids(void)
{
	struct side a, b;
	struct strbuf err = STRBUF_INIT;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	CHECK_INT(side_open(&b, open_db(), false), 0);
	CHECK_INT(db_state_has_id(&a.state, "one", &err), 0);
	CHECK_INT(commit(&a, NULL, 0, 0, "one"), 0);
	CHECK_INT(db_state_has_id(&a.state, "one", &err), 1);
	CHECK_INT(db_state_has_id(&a.state, "two", &err), 0);
	CHECK_INT(commit(&b, NULL, 0, 0, "one"), -EALREADY);
	CHECK_INT(commit(&b, NULL, 0, 0, "it's \"two\""), 0);
	CHECK_INT(db_state_has_id(&a.state, "it's \"two\"", &err), 1);
	strbuf_release(&err);
	side_close(&a);
	side_close(&b);
	remove_db();
}

static void test_table_made_anew(void)
{
	struct side a, b;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	const struct position first = at("g", "c", 0, -1, 10), next = at("g", "c", 0, 10, 11);
	CHECK_INT(commit(&a, &first, 1, 0, "one"), 0);
	run(db, "DROP TABLE t");
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(commit(&a, &next, 1, 0, NULL), -ESTALE);
	CHECK_INT(side_open(&b, open_db(), false), -EPERM);
	side_close(&b);
	CHECK_INT(side_open(&b, open_db(), true), 0);
	CHECK_STR(b.state.table_id, a.state.table_id);
	CHECK_INT(where(&b, "g", "c", 0, NULL), 10);
	CHECK_INT(commit(&b, &next, 1, 0, NULL), 0);
	CHECK_INT(where(&b, "g", "c", 0, NULL), 11);
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(db_state_has_id(&b.state, "one", &err), 1);
	strbuf_release(&err);
	side_close(&a);
	side_close(&b);
	remove_db();
}

static void test_damaged(void)
{
	struct side a;
	struct db *db = new_db();
	run(db, "CREATE TABLE t (x)");
	CHECK_INT(side_open(&a, db, false), 0);
	const struct position first = at("g", "c", 0, -1, 10);
	CHECK_INT(commit(&a, &first, 1, 0, NULL), 0);
	run(db, "UPDATE weir_positions SET next = 'x'");
	CHECK_INT(where(&a, "g", "c", 0, NULL), -EBADMSG);
	run(db, "UPDATE weir_positions SET next = -4");
	CHECK_INT(where(&a, "g", "c", 0, NULL), -EBADMSG);
	side_close(&a);
	remove_db();
}

int main(void)
{
	TEST(test_positions);
	TEST(test_one_id);
	TEST(test_moved_by_another);
	TEST(test_groups);
	TEST(test_ids);
	TEST(test_table_made_anew);
	TEST(test_damaged);
	return check_done();
}
