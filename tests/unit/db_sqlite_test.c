/* Unit tests of a database of SQLite: db.h, db_sqlite.h, db_sql.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/data/schema_text.h"
#include "common/db/db_cell.h"
#include "common/db/db_sql.h"
#include "common/db/db_sqlite_impl.h"
#include "tests/unit/check.h"
#include "tests/unit/scratch.h"

static char url[SCRATCH_SIZE + 8];

static struct db *open_new(void)
{
	const struct db_options options = {.timeout_ms = 1, .create = true};
	struct strbuf err = STRBUF_INIT;
	struct db *db = NULL;
	char path[SCRATCH_SIZE];
	int fd = mkstemp(scratch(path, "weir-db"));
	close(fd);
	snprintf(url, sizeof url, "sqlite:%s", path);
	CHECK_INT(db_open(url, &options, &db, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return db;
}

static void close_all(struct db *db)
{
	char name[sizeof url + 8];
	db_close(db);
	for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end; end++) {
		snprintf(name, sizeof name, "%s%s", url + 7, *end);
		unlink(name);
	}
}

/* Run SQL; the cells of the answer are WANT, separated by '|'. */
static void query(struct db *db, const char *sql, const char *want)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
	struct db_answer answer = {0};
	CHECK_INT(db->ops->query(db, sql, NULL, 0, &answer, &err), 0);
	CHECK_STR(err.s, "");
	for (size_t i = 0; i < answer.rows * answer.columns; i++)
		strbuf_addf(&out, "%s%s", i ? "|" : "", answer.cells[i] ? answer.cells[i] : "-");
	CHECK_STR(out.s, want);
	db_answer_release(&answer);
	strbuf_release(&out);
	strbuf_release(&err);
}

static void test_urls(void)
{
	static const char *const refused[] = {"mysql://h/d", "clickhouse://h", "MariaDB:x", "duckdb:x", "jdbc:x",
		"a.db", "", "sqlite:", "sqlite:///a.db", "sqlite::memory:", NULL};
	struct strbuf err = STRBUF_INIT;
	struct db *db = NULL;
	for (size_t i = 0; refused[i]; i++) {
		CHECK_INT(db_open(refused[i], &(struct db_options){0}, &db, &err), -EINVAL);
		CHECK(err.len > 0);
		CHECK(!db);
		strbuf_clear(&err);
	}
	CHECK(db_is_url("sqlite:a"));
	CHECK(db_is_url("mysql:a"));
	CHECK(!db_is_url("a"));
	CHECK_INT(db_open("sqlite:/nowhere/a.db", &(struct db_options){.create = true}, &db, &err), -EACCES);
	strbuf_release(&err);
}

static void kind(const char *type, enum db_kind want)
{
	struct db_column c = {0};
	sqlite_kind(type, &c);
	CHECK_INT(c.kind, want);
}

static void test_kinds(void)
{
	struct db_column c = {0};
	kind("INTEGER", DB_INT);
	kind("bigint", DB_INT);
	kind("VARCHAR(20)", DB_TEXT);
	kind("BOOLEAN", DB_BOOL);
	kind("TIMESTAMP", DB_TIMESTAMP);
	kind("datetime", DB_TIMESTAMP);
	kind("DATE", DB_DATE);
	kind("JSON_TEXT", DB_JSON);
	kind("DOUBLE PRECISION", DB_DOUBLE);
	kind("BLOB", DB_BYTES);
	kind("NUMERIC", DB_ANY);
	kind("", DB_ANY);
	kind("(((", DB_ANY);
	sqlite_kind("DECIMAL_TEXT(12,3)", &c);
	CHECK_INT(c.precision, 12);
	CHECK_INT(c.scale, 3);
	c = (struct db_column){0};
	sqlite_kind("DECIMAL_TEXT(99,3)", &c);
	CHECK_INT(c.precision, 0);
}

static void test_create_and_find(void)
{
	static const char text[] =
		"id bigint not null, \"a \"\"b\" string, b boolean, d decimal(5,1), t timestamp, y date, "
		"x binary, f double, l array<int>";
	struct strbuf sql = STRBUF_INIT, err = STRBUF_INIT;
	struct db *db = open_new();
	char *key[] = {(char[]){"id"}};
	struct schema schema;
	struct db_table t;
	CHECK_INT(schema_parse_text(&schema, text, strlen(text), &err), 0);
	sql_add_create(&sql, db->ops, "\"T\"", &schema, key, 1);
	query(db, sql.s, "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	CHECK_STR(t.name, "T");
	CHECK_STR(t.quoted, "\"T\"");
	CHECK(!t.object);
	CHECK_INT(t.count, 9);
	static const enum db_kind kinds[] = {
		DB_INT, DB_TEXT, DB_BOOL, DB_DECIMAL, DB_TIMESTAMP, DB_DATE, DB_BYTES, DB_DOUBLE, DB_JSON};
	for (size_t i = 0; i < t.count; i++)
		CHECK_INT(t.columns[i].kind, kinds[i]);
	CHECK(!t.columns[0].required); /* the rowid */
	CHECK_INT(db_table_column(&t, "a \"b", 4), 1);
	CHECK(db_table_column(&t, "A \"b", 4) == SIZE_MAX);
	db_table_release(&t);
	query(db, "CREATE VIEW v AS SELECT 1", "");
	CHECK_INT(db->ops->find(db, "v", &t, &err), -EPERM);
	CHECK_INT(db->ops->find(db, "nix", &t, &err), -ENOENT);
	schema_release(&schema);
	strbuf_release(&sql);
	strbuf_release(&err);
	close_all(db);
}

static void test_columns_with_values(void)
{
	struct strbuf err = STRBUF_INIT;
	struct db *db = open_new();
	struct db_table t;
	query(db, "CREATE TABLE t (a, b NOT NULL DEFAULT 5, c AS (a + 1), d AS (a) STORED, e NOT NULL)", "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	CHECK_INT(t.count, 5);
	CHECK(!t.columns[0].given && !t.columns[0].generated && !t.columns[0].required);
	CHECK(t.columns[1].given && t.columns[1].required);
	CHECK(t.columns[2].generated && t.columns[3].generated);
	CHECK(t.columns[4].required);
	db_table_release(&t);
	strbuf_release(&err);
	close_all(db);
}

static void test_tag(void)
{
	struct strbuf err = STRBUF_INIT;
	struct db *db = open_new();
	struct db_table t, again;
	query(db, "CREATE TABLE t (a)", "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	CHECK_INT(db->ops->find(db, "t", &again, &err), 0);
	CHECK_INT(db->ops->tag(db, &t, &err), 0);
	CHECK(t.object != NULL);
	CHECK_INT(db->ops->tag(db, &t, &err), 0);
	CHECK_INT(db->ops->tag(db, &again, &err), 0); /* another writer sees the same */
	CHECK_STR(again.object, t.object);
	query(db, "INSERT INTO t VALUES (1)", "");
	query(db, "VACUUM", "");
	CHECK_INT(db->ops->tag(db, &t, &err), 0);
	query(db, "DROP TABLE t", "");
	query(db, "CREATE TABLE t (a)", "");
	CHECK_INT(db->ops->tag(db, &t, &err), -ESTALE);
	CHECK(strstr(err.s, "made again") != NULL);
	db_table_release(&t);
	db_table_release(&again);
	strbuf_release(&err);
	close_all(db);
}

static int leave_out(void *arg, uint64_t nr, const char *why)
{
	strbuf_addf(arg, "%d: %s;", (int)nr, why);
	return 0;
}

/* Put the rows of one number and one text each into the table of PLAN. */
static int put(struct db *db, const struct db_plan *plan, struct db_batch *batch, struct strbuf *err)
{
	int r = db->ops->begin(db, err);
	CHECK_INT(r, 0);
	r = db->ops->put(db, plan, batch, err);
	if (r == 0)
		CHECK_INT(db->ops->commit(db, err), 0);
	else
		db->ops->rollback(db);
	return r;
}

static void add_row(struct strbuf *out, int op, int64_t n, const char *text)
{
	char c = (char)op;
	db_cell_row(out, op ? 3 : 2);
	if (op)
		db_cell_bytes(out, &c, 1);
	db_cell_int(out, n, 64);
	if (text)
		db_cell_bytes(out, text, strlen(text));
	else
		db_cell_null(out);
}

static void test_put(void)
{
	static const size_t columns[] = {0, 1}, key[] = {0};
	struct strbuf rows = STRBUF_INIT, err = STRBUF_INIT;
	struct db *db = open_new();
	struct db_table t;
	query(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CHECK (b <> 'no'))", "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	struct db_plan plan = {.table = &t, .columns = columns, .count = 2, .key = key};
	add_row(&rows, 0, 1, "x");
	add_row(&rows, 0, 2, NULL);
	add_row(&rows, 0, 1, "y");
	struct db_batch batch = {.s = rows.s, .len = rows.len, .rows = 3};
	CHECK_INT(put(db, &plan, &batch, &err), -EBADMSG);
	CHECK_INT(batch.bad, 2);
	CHECK_STR(err.s, "SQLite: UNIQUE constraint failed: t.a");
	query(db, "SELECT count(*) FROM t", "0");
	strbuf_clear(&err);
	batch.refuse = leave_out;
	batch.arg = &err;
	CHECK_INT(put(db, &plan, &batch, &err), 0);
	CHECK_STR(err.s, "2: SQLite: UNIQUE constraint failed: t.a;");
	query(db, "SELECT * FROM t", "1|x|2|-");
	plan.keys = 1;
	plan.conflict = DB_CONFLICT_IGNORE;
	CHECK_INT(put(db, &plan, &batch, &err), 0);
	query(db, "SELECT * FROM t", "1|x|2|-");
	plan.conflict = DB_CONFLICT_UPDATE;
	CHECK_INT(put(db, &plan, &batch, &err), 0);
	query(db, "SELECT * FROM t", "1|y|2|-");
	batch.len--;
	CHECK_INT(put(db, &plan, &batch, &err), -EIO);
	db_table_release(&t);
	strbuf_release(&rows);
	strbuf_release(&err);
	close_all(db);
}

static void test_delete(void)
{
	static const size_t columns[] = {0, 1}, key[] = {0};
	struct strbuf rows = STRBUF_INIT, err = STRBUF_INIT;
	struct db *db = open_new();
	struct db_table t;
	query(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	const struct db_plan plan = {.table = &t,
		.columns = columns,
		.count = 2,
		.key = key,
		.keys = 1,
		.conflict = DB_CONFLICT_UPDATE,
		.deletes = true};
	CHECK_INT(db->ops->check(db, &plan, &err), 0);
	add_row(&rows, DB_OP_PUT, 1, "x");
	add_row(&rows, DB_OP_PUT, 2, "y");
	add_row(&rows, DB_OP_DELETE, 1, NULL);
	add_row(&rows, DB_OP_DELETE, 2, NULL);
	add_row(&rows, DB_OP_PUT, 2, "z");
	struct db_batch batch = {.s = rows.s, .len = rows.len, .rows = 5};
	CHECK_INT(put(db, &plan, &batch, &err), 0);
	query(db, "SELECT * FROM t", "2|z");
	db_table_release(&t);
	strbuf_release(&rows);
	strbuf_release(&err);
	close_all(db);
}

static void test_check(void)
{
	static const size_t columns[] = {0, 1}, key[] = {1};
	struct strbuf err = STRBUF_INIT;
	struct db *db = open_new();
	struct db_table t;
	query(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)", "");
	CHECK_INT(db->ops->find(db, "t", &t, &err), 0);
	const struct db_plan plan = {
		.table = &t, .columns = columns, .count = 2, .key = key, .keys = 1, .conflict = DB_CONFLICT_UPDATE};
	CHECK_INT(db->ops->check(db, &plan, &err), -EINVAL); /* no unique index of b */
	db_table_release(&t);
	strbuf_release(&err);
	close_all(db);
}

/* The cell of V in a column of the declared type TYPE: its bytes are WANT, or WHY it is refused. */
static void encode(const char *type, struct value v, const char *want, size_t len, const char *refused)
{
	struct db_column c = {0};
	struct strbuf out = STRBUF_INIT;
	const char *why = NULL;
	sqlite_kind(type, &c);
	int r = sqlite_encode(&c, &v, &out, &why);
	if (refused)
		CHECK_STR(why, refused);
	else
		CHECK_MEM(out.s, out.len, want, len);
	CHECK_INT(r < 0 && r != -ENODATA, refused != NULL);
	strbuf_release(&out);
}

static void test_encode(void)
{
	static const char null[] = "\xff\xff\xff\xff";
	const struct value text = {.type = VALUE_STRING, .s = "NaN", .len = 3, .raw = "\"NaN\"", .raw_len = 5};
	const struct value yes = {.type = VALUE_BOOL, .b = true, .s = "true", .len = 4, .raw = "true", .raw_len = 4};
	encode("INT", (struct value){.type = VALUE_INT, .i = 258}, "\0\0\0\10\0\0\0\0\0\0\1\2", 12, NULL);
	encode("INT", (struct value){.type = VALUE_NULL}, null, 4, NULL);
	encode("INT", text, "", 0, "is a string, not a number");
	encode("BOOL", yes, "\0\0\0\10\0\0\0\0\0\0\0\1", 12, NULL);
	encode("REAL", text, "", 0, "is not a number, which SQLite would store as null");
	encode("TEXT", text, "\0\0\0\3NaN", 7, NULL);
	encode("", text, "\0\0\0\4tNaN", 8, NULL);
	encode("", (struct value){.type = VALUE_MISSING}, null, 4, NULL);
	encode("BLOB", (struct value){.type = VALUE_NULL}, null, 4, NULL);
}

static void test_names_as_a_user_writes_them(void)
{
	static const char *const cases[][4] = {
		{"t", "2", "", "t"},
		{"s.t", "2", "s", "t"},
		{"s.t", "1", "", "s.t"},
		{"a.b.c", "2", "a", "b.c"},
		{"\"a.b\".c", "2", "a.b", "c"},
		{"\"a.b\".c", "1", "", "\"a.b\".c"},
		{"\"a.b\"", "1", "", "a.b"},
		{"a.\"b\"\".\"", "2", "a", "b\"."},
		{"a\"b", "2", "", "a\"b"},
		{"\"a", "2", "", "\"a"},
		{"\"a\"b", "1", "", "\"a\"b"},
		{"\"\".t", "2", "", "\"\".t"},
		{".t", "2", "", ".t"},
		{"t.", "2", "", "t."},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct strbuf schema = STRBUF_INIT, table = STRBUF_INIT;
		sql_split_table(cases[i][0], (unsigned)(cases[i][1][0] - '0'), &schema, &table);
		CHECK_STR(schema.s, cases[i][2]);
		CHECK_STR(table.s, cases[i][3]);
		strbuf_release(&schema);
		strbuf_release(&table);
	}
}

int main(void)
{
	TEST(test_urls);
	TEST(test_kinds);
	TEST(test_create_and_find);
	TEST(test_columns_with_values);
	TEST(test_tag);
	TEST(test_put);
	TEST(test_delete);
	TEST(test_check);
	TEST(test_encode);
	TEST(test_names_as_a_user_writes_them);
	return check_done();
}
