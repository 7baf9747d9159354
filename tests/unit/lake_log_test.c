/* Unit tests of common/lake/commit and state: which positions, groups and ids can be committed. */
#include <errno.h>

#include "tests/unit/fake_store.h"

static struct position position(const char *topic, int32_t partition, int64_t was, int64_t next)
{
	return (struct position){.group = "g", .topic = topic, .partition = partition, .was = was, .next = next};
}

static void test_positions_are_compared_and_swapped(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(log.version, -1);
	struct position p[] = {position("t", 0, -1, 10), position("t", 1, -1, 5)};
	p[0].has_last = true;
	p[0].last_ms = 1234567890123;
	p[0].last_crc = 0xdeadbeef;
	CHECK_INT(commit_positions(&log, p, 2, NULL, &err), 0);
	CHECK_INT(log.version, 0);
	CHECK_INT(state_position(log.state, "g", "t", 0), 10);
	CHECK_INT(state_position(log.state, "g", "t", 1), 5);
	CHECK_INT(state_position(log.state, "g", "t", 2), -1);
	CHECK_INT(state_position(log.state, "other", "t", 0), -1);
	p[0].was = 9; /* too old */
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), -ESTALE);
	CHECK_STR(err.s, "the lake is at offset 10 of t [0] for group g, not at 9: another writer has committed past "
			 "it");
	p[0].was = -1; /* no position equals only no position */
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), -ESTALE);
	p[0] = position("t", 0, 10, 20);
	CHECK_INT(commit_positions(&log, p, 1, NULL, &err), 0);
	CHECK_INT(state_position(log.state, "g", "t", 1), 5); /* carried on */
	struct position u = position("t", 7, 3, 4);           /* a position is expected, but there is none */
	CHECK_INT(commit_positions(&log, &u, 1, NULL, &err), -ESTALE);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(log.version, 1);
	CHECK_INT(state_position(log.state, "g", "t", 0), 20);
	json_t *last = json_object_get(json_object_get(json_object_get(log.state, "positions"), "g"), "t");
	last = json_object_get(json_object_get(last, "0"), "last");
	/* it is kept, because nothing new was read */
	CHECK_STR(json_string_value(json_object_get(last, "crc")), "deadbeef");
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* The run and batch that moved a position are kept with it; a position that a user has moved has none. */
static void test_cuts(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK(!state_cut(log.state, "g", "t", 0).known);
	struct position p[] = {position("t", 0, -1, 10), position("t", 1, -1, 5)};
	p[0].cut = (struct cut){.known = true, .run = UINT64_MAX, .batch = 17};
	CHECK_INT(commit_positions(&log, p, 2, NULL, &err), 0);
	p[1] = position("t", 1, 5, 6);
	p[1].cut = (struct cut){.known = true, .run = 1, .batch = 2};
	CHECK_INT(commit_positions(&log, &p[1], 1, NULL, &err), 0);
	log_release(&log);
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	struct cut cut = state_cut(log.state, "g", "t", 0);
	CHECK(cut_same(&cut, &p[0].cut)); /* carried on */
	cut = state_cut(log.state, "g", "t", 1);
	CHECK(cut_same(&cut, &p[1].cut));
	struct position back = position("t", 0, 10, 3);
	struct commit commit = {.positions = &back, .npositions = 1, .moved = true};
	CHECK_INT(log_commit(&log, &commit, &err), 0);
	CHECK(!state_cut(log.state, "g", "t", 0).known);
	CHECK(state_cut(log.state, "g", "t", 1).known);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/* Positions that a commit leaves where they are must be the table's, too; their cuts may change. */
static void test_positions_that_stay(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	struct position p[] = {position("t", 0, -1, 10), position("t", 1, -1, 5)};
	CHECK_INT(commit_positions(&log, p, 2, NULL, &err), 0);
	struct position q[] = {position("t", 0, 10, 11), position("t", 1, 4, 4)};
	struct commit commit = {.positions = q, .npositions = 1, .nstay = 1, .marked = true};
	CHECK_INT(log_commit(&log, &commit, &err), -ESTALE); /* another run has read partition 1 meanwhile */
	CHECK_INT(log.version, 0);
	struct position r[] = {position("t", 0, 10, 11), position("t", 1, 5, 5)};
	r[1].cut = (struct cut){.known = true, .run = 1, .batch = 2};
	strbuf_clear(&err);
	commit.positions = r;
	CHECK_INT(log_commit(&log, &commit, &err), 0);
	CHECK_INT(state_position(log.state, "g", "t", 0), 11);
	CHECK_INT(state_position(log.state, "g", "t", 1), 5);
	CHECK(state_cut(log.state, "g", "t", 1).known);
	CHECK_INT(json_array_size(log.head.txns), 1);
	json_t *read = json_object_get(json_object_get(log.head.info, "read"), "t");
	CHECK(json_object_get(read, "0") && !json_object_get(read, "1"));
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_a_zombie_commits_nothing(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	struct position first = position("t", 0, -1, 10), zombie = position("t", 0, 10, 15),
			heir = position("t", 0, 10, 20);
	struct position free_one = position("t", 1, -1, 7);
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&la, &first, 1, NULL, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&lb, &heir, 1, NULL, &err), 0);
	CHECK_INT(commit_positions(&la, &zombie, 1, NULL, &err), -ESTALE);
	CHECK_INT(la.version, 1);
	CHECK_INT(commit_positions(&la, &free_one, 1, NULL, &err), 0); /* another partition is free */
	CHECK_INT(la.version, 2);
	CHECK_INT(state_position(la.state, "g", "t", 0), 20);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

static struct position first_of(const char *group, const char *topic, int32_t partition, int32_t parts)
{
	return (struct position){.group = group,
		.topic = topic,
		.partition = partition,
		.was = -1,
		.next = 3,
		.has_parts = true,
		.parts = parts};
}

/* The first commit of a group for a topic records how many partitions the topic had; each later one must agree. */
static void test_the_number_of_partitions_stays(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK(!state_knows_group(log.state, "g"));
	CHECK_INT(state_parts(log.state, "g", "t"), -1);
	struct position unsaid = position("t", 9, -1, 1);
	CHECK_INT(commit_positions(&log, &unsaid, 1, NULL, &err), 0);
	CHECK(state_knows_group(log.state, "g") && !state_knows_group(log.state, "h"));
	CHECK_INT(state_parts(log.state, "g", "t"), -1);
	struct position p[] = {first_of("g", "t", 0, 2), first_of("g", "t", 1, 2), first_of("g", "later", 0, 0)};
	CHECK_INT(commit_positions(&log, p, 3, NULL, &err), 0);
	CHECK_INT(state_parts(log.state, "g", "t"), 2);
	CHECK_INT(state_parts(log.state, "g", "later"), 0);
	struct position other = first_of("g", "t", 2, 3);
	CHECK_INT(commit_positions(&log, &other, 1, NULL, &err), -ESTALE);
	CHECK_STR(err.s,
		"according to the lake t had 2 partitions when group g began, not 3: another pipeline has begun at the "
		"same time");
	other = first_of("g", "later", 1, 1); /* 0 is a number too */
	CHECK_INT(commit_positions(&log, &other, 1, NULL, &err), -ESTALE);
	other = first_of("h", "t", 0, 3); /* another group */
	struct commit beside = {.positions = &other, .npositions = 1, .beside = true};
	CHECK_INT(log_commit(&log, &beside, &err), 0);
	other = first_of("g", "t", 2, 2); /* one that came later */
	CHECK_INT(commit_positions(&log, &other, 1, NULL, &err), 0);
	unsaid = position("t", 0, 3, 4);
	CHECK_INT(commit_positions(&log, &unsaid, 1, NULL, &err), 0);
	CHECK_INT(state_parts(log.state, "g", "t"), 2); /* copied to the next entry */
	CHECK_INT(state_parts(log.state, "h", "t"), 3);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

/*
 * Two groups begin at the same time with the same topic: the second commit notices the first one, even if it has read
 * the log before.
 */
static void test_a_second_group(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	struct position g = first_of("g", "t", 0, 2), h = first_of("h", "t", 1, 2), u = first_of("h", "u", 0, 1);
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(log_check_group(&lb, "h", "t", &err), 0);
	CHECK_INT(commit_positions(&la, &g, 1, NULL, &err), 0);
	CHECK_INT(commit_positions(&lb, &h, 1, NULL, &err), -EINVAL);
	CHECK(strstr(err.s, "holds topic 't' for group 'g'"));
	CHECK_INT(log_check_group(&lb, "h", "t", &err), -EINVAL);
	CHECK_INT(commit_positions(&lb, &u, 1, NULL, &err), 0); /* another topic, in the same table */
	CHECK_INT(commit_positions(&lb, &h, 1, NULL, &err), -EINVAL);
	struct commit move = {.positions = &h, .npositions = 1, .moved = true}; /* neither may a user begin one */
	CHECK_INT(log_commit(&lb, &move, &err), -EINVAL);
	CHECK_INT(lb.version, 1);
	g = first_of("g", "t", 1, 2); /* the group that has the topic goes on */
	CHECK_INT(commit_positions(&la, &g, 1, NULL, &err), 0);
	move.beside = true;
	CHECK_INT(log_commit(&lb, &move, &err), 0);
	CHECK_INT(state_position(lb.state, "h", "t", 1), h.next);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

static void test_a_group_is_renamed(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *f = open_fake(++tables);
	struct log log;
	struct position p[] = {first_of("g", "t", 0, 2), first_of("g", "t", 1, 2), first_of("i", "u", 0, 1)};
	struct commit rename = {.old_group = "g", .new_group = "h"};
	CHECK_INT(log_open(&log, &f->base, &lines, &err), 0);
	CHECK_INT(log_commit(&log, &rename, &err), -EINVAL);
	CHECK_INT(commit_positions(&log, p, 3, NULL, &err), 0);
	rename.new_group = "i";
	CHECK_INT(log_commit(&log, &rename, &err), -EINVAL);
	rename.new_group = "h";
	CHECK_INT(log_commit(&log, &rename, &err), 0);
	CHECK(!state_knows_group(log.state, "g"));
	CHECK_INT(state_position(log.state, "h", "t", 1), 3);
	CHECK_INT(state_parts(log.state, "h", "t"), 2);
	CHECK_INT(state_position(log.state, "i", "u", 0), 3);
	struct position old = position("t", 0, 3, 4); /* the pipeline that still runs under the old name */
	CHECK_INT(commit_positions(&log, &old, 1, NULL, &err), -EINVAL);
	log_release(&log);
	store_close(&f->base);
	strbuf_release(&err);
}

static void test_ids(void)
{
	struct strbuf err = STRBUF_INIT;
	struct fake *a = open_fake(++tables), *b = open_fake(tables);
	struct log la, lb;
	CHECK_INT(log_open(&la, &a->base, &lines, &err), 0);
	CHECK_INT(log_open(&lb, &b->base, &lines, &err), 0);
	CHECK_INT(commit_positions(&la, NULL, 0, "one", &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "one", &err), -EALREADY); /* noticed after the lost race */
	CHECK_INT(commit_positions(&lb, NULL, 0, "two", &err), 0);
	CHECK_INT(lb.version, 1);
	CHECK_INT(log_has_id(&lb, "one", &err), 1);
	CHECK_INT(log_has_id(&lb, "three", &err), 0);
	CHECK_INT(commit_positions(&lb, NULL, 0, "bad \xff", &err), -EILSEQ);
	log_release(&la);
	log_release(&lb);
	store_close(&a->base);
	store_close(&b->base);
	strbuf_release(&err);
}

int main(void)
{
	if (!tables_begin())
		return 1;
	TEST(test_positions_are_compared_and_swapped);
	TEST(test_cuts);
	TEST(test_positions_that_stay);
	TEST(test_a_zombie_commits_nothing);
	TEST(test_the_number_of_partitions_stays);
	TEST(test_a_second_group);
	TEST(test_a_group_is_renamed);
	TEST(test_ids);
	return tables_end() ? check_done() : 1;
}
