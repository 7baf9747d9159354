/* common/stream/session: where partitions begin and end. */
#include "tests/unit/session.h"

/* A partition with the offsets LO to HI - 1 is assigned to a plain stream, whose group has STORED. */
static void place(int64_t lo, int64_t hi, int64_t stored)
{
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->lo = lo;
	at(0)->hi = hi;
	at(0)->stored = stored;
	strbuf_clear(&trace);
	say(EVENT_FOUND);
}

static void test_from_stored_and_nothing_is_stored(void)
{
	begin(false);
	policy.from.kind = WHERE_STORED;
	place(0, 100, OFFSET_NONE);
	expect("fail-config-no-position close");
}

static void test_only_what_is_assigned_is_read(void)
{
	begin(false);
	at(0)->next = 7; /* of an earlier assignment */
	say_one(EVENT_ASSIGNED, 1);
	find(2);
	expect("join assign look:1 assign:1@0");
}

static void test_lost_offsets(void)
{
	begin(false);
	policy.skip_lost = true;
	place(10, 100, 3);
	expect("tell-lost-skipped assign:0@10");
	begin(true); /* --from start concerns a stream without sinks */
	policy.from_start = true;
	place_marked(OFFSET_NONE, true, 3);
	expect("fail-data-lost close");
	begin(true); /* a gap within a run cannot be recorded: a new run skips it */
	policy.skip_lost = true;
	place_marked(OFFSET_NONE, true, 20);
	expect("R:0=20/20 assign:0@20");
	say_one(EVENT_MISSING, 0);
	at(0)->lo = 50;
	say(EVENT_FOUND);
	expect("look:0 fail-again-lost-new-run close");
	begin(true);
	place_marked(OFFSET_NONE, true, 20);
	say_one(EVENT_MISSING, 0);
	at(0)->lo = 50;
	strbuf_clear(&trace);
	say(EVENT_FOUND);
	expect("fail-data-lost close");
	begin(false);
	policy.skip_lost = true;
	place(10, 100, 20);
	say_one(EVENT_MISSING, 0);
	at(0)->lo = 50;
	strbuf_clear(&trace);
	say(EVENT_FOUND);
	expect("tell-lost-skipped assign:0@50");
}

/* The group has some of a topic's partitions: the ones it lacks were added later. */
static void test_beside_what_the_group_has(void)
{
	begin(false);
	policy.from.kind = WHERE_END;
	at(0)->topic->stored = true;
	place(10, 100, OFFSET_NONE);
	expect("assign:0@10");
	begin(false); /* named individually */
	policy.from.kind = WHERE_END;
	policy.named = true;
	at(0)->topic->stored = true;
	place(10, 100, OFFSET_NONE);
	expect("assign:0@100");
	begin(false); /* it has this one, which does not count */
	policy.from.kind = WHERE_END;
	policy.reset = true;
	at(0)->topic->stored = true;
	place(10, 100, 50);
	expect("assign:0@100");
	CHECK_INT(at(0)->committed, OFFSET_NONE); /* the first commit may go back */
	begin(true);                              /* the sinks could have it */
	policy.from.kind = WHERE_END;
	at(0)->topic->stored = true;
	place_marked(OFFSET_NONE, true, OFFSET_NONE);
	expect("tell-beyond R:0=-1/100 B!1:0[100,100)");
}

/* How many partitions a topic that an expression matches had. */
static int32_t parts_of(bool held, bool elsewhere, bool any_stored, bool topic_stored)
{
	begin(true);
	at(0)->topic->matched = true;
	s.elsewhere = elsewhere;
	s.cursors.stored = any_stored;
	at(0)->topic->stored = topic_stored;
	place_marked(OFFSET_NONE, held, OFFSET_NONE);
	return at(0)->topic->parts;
}

static void test_topics_that_came_later(void)
{
	CHECK_INT(parts_of(true, false, true, false), 2);
	CHECK_INT(parts_of(true, true, false, false), 0);
	CHECK_INT(parts_of(false, true, false, false), 2);
	CHECK_INT(parts_of(false, false, true, false), 0);
	CHECK_INT(parts_of(false, false, true, true), 2);
	begin(true); /* its first partition decides, and each topic has one */
	struct session_part parts[] = {
		{.cursor = at(0)}, {.cursor = at(1)}, {.cursor = cursors_get(&s.cursors, "u", 0)}};
	struct session_event e = {.kind = EVENT_ASSIGNED, .parts = parts, .count = 3};
	s.elsewhere = at(0)->topic->matched = true;
	parts[2].cursor->topic->at_start = 7;
	at(0)->held = true;
	say(EVENT_SINKS_READY);
	step(&e);
	say(EVENT_ANSWERED);
	say(EVENT_FOUND);
	CHECK_INT(at(0)->topic->parts, 0);
	CHECK_INT(parts[2].cursor->topic->parts, 7);
}

static void test_ends(void)
{
	static const struct {
		bool named, single;
		struct where to;
		int64_t end;
	} cases[] = {{true, true, {WHERE_OFFSET, 500}, 500}, {true, false, {WHERE_OFFSET, 500}, 100},
		{false, true, {WHERE_OFFSET, 500}, 100}, {false, false, {WHERE_OFFSET, 50}, 50},
		{false, false, {WHERE_STORED, 0}, 0}, {false, false, {WHERE_END, 0}, 100}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(false);
		policy.bounded = true;
		policy.named = cases[i].named;
		policy.single = cases[i].single;
		policy.to = cases[i].to;
		place(10, 100, OFFSET_NONE);
		CHECK_INT(at(0)->end, cases[i].end);
	}
	begin(false);
	policy.bounded = true;
	place(10, 100, OFFSET_NONE);
	say(EVENT_LOST);
	place(10, 200, OFFSET_NONE);
	CHECK_INT(at(0)->end, 100); /* it holds for all assignments */
	begin(false);
	place(10, 100, OFFSET_NONE);
	CHECK_INT(at(0)->end, OFFSET_NEVER);
}

static void test_sinks_that_are_at_the_end_or_behind_it(void)
{
	begin(true);
	policy.bounded = true;
	place_marked(OFFSET_NONE, true, 100);
	CHECK(at(0)->ended);
	begin(true); /* an open transaction, or an error: the source will report it */
	policy.bounded = true;
	place_marked(OFFSET_NONE, true, 150);
	CHECK(!at(0)->ended);
	CHECK_INT(at(0)->next, 150);
}

int main(void)
{
	session_begin();
	TEST(test_from_stored_and_nothing_is_stored);
	TEST(test_only_what_is_assigned_is_read);
	TEST(test_lost_offsets);
	TEST(test_beside_what_the_group_has);
	TEST(test_topics_that_came_later);
	TEST(test_ends);
	TEST(test_sinks_that_are_at_the_end_or_behind_it);
	return session_done();
}
