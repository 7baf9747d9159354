/* Unit tests of common/lake/log_resume: going on from a checkpoint of a Delta table, when entries are gone. */
#include <errno.h>
#include <string.h>

#include "tests/unit/delta_checkpoints.h"

/* Entries up to 3 and a checkpoint of 2; all of our entries are removed, and version 3 is MORE. */
static struct fake *cleaned(struct log *log, const char *more, struct strbuf *err)
{
	struct fake *f = begin(log, err);
	struct strbuf none = STRBUF_INIT;
	foreign(f, 2, WRITE ADD("a"));
	check_make(log, 0, "", "");
	foreign(f, 3, more);
	clean_entry(f, 0);
	clean_entry(f, 1);
	put_file(f, "_last", &none);
	log_release(log);
	strbuf_release(&none);
	return f;
}

static void test_going_on(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = cleaned(&log, WRITE, &err);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_INT(log.version, 3);
	CHECK_INT(state_position(log.state, "g", "t", 0), 10);
	CHECK_STR(state_table(log.state), TABLE_ID);
	CHECK_INT(log_has_id(&log, "file 1", &err), 1);
	CHECK_INT(log_has_id(&log, "file 2", &err), 0);
	CHECK_INT(log.delta.version, 1);
	CHECK_INT(delta_commit(&log, 11, 20, false, &err), -ESTALE);
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK_INT(log.version, 4);
	CHECK(log.delta.saved);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	CHECK_INT(log_has_id(&log, "file 1", &err), 1);
	end(f, &log);
	strbuf_release(&err);
}

/* The head of a running writer is an entry that is gone. */
static void test_going_on_while_it_runs(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log, slow;
	struct fake *f = begin(&log, &err);
	CHECK_INT(log_open(&slow, &f->base, &delta_table, &err), 0);
	foreign(f, 2, WRITE);
	foreign(f, 3, WRITE);
	check_make(&log, 0, "", "");
	for (int64_t version = 0; version < 3; version++)
		clean_entry(f, version);
	CHECK_INT(log_refresh(&slow, &err), 0);
	CHECK_INT(slow.version, 3);
	CHECK_INT(delta_commit(&slow, 10, 20, false, &err), 0);
	CHECK_INT(slow.version, 4);
	log_release(&slow);
	end(f, &log);
	strbuf_release(&err);
}

/* A group that was renamed: a checkpoint has the positions under the new name, and none under the old one. */
static void test_a_group_that_was_renamed(void)
{
	struct strbuf err = STRBUF_INIT, none = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	struct commit rename = {.old_group = "g", .new_group = "h/i"};
	CHECK_INT(log_commit(&log, &rename, &err), 0);
	foreign(f, 3, WRITE);
	check_make(&log, 0, "", "");
	for (int64_t version = 0; version < 3; version++)
		clean_entry(f, version);
	put_file(f, "_last", &none);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_INT(state_position(log.state, "h/i", "t", 0), 10);
	CHECK(!state_knows_group(log.state, "g"));
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&none);
}

static void check_cleaned(const char *more, const char *remove, int r, const char *why)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = cleaned(&log, more, &err);
	if (remove)
		put_file(f, remove, NULL);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), r);
	CHECK(strstr(err.s, why));
	if (!strstr(err.s, why))
		printf("# '%s'\n", err.s);
	end(f, &log);
	strbuf_release(&err);
}

static void test_not_going_on(void)
{
	check_cleaned(
		WRITE, "00000000000000000002.checkpoint.parquet", -EINVAL, "there is no checkpoint: where we are");
	check_cleaned("{\"commitInfo\":{\"operation\":\"RESTORE\"}}\n", NULL, -EINVAL, "version 3 is a RESTORE");
	check_cleaned(
		"{\"txn\":{\"appId\":\"weir/g/t/0\",\"version\":99}}\n", NULL, -EINVAL, "which we have not written");
	struct strbuf err = STRBUF_INIT, none = STRBUF_INIT;
	struct log log;
	struct fake *f = cleaned(&log, WRITE, &err);
	damage(f, "00000000000000000002.checkpoint.parquet");
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), -EBADMSG);
	CHECK(strstr(err.s, "00000000000000000002.checkpoint.parquet' is damaged: "));
	log_release(&log);
	strbuf_clear(&err);
	put_file(f, "00000000000000000002.checkpoint.parquet", NULL);
	put_file(f, "00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", &none);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), -EINVAL);
	CHECK(strstr(err.s, "there is no checkpoint but '00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-"
			    "64bd76c43a11.parquet', a V2 checkpoint, which is not read: "));
	log_release(&log);
	strbuf_clear(&err);
	clean_entry(f, 2);
	clean_entry(f, 3);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), -EBADMSG);
	CHECK(strstr(err.s, "has a checkpoint and no entry"));
	end(f, &log);
	strbuf_release(&err);
}

/* A foreign table whose first entries are gone: there are no positions. */
static void test_a_table_of_others(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT;
	struct log log;
	struct fake *f = open_fake(++tables);
	CHECK_INT(store_put_if_absent(&f->base, LOG_DELTA "/x", &nothing, &err), 0); /* makes the directory */
	foreign(f, 0, PROTOCOL METADATA WRITE);
	foreign(f, 1, WRITE ADD("a"));
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	check_make(&log, 0, "", "");
	log_release(&log);
	clean_entry(f, 0);
	CHECK_INT(log_open(&log, &f->base, &delta_table, &err), 0);
	CHECK(!log.state);
	CHECK_INT(log.version, 1);
	CHECK_INT(delta_commit(&log, -1, 10, false, &err), 0);
	CHECK_STR(state_table(log.state), TABLE_ID);
	end(f, &log);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_going_on);
	TEST(test_going_on_while_it_runs);
	TEST(test_a_group_that_was_renamed);
	TEST(test_not_going_on);
	TEST(test_a_table_of_others);
	return tables_end() ? check_done() : 1;
}
