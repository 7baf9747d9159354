/* common/stream/checkpoint_dir: which states are found again, and which directories are refused. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/checkpoints.h"

static void test_positions(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK(checkpoint_dir_empty(&s));
	CHECK(!checkpoint_dir_takes_delta(&s));
	CHECK_INT(save(&s, CHECKPOINT_FULL, 1, 10, 5, "one"), 0);
	CHECK(checkpoint_dir_takes_delta(&s));
	CHECK_INT(save(&s, CHECKPOINT_DELTA, 2, 20, 5, "+two"), 0);
	CHECK_INT(save(&s, CHECKPOINT_DELTA, 3, 20, 9, "+three"), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 4, 30, 9, "four"), 0);
	checkpoint_dir_release(&s);
	CHECK(load(10, 4) == NULL);
	CHECK(load(10, -1) == NULL);
	CHECK_STR(load(10, 5), "one");
	CHECK_STR(load(20, 5), "one+two");
	CHECK_STR(load(20, 9), "one+two+three");
	CHECK_STR(load(30, 9), "four");
	CHECK(load(-1, -1) == NULL);
	CHECK_INT(notes.len, 0);
	strbuf_release(&notes);
	remove_dir();
}

static void test_prune(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	for (int run = 0; run < 2; run++) {
		CHECK_INT(open_dir(&s, "me", &notes), 0);
		for (uint64_t b = 1; b < 4; b++)
			CHECK_INT(save(&s, CHECKPOINT_FULL, b, run * 100 + (int64_t)b, 0, "x"), 0);
		CHECK_INT(checkpoint_dir_prune(&s, 0), 0); /* nothing is committed yet */
		checkpoint_dir_release(&s);
	}
	CHECK(load(1, 0) != NULL);
	CHECK(load(101, 0) != NULL);
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(checkpoint_dir_prune(&s, 9), 0); /* this run has written no file */
	CHECK_INT(s.count, 6);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 5, 205, 0, "x"), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 6, 206, 0, "x"), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 7, 207, 0, "x"), 0);
	CHECK_INT(checkpoint_dir_prune(&s, 6), 0);
	checkpoint_dir_release(&s);
	CHECK(load(103, 0) == NULL);
	CHECK(load(205, 0) == NULL);
	CHECK(load(206, 0) != NULL);
	CHECK(load(207, 0) != NULL);
	strbuf_release(&notes);
	remove_dir();
}

/* The partitions of a mark of this kind, with partitions 0 and 1 at P0 and P1. */
static struct mark_ranges ranges(enum mark_kind kind, int64_t p0, int64_t p1)
{
	struct mark_ranges parts;
	struct strbuf text = STRBUF_INIT, err = STRBUF_INIT;
	struct mark mark = make_mark(&text, kind, 1, p0, p1);
	CHECK_INT(ranges_read(&mark, &parts, &err), 0);
	strbuf_release(&text);
	return parts;
}

/* Positions of R compared with those of a state: new partitions, lost records, moved positions. */
static void test_start(void)
{
	struct mark_ranges is = ranges(MARK_BATCH, 10, -1), at = ranges(MARK_RESUME, 10, 7);
	CHECK(!checkpoint_is_at(&is, &at)); /* a sink holds a position of a partition that the state does not have */
	at.items[1].was = RANGE_NONE;
	CHECK(checkpoint_is_at(&is, &at)); /* a new partition */
	at.items[0].start = 12;
	CHECK(checkpoint_is_at(&is, &at)); /* retention has removed 10 and 11 */
	at.items[0].was = RANGE_NONE;
	CHECK(!checkpoint_is_at(&is, &at));
	at.items[0].start = 10;
	CHECK(!checkpoint_is_at(&is, &at)); /* the table has nothing, and this state has seen ten records */
	at.items[0].held = false;
	CHECK(checkpoint_is_at(&is, &at));  /* no sink holds positions */
	CHECK(!checkpoint_is_at(&at, &is)); /* a partition is lost */
	ranges_release(&is);
	ranges_release(&at);
}

/* Equal offsets do not mean the same history: the cut decides. */
static void test_cuts(void)
{
	struct mark_ranges is = ranges(MARK_BATCH, 10, 5), at = ranges(MARK_RESUME, 10, 5);
	CHECK(checkpoint_is_at(&is, &at));
	at.items[1].cut.run++;
	CHECK(!checkpoint_is_at(&is, &at)); /* the cut is another run's */
	at.items[1].cut = is.items[1].cut;
	at.items[1].cut.batch++;
	CHECK(!checkpoint_is_at(&is, &at)); /* the cut is this run's, but a later one */
	at.items[1].cut = (struct cut){0};
	CHECK(!checkpoint_is_at(&is, &at)); /* a user has moved it there */
	is.items[1].cut = (struct cut){0};
	CHECK(!checkpoint_is_at(&is, &at)); /* even if the state began there */
	ranges_release(&is);
	ranges_release(&at);
}

/* A state at R is saved under R's cut if R moves the position, and under the cut before if it does not. */
static void test_resume(void)
{
	const struct mark resume = {.kind = MARK_RESUME, .run = 9, .batch = 4};
	const struct cut own = {.known = true, .run = 9, .batch = 4}, ten = cut_of(10);
	struct mark_ranges is = ranges(MARK_RESUME, 10, 5), at = ranges(MARK_RESUME, 10, 5);
	is.items[1].was = at.items[1].was = RANGE_NONE;
	is.items[1].cut = at.items[1].cut = (struct cut){0};
	ranges_resume(&is, &resume);
	CHECK(cut_same(&is.items[0].cut, &ten));
	CHECK(cut_same(&is.items[1].cut, &own));
	CHECK_INT(is.items[1].to, 5);
	CHECK(checkpoint_is_at(&is, &at)); /* the next run finds the table as it was */
	at.items[1].was = 5;
	CHECK(!checkpoint_is_at(&is, &at));
	at.items[1].cut = own;
	CHECK(checkpoint_is_at(&is, &at)); /* or with the state at which this run has begun */
	at.items[1].start = 9;             /* retention has removed 5 to 8 */
	ranges_resume(&at, &resume);
	CHECK_INT(at.items[1].to, 9);
	CHECK(cut_same(&at.items[1].cut, &own));
	at.items[0].cut = (struct cut){0}; /* a user has moved it: from now on the cut is this run's */
	ranges_resume(&at, &resume);
	CHECK(cut_same(&at.items[0].cut, &own));
	at.items[0].held = false;
	at.items[0].cut = (struct cut){0};
	ranges_resume(&at, &resume);
	CHECK(!at.items[0].cut.known);
	ranges_release(&is);
	ranges_release(&at);
}

/* The message about a start without a state: the positions of the start, and those of the newest state. */
static void test_compare(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT, text = STRBUF_INIT;
	struct mark_ranges at = ranges(MARK_RESUME, 10, 5);
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	checkpoint_dir_compare(&s, &at, &text);
	CHECK_STR(text.s, "topic 't', partition 0: offset 10 of batch 10 of run 0000000000000007; it holds none of a "
			  "marked stream");
	CHECK_INT(save(&s, CHECKPOINT_FULL, 1, 10, -1, "x"), 0);
	checkpoint_dir_release(&s);
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	strbuf_clear(&text);
	checkpoint_dir_compare(&s, &at, &text);
	CHECK_STR(text.s, "topic 't', partition 1: offset 5 of batch 5 of run 0000000000000007; its newest state: none "
			  "of it");
	strbuf_clear(&text);
	at.items[0].cut = (struct cut){0};
	checkpoint_dir_compare(&s, &at, &text);
	CHECK_STR(text.s,
		"topic 't', partition 0: offset 10, which belongs to no run; its newest state: offset 10 of batch "
		"10 of run 0000000000000007");
	checkpoint_dir_release(&s);
	ranges_release(&at);
	strbuf_release(&notes);
	strbuf_release(&text);
	remove_dir();
}

static void test_start_is_kept(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT, text = STRBUF_INIT;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	struct mark mark = make_mark(&text, MARK_RESUME, 0, 3, 4); /* the empty state of a start */
	struct checkpoint_out out;
	CHECK_INT(checkpoint_dir_save_begin(&s, CHECKPOINT_FULL, &mark, &out), 0);
	CHECK_INT(checkpoint_dir_save_end(&s, &out), 0);
	checkpoint_dir_release(&s);
	CHECK_STR(load(3, 4), "");
	remove_dir();
	strbuf_release(&notes);
	strbuf_release(&text);
}

/* For a plain stream only the newest state is kept and used. */
static void test_plain(void)
{
	struct checkpoint_dir s;
	struct strbuf notes = STRBUF_INIT;
	new_dir();
	CHECK_INT(open_dir(&s, "me", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 0, -1, -1, "old"), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 0, -1, -1, "new"), 0);
	CHECK_INT(checkpoint_dir_keep_newest(&s), 0);
	CHECK_INT(s.count, 1);
	checkpoint_dir_release(&s);
	CHECK_STR(load(-1, -1), "new");
	CHECK(load(0, 0) == NULL);
	strbuf_release(&notes);
	remove_dir();
}

static void test_others(void)
{
	struct checkpoint_dir s, t;
	struct strbuf notes = STRBUF_INIT, err = STRBUF_INIT;
	char path[128];
	new_dir();
	CHECK_INT(open_dir(&s, "{\"program\":\"me\"}", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 1, 1, 1, "x"), 0);
	CHECK_INT(open_dir(&t, "{\"program\":\"me\"}", &notes), -EBUSY);
	checkpoint_dir_release(&t);
	checkpoint_dir_release(&s);
	CHECK_INT(checkpoint_dir_open(&s, dir, "{\"program\":\"you\"}", &notes, &err), -ESTALE);
	CHECK(strstr(err.s, "{\"program\":\"me\"}, not {\"program\":\"you\"}") != NULL);
	checkpoint_dir_release(&s);
	strbuf_clear(&err);
	CHECK_INT(checkpoint_dir_open(&s, "/dev/null", "me", &notes, &err), -ENOTDIR);
	checkpoint_dir_release(&s);
	CHECK_INT(checkpoint_dir_open(&s, "/nowhere/state", "me", &notes, &err), -ENOENT);
	checkpoint_dir_release(&s);
	/* Foreign files, whatever their names, are neither read nor removed; incomplete files of states are removed. */
	static const char *const names[] = {
		"state-1", "state-00000007x", "state-", "x.new", "state-00000009.new", "a b"};
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
	CHECK_INT(open_dir(&s, "{\"program\":\"me\"}", &notes), 0);
	CHECK_INT(save(&s, CHECKPOINT_FULL, 2, 2, 2, "y"), 0);
	CHECK_INT(checkpoint_dir_prune(&s, 9), 0);
	checkpoint_dir_release(&s);
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		CHECK_INT(access(path, F_OK), strstr(path, "9.new") ? -1 : 0);
	}
	CHECK_INT(notes.len, 0);
	strbuf_release(&notes);
	strbuf_release(&err);
	remove_dir();
}

int main(void)
{
	TEST(test_positions);
	TEST(test_prune);
	TEST(test_start);
	TEST(test_cuts);
	TEST(test_resume);
	TEST(test_compare);
	TEST(test_start_is_kept);
	TEST(test_plain);
	TEST(test_others);
	return check_done();
}
