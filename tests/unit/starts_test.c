/* common/kafka/starts: where reading begins. */
#include "common/stream/starts.h"

#include "tests/unit/check.h"

static const struct where start = {WHERE_START, 0}, end = {WHERE_END, 0}, stored = {WHERE_STORED, 0},
			  before = {WHERE_BEFORE, 5}, fixed = {WHERE_OFFSET, 3}, at = {WHERE_TIME, 1700000000000};

/* A partition with the offsets 10 to 99, of which nobody knows anything. */
static struct start_facts facts(const struct where *from)
{
	return (struct start_facts){
		.from = from, .lo = 10, .hi = 100, .timed = START_NONE, .sink = START_NONE, .stored = START_NONE};
}

static void begins(struct start_facts f, int64_t where, enum start_by why)
{
	enum start_by by = START_BY_SINK;
	CHECK_INT(start_of(&f, &by), where);
	CHECK_INT(by, why);
}

static void test_from(void)
{
	struct start_facts f = facts(&at);
	begins(facts(&start), 10, START_BY_FROM);
	begins(facts(&end), 100, START_BY_FROM);
	begins(facts(&before), 95, START_BY_FROM);
	begins(facts(&fixed), 3, START_BY_FROM); /* the caller sees that the records are lost */
	begins(facts(&stored), START_NONE, START_BY_FROM);
	begins(f, 100, START_BY_FROM); /* no record has such a late time */
	f.timed = 50;
	begins(f, 50, START_BY_FROM);
}

static void test_the_group_without_a_table(void)
{
	struct start_facts f = facts(&end);
	f.stored = 40;
	begins(f, 40, START_BY_GROUP);
	f.later = true;
	begins(f, 40, START_BY_GROUP); /* it was added later, and has been read since */
	f.reset = true;
	begins(f, 10, START_BY_LATER);
	f.later = false;
	begins(f, 100, START_BY_FROM);
}

static void test_tables(void)
{
	struct start_facts f = facts(&end);
	f.held = true;
	f.stored = 40;
	begins(f, 100, START_BY_FROM); /* the table would lack records that the group is past */
	f.from = &start;
	begins(f, 10, START_BY_FROM);
	f.from = &stored;
	begins(f, 40, START_BY_FROM);
	f.stored = START_NONE;
	begins(f, START_NONE, START_BY_FROM);
	f.sink = 0;
	begins(f, 0, START_BY_SINK);
	f.sink = 60;
	f.stored = 70;
	f.later = true;
	begins(f, 60, START_BY_SINK);
}

static void test_what_came_later(void)
{
	const struct where *all[] = {&start, &end, &stored, &before, &fixed, &at};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct start_facts f = facts(all[i]);
		f.later = true;
		f.timed = 77;
		begins(f, 10, START_BY_LATER);
		f.held = true;
		f.stored = 40; /* from a run without this table */
		begins(f, 10, START_BY_LATER);
	}
}

static void test_parts(void)
{
	struct topic_facts t = {.recorded = -1, .at_start = 3};
	CHECK_INT(start_parts(&t), 3);
	t.elsewhere = true; /* a newly named topic is not one that was added later */
	CHECK_INT(start_parts(&t), 3);
	t.matched = true;
	CHECK_INT(start_parts(&t), 0);
	t.elsewhere = false; /* the group's first run */
	CHECK_INT(start_parts(&t), 3);
	t.at_start = 0; /* made during the run */
	CHECK_INT(start_parts(&t), 0);
	t.recorded = 2; /* a table overrides all that */
	t.at_start = 5;
	CHECK_INT(start_parts(&t), 2);
	t.elsewhere = true;
	CHECK_INT(start_parts(&t), 2);
	t.recorded = 0;
	CHECK_INT(start_parts(&t), 0);
}

int main(void)
{
	TEST(test_from);
	TEST(test_the_group_without_a_table);
	TEST(test_tables);
	TEST(test_what_came_later);
	TEST(test_parts);
	return check_done();
}
