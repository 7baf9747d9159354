/*
 * Unit tests of common/lake/retire: which old entries are emptied, and what happens to a process that finds an empty
 * one.
 */
#include <errno.h>

#include "common/lake/undo.h"
#include "tests/unit/findings.h"
#include "tests/unit/rows.h"

static void test_old_entries_go(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	put_rows(f, 1, 40); /* versions 0 to 39 */
	open_hasty(&log, f);
	CHECK_INT(log.version, 39);
	int64_t floor = state_floor(log.state);
	CHECK(floor > 20 && floor < 36);
	int64_t version = 0;
	while (entry_size(f, version) == 0)
		version++;
	CHECK(version > 20 && version <= floor);
	for (; version < 40; version++)
		CHECK(entry_size(f, version) > 0);
	CHECK(beside(f, "files-") <= 4);
	CHECK_INT(rows(&log), 40);
	CHECK_INT(state_position(log.state, "g", "t", 0), 40);
	check_audit(&f->base, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/*
 * A writer has read version 3 and is stopped.  Meanwhile version 4 and later ones are committed and emptied.  The
 * writer must neither commit version 4 nor go on from its old head.
 */
static void test_a_slow_writer_can_not_commit_below_the_head(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log slow, log;
	struct position zombie = {.group = "g", .topic = "t", .was = 4, .next = 5};
	struct position other = {.group = "g", .topic = "t", .partition = 1, .was = -1, .next = 7};
	put_rows(a, 1, 4);
	open_hasty(&slow, b);
	CHECK_INT(slow.version, 3);
	put_rows(a, 5, 40);
	CHECK_INT(entry_size(a, 4), 0);
	CHECK_INT(commit_positions(&slow, &zombie, 1, NULL, &err), -ESTALE);
	CHECK(strstr(err.s, "the lake is at offset 40"));
	CHECK_INT(slow.version, 39);
	log_release(&slow);
	for (int64_t version = 0; version < 40; version++) { /* whatever its version */
		struct strbuf name = STRBUF_INIT, text = STRBUF_INIT;
		slow = (struct log){.dir = LOG_RAW};
		log_entry_name(&slow, version, &name);
		strbuf_addstr(&text, "{}\n");
		CHECK_INT(store_put_if_absent(&b->base, name.s, &text, &err), -EEXIST);
		strbuf_release(&name);
		strbuf_release(&text);
	}
	open_hasty(&slow, b);
	put_rows(a, 41, 80);
	CHECK_INT(commit_positions(&slow, &other, 1, NULL, &err), 0); /* a partition that no other writer has */
	CHECK_INT(slow.version, 80);
	open_hasty(&log, a);
	CHECK_INT(log.version, 80);
	CHECK_INT(state_position(log.state, "g", "t", 1), 7);
	CHECK_INT(rows(&log), 80);
	check_audit(&a->base, "");
	log_release(&log);
	log_release(&slow);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

/* A reader of the log may be at any version, have any hint, and be as slow as it likes. */
static void test_readers(void)
{
	struct strbuf err = STRBUF_INIT, hint = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log, slow;
	put_rows(f, 1, 10);
	CHECK_INT(log_open(&slow, &f->base, NULL, &err), 0);
	put_rows(f, 11, 50);
	CHECK_INT(rows(&slow), 50); /* the inventory of that time is gone, and so are the entries after it */
	CHECK_INT(slow.version, 49);
	log_release(&slow);
	for (int version = 0; version < 50; version++) {
		strbuf_clear(&hint);
		strbuf_addf(&hint, "{\"version\":%d,\"published\":true}\n", version);
		CHECK_INT(store_put(&f->base, LOG_RAW "/_last", &hint, &err), 0);
		CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
		CHECK_INT(log.version, 49);
		CHECK_INT(rows(&log), 50);
		log_release(&log);
	}
	CHECK_INT(store_remove(&f->base, LOG_RAW "/_last", &err), 0);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	CHECK_INT(log.version, 49);
	CHECK_STR(err.s, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
	strbuf_release(&hint);
}

/* A writer was killed while it emptied entries: the next one continues. */
static void test_emptying_is_taken_up_again(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	for (int64_t i = 1; i <= 14; i++) { /* nothing is old enough yet */
		open_hasty(&log, f);
		log.keep_ms = INT64_MAX / 2;
		CHECK_INT(put_row(&log, i), 0);
		log_release(&log);
	}
	CHECK(entry_size(f, 0) > 0);
	CHECK_INT(store_put(&f->base, LOG_RAW "/00000000000000000000.json", &nothing, &err), 0);
	put_rows(f, 15, 40);
	for (int64_t version = 0; version < 20; version++)
		CHECK_INT(entry_size(f, version), 0);
	check_audit(&f->base, "");
	store_close(&f->base);
	strbuf_release(&err);
}

/* Undo the head of a table of N rows, which is damaged, and GONE entries before it, whose files are gone. */
static void check_undo(int64_t n, int64_t gone)
{
	struct strbuf err = STRBUF_INIT;
	struct undo undo;
	struct fake *f = open_fake(++tables);
	struct log log;
	char path[4200];
	without_files = gone;
	put_rows(f, 1, n);
	without_files = false;
	snprintf(path, sizeof path, "%s/%s/%020d.json", f->base.url, LOG_RAW, (int)n - 1);
	FILE *file = fopen(path, "w");
	CHECK(file && fputs("{", file) >= 0 && fclose(file) == 0);
	CHECK_INT(undo_head(&f->base, NULL, &undo, &err), 0);
	CHECK_STR(err.s, "");
	CHECK_INT(undo.first, n - 1 - gone);
	undo_release(&undo);
	open_hasty(&log, f);
	CHECK_INT(log.version, n);
	CHECK_INT(state_position(log.state, "g", "t", 0), n - 1 - gone);
	CHECK_INT(rows(&log), n - 1 - gone);
	log_release(&log);
	check_audit(&f->base, "");
	put_rows(f, n - gone, n + 20);
	open_hasty(&log, f);
	CHECK_INT(rows(&log), n + 20);
	log_release(&log);
	check_audit(&f->base, "");
	store_close(&f->base);
	strbuf_release(&err);
}

/* The head, which may have moved the floor, is undone: everything that the state before needs still exists. */
static void test_undo_goes_back_to_what_is_there(void)
{
	for (int64_t n = 20; n < 34; n++) {
		check_undo(n, 0);
		check_undo(n, 1);
	}
}

/* An entry that is empty although it is needed still counts as damaged. */
static void test_empty_entries_that_are_needed(void)
{
	struct strbuf err = STRBUF_INIT, nothing = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	put_rows(f, 1, 30);
	CHECK_INT(store_put(&f->base, LOG_RAW "/00000000000000000029.json", &nothing, &err), 0);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), -EBADMSG);
	CHECK(strstr(err.s, "it is empty"));
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_old_entries_go);
	TEST(test_a_slow_writer_can_not_commit_below_the_head);
	TEST(test_readers);
	TEST(test_emptying_is_taken_up_again);
	TEST(test_undo_goes_back_to_what_is_there);
	TEST(test_empty_entries_that_are_needed);
	return tables_end() ? check_done() : 1;
}
