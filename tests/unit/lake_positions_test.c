/* Unit tests of common/lake/positions: a table with many partitions, few of which move. */
#include <errno.h>

#include "common/lake/undo.h"
#include "tests/unit/findings.h"
#include "tests/unit/rows.h"

#define PARTS 300

static int64_t offsets[PARTS]; /* the position of each partition */

static int64_t head_size(struct log *log)
{
	struct strbuf name = STRBUF_INIT, err = STRBUF_INIT;
	uint64_t size = 0;
	log_entry_name(log, log->version, &name);
	CHECK_INT(store_size(log->store, name.s, &size, &err), 0);
	strbuf_release(&name);
	strbuf_release(&err);
	return (int64_t)size;
}

/* Move the partitions FROM to TO - 1 of group GROUP on by STEP. */
static int move(struct log *log, const char *group, int from, int to, int64_t step)
{
	struct strbuf err = STRBUF_INIT;
	struct position p[PARTS] = {0};
	for (int i = from; i < to; i++)
		p[i - from] = (struct position){.group = group,
			.topic = "t",
			.partition = i,
			.was = offsets[i] ? offsets[i] : -1,
			.next = offsets[i] + step,
			.cut = {.known = true, .run = 5, .batch = (uint64_t)(offsets[i] + step)},
			.has_last = true,
			.last_offset = offsets[i]};
	struct commit commit = {.positions = p, .npositions = (size_t)(to - from)};
	int r = log_commit(log, &commit, &err);
	for (int i = from; r == 0 && i < to; i++)
		offsets[i] += step;
	strbuf_release(&err);
	return r;
}

/* After opening the table, each partition of GROUP has its position. */
static void check_offsets(struct fake *f, const char *group)
{
	struct log log;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(log_open(&log, &f->base, NULL, &err), 0);
	CHECK_STR(err.s, "");
	for (int i = 0; i < PARTS; i++) {
		json_t *last = state_last(log.state, group, "t", i);
		CHECK_INT(state_position(log.state, group, "t", i), offsets[i] ? offsets[i] : -1);
		CHECK(!offsets[i] || json_is_string(json_object_get(last, "crc")));
		CHECK_INT(state_cut(log.state, group, "t", i).batch, offsets[i]);
	}
	log_release(&log);
	strbuf_release(&err);
}

static struct fake *begin(struct log *log)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	memset(offsets, 0, sizeof offsets);
	CHECK_INT(log_open(log, &f->base, &lines, &err), 0);
	log->inventory_every = 8;
	log->keep_ms = 0;
	strbuf_release(&err);
	return f;
}

static void test_few_partitions(void)
{
	struct log log;
	struct fake *f = begin(&log);
	CHECK_INT(move(&log, "g", 0, 64, 10), 0);
	for (int i = 0; i < 64; i++)
		CHECK_INT(move(&log, "g", i, i + 1, 1), 0);
	CHECK_INT(beside(f, "positions-"), 0);
	check_offsets(f, "g");
	check_audit(&f->base, "");
	log_release(&log);
	store_close(&f->base);
}

static void test_many_partitions(void)
{
	struct log log;
	struct fake *f = begin(&log);
	CHECK_INT(move(&log, "g", 0, 200, 10), 0); /* all of them move, so the entry lists them anyway */
	CHECK_INT(beside(f, "positions-"), 0);
	int64_t all = head_size(&log), sum = 0;
	for (int i = 0; i < 400; i++) {
		CHECK_INT(move(&log, "g", i % 200, i % 200 + 1, 1), 0);
		struct strbuf err = STRBUF_INIT;
		CHECK_INT(log_publish(&log, &err), 0);
		strbuf_release(&err);
		sum += head_size(&log);
		if (i % 67 == 0)
			check_offsets(f, "g");
	}
	CHECK(sum / 400 < all / 4);
	CHECK(beside(f, "positions-") <= 4);          /* files that only emptied entries have named are gone */
	CHECK_INT(move(&log, "g", 200, PARTS, 5), 0); /* new ones */
	check_offsets(f, "g");
	CHECK_INT(move(&log, "g", 0, PARTS, 5), 0);
	CHECK(head_size(&log) > all);
	CHECK_INT(move(&log, "g", 0, 1, 5), 0);
	CHECK(head_size(&log) < all / 10);
	check_offsets(f, "g");
	check_audit(&f->base, "");
	log_release(&log);
	store_close(&f->base);
}

/* A group that was renamed no longer exists under its old name, whatever the file says. */
static void test_a_group_is_renamed(void)
{
	struct log log;
	struct strbuf err = STRBUF_INIT;
	struct fake *f = begin(&log);
	CHECK_INT(move(&log, "g", 0, 200, 10), 0);
	CHECK_INT(move(&log, "g", 7, 8, 1), 0);
	CHECK_INT(beside(f, "positions-"), 1);
	struct commit rename = {.old_group = "g", .new_group = "h"};
	CHECK_INT(log_commit(&log, &rename, &err), 0);
	CHECK(!state_knows_group(log.state, "g"));
	check_offsets(f, "h");
	CHECK_INT(move(&log, "g", 3, 4, 1), -EINVAL);
	CHECK_INT(move(&log, "h", 3, 4, 1), 0);
	check_offsets(f, "h");
	check_audit(&f->base, "");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/*
 * Two writers, each with partitions of its own, make files in turn; the one that loses a version writes another file.
 */
static void test_two_writers(void)
{
	struct log a, b;
	struct strbuf err = STRBUF_INIT;
	struct fake *f = begin(&a), *g = open_fake(tables);
	CHECK_INT(move(&a, "g", 0, 200, 10), 0);
	CHECK_INT(log_open(&b, &g->base, &lines, &err), 0);
	for (int i = 0; i < 150; i++) {
		CHECK_INT(move(&a, "g", i % 100, i % 100 + 1, 1), 0);
		CHECK_INT(move(&b, "g", 100 + i % 100, 101 + i % 100, 1), 0);
	}
	check_offsets(f, "g");
	offsets[5]--; /* a position that is in the file only is compared, too */
	CHECK_INT(move(&b, "g", 5, 6, 1), -ESTALE);
	offsets[5]++;
	check_audit(&f->base, "");
	log_release(&a);
	log_release(&b);
	store_close(&f->base);
	store_close(&g->base);
	strbuf_release(&err);
}

/* The head is damaged, and undone: the positions are those of the entry before. */
static void test_undo(void)
{
	for (int n = 1; n < 80; n += 13) {
		struct log log;
		struct undo undo;
		struct strbuf err = STRBUF_INIT, cut = STRBUF_INIT, name = STRBUF_INIT;
		struct fake *f = begin(&log);
		CHECK_INT(move(&log, "g", 0, 200, 10), 0);
		for (int i = 0; i < n; i++)
			CHECK_INT(move(&log, "g", i, i + 1, 1), 0);
		CHECK_INT(move(&log, "g", 90, 91, 1), 0);
		offsets[90]--;
		log_entry_name(&log, log.version, &name);
		strbuf_addstr(&cut, "{");
		CHECK_INT(store_put(&f->base, name.s, &cut, &err), 0);
		CHECK_INT(undo_head(&f->base, NULL, &undo, &err), 0);
		CHECK_STR(err.s, "");
		undo_release(&undo);
		check_offsets(f, "g");
		check_audit(&f->base, "");
		log_release(&log);
		CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
		CHECK_INT(move(&log, "g", 90, 91, 1), 0);
		check_offsets(f, "g");
		check_audit(&f->base, "");
		log_release(&log);
		store_close(&f->base);
		strbuf_release(&err);
		strbuf_release(&cut);
		strbuf_release(&name);
	}
}

/* Without the file the positions of the table are not known: every program ends with 65, and there is one finding. */
static void test_a_file_that_was_changed(void)
{
	struct log log;
	struct strbuf err = STRBUF_INIT, path = STRBUF_INIT, text = STRBUF_INIT;
	struct fake *f = begin(&log);
	CHECK_INT(move(&log, "g", 0, 200, 10), 0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(move(&log, "g", 7, 8, 1), 0);
	const char *name = json_string_value(json_object_get(json_object_get(log.state, "position_file"), "name"));
	strbuf_addf(&path, "%s/%s", LOG_RAW, name);
	CHECK_INT(store_get(&f->base, path.s, 1 << 20, &text, &err), 0);
	char *at = strstr(text.s, "\"next\":10");
	CHECK(at);
	at[7] = '9';
	CHECK_INT(store_put(&f->base, path.s, &text, &err), 0);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, NULL, &err), -EBADMSG);
	CHECK(strstr(err.s, "is not as it was written"));
	log_release(&log);
	CHECK_INT(audit_store(&f->base), 1);
	CHECK(strstr(found.s, "is not as it was written"));
	at[7] = '1';
	CHECK_INT(store_put(&f->base, path.s, &text, &err), 0);
	check_audit(&f->base, "");
	check_offsets(f, "g");
	store_close(&f->base);
	strbuf_release(&err);
	strbuf_release(&path);
	strbuf_release(&text);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_few_partitions);
	TEST(test_many_partitions);
	TEST(test_a_group_is_renamed);
	TEST(test_two_writers);
	TEST(test_undo);
	TEST(test_a_file_that_was_changed);
	strbuf_release(&found);
	return tables_end() ? check_done() : 1;
}
