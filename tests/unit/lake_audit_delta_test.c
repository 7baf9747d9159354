/* Unit tests of common/lake/audit_delta*: logs of Delta tables; damaged files: tests/cli/lake-check-delta.bats. */
#include "common/lake/audit_delta.h"

#include <errno.h>

#include "tests/unit/delta_checkpoints.h"
#include "tests/unit/findings.h"

#define MISFIT "the contents of the table do not match its positions: "

/* Audit the log of F: returns the number of findings; `found` has them, one per line. */
static uint64_t audit_delta(struct fake *f)
{
	struct audit audit;
	struct strbuf err = STRBUF_INIT;
	uint64_t count = 0;
	strbuf_clear(&found);
	audit_init(&audit, find, fail, &count);
	CHECK_INT(audit_delta_log(&audit, &f->base, &err), 0);
	audit_release(&audit);
	strbuf_release(&err);
	return count;
}

static void check_log(struct fake *f, const char *expected)
{
	audit_delta(f);
	CHECK_STR(found.len ? found.s : "", expected);
}

static void test_no_log(void)
{
	struct fake *f = open_fake(++tables);
	struct audit audit;
	struct strbuf err = STRBUF_INIT;
	audit_init(&audit, find, fail, NULL);
	CHECK_INT(audit_delta_log(&audit, &f->base, &err), -ENOENT);
	CHECK(strstr(err.s, "is not a table: it has no log"));
	audit_release(&audit);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_others(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a") ADD("b") ADD("s3://x/y") ADD("/z") METADATA);
	foreign(f, 3, WRITE REMOVE("a", LATER) ADD("b"));
	check_log(f, "");
	foreign(f, 4, "{\"add\":{\"path\":\"../c\",\"size\":1}}\n");
	check_log(f, "'_delta_log/00000000000000000004.json': the log names a file which is not a place in a table: "
		     "'../c'\n");
	foreign(f, 4, "{\n");
	check_log(f, "the log entry '_delta_log/00000000000000000004.json' is damaged (line 1: string or '}' expected "
		     "near end of "
		     "file)\n");
	foreign(f, 6, WRITE);
	foreign(f, 4, WRITE);
	check_log(f, "the log has no version 5\n");
	end(f, &log);
	strbuf_release(&err);
}

static void test_where_entries_are_gone(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a") ADD("b"));
	check_make(&log, 0, "", "");
	foreign(f, 3, WRITE REMOVE("a", LATER));
	CHECK_INT(delta_commit(&log, 10, 20, false, &err), 0);
	check_log(f, "");
	for (int64_t version = 0; version < 3; version++) {
		clean_entry(f, version);
		check_log(f, "");
	}
	put_file(f, "00000000000000000002.checkpoint.parquet", NULL);
	check_log(f, "the entries before version 3 were cleaned away, and no checkpoint that weir can read has their "
		     "contents\n");
	struct strbuf none = STRBUF_INIT;
	put_file(f, "00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet", &none);
	check_log(f, "the entries before version 3 were cleaned away, and no checkpoint that weir can read has their "
		     "contents ('00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.parquet' is a V2 "
		     "checkpoint)\n");
	end(f, &log);
	strbuf_release(&err);
}

static void test_checkpoints(void)
{
	struct strbuf err = STRBUF_INIT, data = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, WRITE ADD("a"));
	check_make(&log, 0, "", "");
	foreign(f, 3, WRITE ADD("b"));
	get_file(f, "00000000000000000002.checkpoint.parquet", &data);
	put_file(f, "00000000000000000003.checkpoint.parquet", &data); /* that is of another version */
	check_log(f, "the checkpoint of version 3 has 1 files, 0 of them unknown to the log; the log has 2\n");
	damage(f, "00000000000000000003.checkpoint.parquet");
	CHECK_INT(audit_delta(f), 1);
	CHECK(strstr(found.s, "00000000000000000003.checkpoint.parquet' is damaged: "));
	end(f, &log);
	strbuf_release(&err);
	strbuf_release(&data);
}

static void test_positions_that_do_not_fit(void)
{
	struct strbuf err = STRBUF_INIT;
	struct log log;
	struct fake *f = begin(&log, &err);
	foreign(f, 2, "{\"commitInfo\":{\"operation\":\"RESTORE\"}}\n");
	check_log(f, MISFIT "version 2 is a RESTORE; say where to go on (--set-position)\n");
	CHECK_INT(log_refresh(&log, &err), -EINVAL);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0); /* as lake-check does */
	struct position p = {.group = "g", .topic = "t", .was = 10, .next = 5};
	struct commit commit = {.positions = &p, .npositions = 1, .moved = true};
	CHECK_INT(log_commit(&log, &commit, &err), 0);
	check_log(f, "");
	foreign(f, 4, "{\"txn\":{\"appId\":\"weir/g/t/0\",\"version\":99}}\n");
	check_log(f,
		MISFIT "version 4 has a transaction of ours, 'weir/g/t/0', which we have not written; say where to go "
		       "on (--set-position)\n");
	end(f, &log);
	strbuf_release(&err);
}

/* Whether a file called NAME, MS old in ms, is taken for one that a writer of ours has left an hour ago. */
static bool left(const char *name, int64_t ms, const char *lock)
{
	struct audit audit;
	char path[256], held[256];
	snprintf(path, sizeof path, "%s", name);
	snprintf(held, sizeof held, ".writers/host-%s", lock);
	struct found items[] = {{held, FOUND_LOCK, OWNER_ALIVE, 0}, {path, FOUND_FILE, OWNER_NONE, 10000 - ms}};
	const struct survey survey = {.items = items, .count = 2, .cap = 2};
	audit_init(&audit, find, fail, NULL);
	json_object_set_new(audit.removed, "part-" TABLE_ID "-00009.zstd.parquet", json_true());
	bool is = audit_delta_is_left(&audit, &survey, &items[1], 10000 - 3600);
	audit.delta.partial = true;
	CHECK(!audit_delta_is_left(&audit, &survey, &items[1], 10000 - 3600));
	audit_release(&audit);
	return is;
}

static void test_names(void)
{
	static const char other[] = "80a083e8-7026-4e79-81be-64bd76c43a11";
	static const char *const not_ours[] = {"part-" TABLE_ID ".parquet", "part-" TABLE_ID "-0.snappy.parquet",
		"part-00000-" TABLE_ID "-c000.zstd.parquet", "part-" TABLE_ID "-00000.txt.zst", "notes", "part-",
		"part-" TABLE_ID "-00000", "x/" TABLE_ID "-00000.parquet", ".part-" TABLE_ID "-00000.new",
		"part-" TABLE_ID "-00009.zstd.parquet"};
	CHECK(left("part-" TABLE_ID "-00000.zstd.parquet", 3601, other));
	CHECK(left("d=1/part-" TABLE_ID "-123456.parquet", 3601, other));
	CHECK(!left("part-" TABLE_ID "-00000.zstd.parquet", 3600, other));
	CHECK(!left("part-" TABLE_ID "-00000.zstd.parquet", 3601, TABLE_ID)); /* its writer runs */
	for (size_t i = 0; i < sizeof not_ours / sizeof *not_ours; i++)
		CHECK(!left(not_ours[i], 3601, other));
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_no_log);
	TEST(test_others);
	TEST(test_where_entries_are_gone);
	TEST(test_checkpoints);
	TEST(test_positions_that_do_not_fit);
	TEST(test_names);
	strbuf_release(&found);
	return tables_end() ? check_done() : 1;
}
