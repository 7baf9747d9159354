/* Unit tests of common/lake/log_delta: a log to which others write as well. */
#include <errno.h>

#include "common/base/clock.h"
#include "tests/unit/delta_log.h"

#define WRITE "{\"commitInfo\":{\"operation\":\"WRITE\"}}\n"

/* A new table, and LOG of it at version 0, with the position 10. */
static struct fake *begin(struct log *log, struct strbuf *err)
{
	struct fake *f = open_fake(++tables);
	CHECK_INT(log_open(log, &f->base, &delta_table, err), 0);
	CHECK_INT(delta_commit(log, -1, 10, true, err), 0);
	CHECK_INT(log->version, 0);
	return f;
}

/* Open the log again, and check R and the text WHY. */
static void check_open(struct fake *f, struct log *log, int r, const char *why)
{
	struct strbuf err = STRBUF_INIT, expected = STRBUF_INIT;
	log_release(log);
	CHECK_INT(log_open(log, &f->base, &delta_table, &err), r);
	const char *url = strstr(why, "%s");
	strbuf_addf(&expected, "%.*s%s%s", (int)(url ? url - why : 0), why, url ? f->base.url : "", url ? url + 2 : "");
	CHECK_STR(err.len ? err.s : "", expected.s);
	strbuf_release(&err);
	strbuf_release(&expected);
}

static void end(struct fake *f, struct log *log, struct strbuf *err)
{
	log_release(log);
	store_close(&f->base);
	strbuf_release(err);
}

static void test_a_table_is_created(void)
{
	struct strbuf err = STRBUF_INIT, text = STRBUF_INIT, path = STRBUF_INIT;
	struct log log;
	struct fake *f = open_fake(++tables);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK_INT(delta_commit(&log, -1, 10, false, &err), -EINVAL);
	CHECK(strstr(err.s, "cannot be created without a schema"));
	CHECK_INT(delta_commit(&log, -1, 10, true, &err), 0);
	CHECK_STR(state_table(log.state), TABLE_ID);
	log_entry_name(&log, 0, &path);
	CHECK_INT(store_get(&f->base, path.s, 1 << 20, &text, &err), 0);
	CHECK(strstr(text.s, PROTOCOL METADATA "{\"txn\":{\"appId\":\"weir/g/t/0\",\"version\":10,"));
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	check_open(f, &log, 0, "");
	CHECK_INT(log.version, 1);
	CHECK_INT(log.delta.version, 0);
	CHECK(log.delta.saved);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	end(f, &log, &err);
	strbuf_release(&text);
	strbuf_release(&path);
}

/* Ids are transactions, too, because entries may be removed. */
static void test_ids_are_transactions(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	struct commit commit = {.id = "file 1"};
	CHECK_INT(log_commit(&log, &commit, &err), 0);
	CHECK_STR(json_string_value(json_object_get(json_array_get(log.head.txns, 0), "appId")), "weir-id/file 1");
	CHECK_INT(log_commit(&log, &commit, &err), -EALREADY);
	end(f, &log, &err);
}

static void test_foreign_entries_are_stepped_over(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 1, WRITE "{\"add\":{\"path\":\"x\"}}\n");
	foreign(f, 2, "{\"remove\":{\"path\":\"x\"}}\n{\"txn\":{\"appId\":\"spark\",\"version\":7}}\n");
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0); /* loses versions 1 and 2 */
	CHECK_INT(log.version, 3);
	CHECK_INT(f->puts > 3, 1);
	foreign(f, 4, WRITE);
	check_open(f, &log, 0, "");
	CHECK_INT(log.version, 4);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	CHECK_INT(delta_commit(&log, 10, 30, false, &err), -ESTALE);
	CHECK_INT(delta_commit(&log, 20, 30, false, &err), 0);
	CHECK_INT(log.version, 5);
	end(f, &log, &err);
}

/* A table that others have created. */
static void test_foreign_tables(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = open_fake(++tables);
	struct strbuf nothing = STRBUF_INIT;
	CHECK_INT(store_put_if_absent(&f->base, LOG_DELTA "/x", &nothing, &err), 0); /* makes the directory */
	foreign(f, 0, PROTOCOL METADATA WRITE);
	foreign(f, 1, "{\"commitInfo\":{\"operation\":\"RESTORE\"}}\n"); /* before we had committed anything there */
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK_INT(log.version, 1);
	CHECK(!log.state);
	CHECK_INT(log.delta.version, 0);
	CHECK_INT(delta_commit(&log, -1, 10, false, &err), 0);
	CHECK_STR(state_table(log.state), TABLE_ID);
	check_open(f, &log, 0, "");
	CHECK_INT(state_position(log.state, "g", "t", 0), 10);
	CHECK(log.delta.meta && log.delta.protocol);
	end(f, &log, &err);
}

/* TEXT by a foreign writer makes our positions void, for the reason WHY, until they are set again. */
static void check_misfit(const char *text, const char *why)
{
	struct strbuf err = STRBUF_INIT, expected = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 1, text);
	foreign(f, 2, WRITE);
	strbuf_addf(&expected,
		"the contents of '%%s' do not match our positions: version 1 %s; say where to go on (weir lake-check "
		"--set-position)",
		why);
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), -EINVAL); /* during a race */
	check_open(f, &log, -EINVAL, expected.s);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0); /* as lake-check does */
	struct position p = {.group = "g", .topic = "t", .was = 10, .next = 5};
	struct commit move = {.positions = &p, .npositions = 1, .moved = true};
	CHECK_INT(log_commit(&log, &move, &err), 0);
	check_open(f, &log, 0, "");
	CHECK_INT(delta_commit(&log, 5, 20, false, &err), 0);
	end(f, &log, &err);
	strbuf_release(&expected);
}

static void test_positions_that_do_not_fit(void)
{
	check_misfit("{\"commitInfo\":{\"operation\":\"RESTORE\"}}\n", "is a RESTORE");
	check_misfit("{\"commitInfo\":{\"operation\":\"REPLACE TABLE AS SELECT\"}}\n", "is a REPLACE TABLE AS SELECT");
	check_misfit("{\"metaData\":{\"id\":\"other\",\"format\":{\"provider\":\"parquet\"}}}\n",
		"makes another table of it, with the id 'other'");
	check_misfit("{\"txn\":{\"appId\":\"weir/g/t/0\",\"version\":99}}\n",
		"has a transaction of ours, 'weir/g/t/0', which we have not written");
}

static void test_tables_that_ask_for_more(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 1,
		"{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"columnMapping\"],"
		"\"writerFeatures\":[\"columnMapping\"]}}\n");
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), -EINVAL);
	check_open(f, &log, -EINVAL, "we cannot append to '%s': the table needs 'columnMapping' of its writers");
	CHECK_INT(log.version, 1);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0); /* lake-check does not write to it, either */
	struct position p = {.group = "g", .topic = "t", .was = 10, .next = 5};
	struct commit move = {.positions = &p, .npositions = 1, .moved = true};
	CHECK_INT(log_commit(&log, &move, &err), -EINVAL);
	end(f, &log, &err);
}

/* The files that were written have the old schema, so they are not committed. */
static void test_the_schema_changes_meanwhile(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	struct strbuf row = STRBUF_INIT;
	char name[] = "part-x.parquet", *none[] = {NULL};
	struct lake_file file = {.path = name, .values = none, .size = 1, .records = 1};
	struct lake_file *files[] = {&file};
	struct commit commit = {.files = files, .nfiles = 1, .meta_version = 0};
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	CHECK(strstr(err.s, "part-x.parquet' is gone or was changed"));
	strbuf_addstr(&row, "x");
	CHECK_INT(store_put(&f->base, file.path, &row, &err), 0);
	strbuf_clear(&err);
	foreign(f, 1, METADATA);
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	CHECK(strstr(err.s, "has changed protocol or schema of"));
	commit.meta_version = -1;
	strbuf_clear(&err);
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	CHECK(strstr(err.s, "has created"));
	commit.meta_version = 1;
	files[0]->began_ms = clock_boot_ms();
	CHECK_INT(log_commit(&log, &commit, &err), 0);
	CHECK(!strstr(err.s, "tags"));
	/* others may have removed it by now, whatever the kind of store */
	files[0]->began_ms -= INT64_C(24) * 3600 * 1000;
	strbuf_clear(&err);
	CHECK_INT(log_commit(&log, &commit, &err), -EAGAIN);
	CHECK(strstr(err.s, "more than 12 hours ago"));
	check_open(f, &log, 0, "");
	CHECK_INT(log.delta.version, 1);
	CHECK(log.delta.saved);
	end(f, &log, &err);
	strbuf_release(&row);
}

/* Others remove old entries. */
static void test_old_entries_are_gone(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log, slow;
	struct fake *f = begin(&log, &err);
	CHECK_INT(log_open(&slow, &f->base, &delta_table, &err), 0);
	foreign(f, 1, WRITE);
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	foreign(f, 3, WRITE);
	clean_entry(f, 0);
	clean_entry(f, 1);
	check_open(f, &log, 0, "");
	CHECK_INT(log.version, 3);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	CHECK(log.delta.meta);
	CHECK_INT(delta_commit(&slow, 10, 15, false, &err), -ESTALE); /* version 1 is free, but not the next one */
	CHECK_INT(slow.version, 3);
	clean_entry(f, 2); /* the last one of ours */
	check_open(f, &log, -EINVAL,
		"the entries of '%s' before version 3 were cleaned away, no later one is by us, and there is no "
		"checkpoint: where we are cannot be known without them");
	log_release(&slow);
	end(f, &log, &err);
}

static void test_what_is_damaged(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	CHECK_INT(delta_commit(&log, 20, 30, false, &err), 0);
	foreign(f, 1, WRITE); /* a writer that does not make sure that a version is free */
	check_open(f, &log, -EBADMSG,
		"version 2 of the log of '%s' does not follow those before it: it is a copy, or entries were "
		"overwritten");
	log_release(&log);
	store_close(&f->base);
	strbuf_clear(&err);
	f = begin(&log, &err);
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	CHECK_INT(delta_commit(&log, 20, 30, false, &err), 0);
	foreign(f, 0, PROTOCOL METADATA WRITE);
	check_open(f, &log, -EBADMSG,
		"version 1 of the log of '%s' says that it follows version 0, but does not: it is a copy, or entries "
		"were "
		"overwritten");
	log_release(&log);
	store_close(&f->base);
	strbuf_clear(&err);
	f = begin(&log, &err);
	foreign(f, 2, WRITE);
	clean_entry(f, 0);
	foreign(f, 0, WRITE);
	check_open(f, &log, -EBADMSG, "the log '_delta_log' of '%s' has gaps: 2 entries from version 0 to 2");
	end(f, &log, &err);
}

/* A directory can hold only a table of one kind. */
static void test_kinds(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), -EINVAL);
	CHECK(strstr(err.s, "is a Delta table: --table delta writes to it"));
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	CHECK_INT(log.kind, TABLE_DELTA);
	end(f, &log, &err);
	f = open_fake(++tables);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	struct commit nothing = {0};
	CHECK_INT(log_commit(&log, &nothing, &err), 0);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), -EINVAL);
	CHECK(strstr(err.s, "is a raw table: --table raw writes to it"));
	end(f, &log, &err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_a_table_is_created);
	TEST(test_ids_are_transactions);
	TEST(test_foreign_entries_are_stepped_over);
	TEST(test_foreign_tables);
	TEST(test_positions_that_do_not_fit);
	TEST(test_tables_that_ask_for_more);
	TEST(test_the_schema_changes_meanwhile);
	TEST(test_old_entries_are_gone);
	TEST(test_what_is_damaged);
	TEST(test_kinds);
	return tables_end() ? check_done() : 1;
}
