/* common/stream/session: the group's positions beside those of the sinks. */
#include "tests/unit/session.h"

/* The group's position belongs to a different table from that of the sinks. */
static void place_foreign(bool marked, int64_t stored)
{
	struct session_part parts[] = {{.cursor = at(0)}, {.cursor = at(1), .other_table = true}};
	struct session_event e = {.kind = EVENT_FOUND, .parts = parts, .count = 2};
	if (marked)
		say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	if (marked)
		answer(2, true, 20);
	e.number = s.question;
	for (int i = 0; i < 2; i++) {
		at(i)->hi = 100;
		at(i)->stored = i ? stored : 20;
	}
	strbuf_clear(&trace);
	step(&e);
}

static void test_a_group_of_another_table(void)
{
	begin(true);
	place_foreign(true, 20);
	expect("fail-config-other-table close");
	begin(true);
	policy.adopt = true;
	place_foreign(true, 20);
	expect("tell-adopted R:0=20/20,1=20/20 assign:0@20,1@20");
	CHECK_INT(at(0)->committed, 20);
	CHECK_INT(at(1)->committed, OFFSET_NONE); /* the first commit may go back */
	begin(true);
	policy.adopt = true;
	place_foreign(true, 60); /* a difference is reported once */
	expect("tell-adopted R:0=20/20,1=20/20 assign:0@20,1@20");
	begin(true);
	place_foreign(true, OFFSET_NONE); /* it has no position */
	expect("R:0=20/20,1=20/20 assign:0@20,1@20");
	begin(false); /* nor does it matter to a plain stream */
	place_foreign(false, 20);
	expect("assign:0@20,1@20");
}

static void test_the_group_differs(void)
{
	begin(true);
	place_marked(OFFSET_NONE, true, 20);
	expect("R:0=20/20 assign:0@20");
	begin(true);
	place_marked(30, true, 20);
	expect("tell-group-differs R:0=20/20 assign:0@20");
}

static void test_the_group_is_ignored(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 3);
	for (int i = 0; i < 3; i++)
		at(i)->stored = 50 + i;
	answer(3, true, OFFSET_NONE);
	strbuf_clear(&trace);
	find(3);
	const struct session_action *told = &s.actions[0];
	CHECK_INT(told->reason, REASON_GROUP_IGNORED);
	CHECK(told->parts[0].cursor == at(0));
	CHECK_INT(told->a, 50);
	CHECK_INT(told->b, 0);
	CHECK_INT(told->more, 2);
	begin(true); /* it is where the stream begins */
	policy.from.kind = WHERE_STORED;
	place_marked(50, true, OFFSET_NONE);
	expect("tell-beyond R:0=-1/50 B!1:0[50,50)");
	begin(true); /* sinks that hold nothing lack nothing */
	policy.reset = true;
	place_marked(50, false, OFFSET_NONE);
	expect("R:0=-1/10 assign:0@10");
	CHECK_INT(at(0)->acked, 10);
}

/* A new table: the records that it will not have are reported once, with everything before them. */
static void test_a_table_that_begins_late(void)
{
	begin(true);
	policy.from = (struct where){.kind = WHERE_OFFSET, .n = 30};
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 3);
	answer(3, true, OFFSET_NONE);
	at(2)->expected = 40; /* it has this one */
	strbuf_clear(&trace);
	find(3);
	const struct session_action *told = &s.actions[0];
	CHECK_INT(told->reason, REASON_BEYOND);
	CHECK(told->parts[0].cursor == at(0));
	CHECK_INT(told->a, 30);
	CHECK_INT(told->b, 2 * (30 - at(0)->lo));
	CHECK_INT(told->more, 1);
	CHECK(s.actions[1].kind != ACTION_TELL);
	begin(true); /* nothing holds positions: there is no table */
	policy.from = (struct where){.kind = WHERE_OFFSET, .n = 30};
	place_marked(OFFSET_NONE, false, OFFSET_NONE);
	expect("R:0=-1/30 assign:0@30");
}

/* The table was removed, and its group continues with a new one: from --from, not from the group's position. */
static void test_a_group_whose_table_is_gone(void)
{
	begin(true);
	policy.adopt = true;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	struct session_part part = {.cursor = at(0), .other_table = true};
	struct session_event e = {.kind = EVENT_FOUND, .parts = &part, .count = 1, .number = s.question};
	at(0)->lo = 10;
	at(0)->hi = 100;
	at(0)->stored = 80;
	strbuf_clear(&trace);
	step(&e);
	const struct session_action *told = &s.actions[0];
	CHECK_INT(told->reason, REASON_ADOPTED);
	CHECK_INT(told->a, 80);
	CHECK_INT(told->b, 10);
	CHECK_INT(told->more, 0);
	expect("tell-adopted R:0=-1/10 assign:0@10");
	CHECK_INT(at(0)->committed, OFFSET_NONE);
}

static bool compares(int64_t offset, int64_t expected, int64_t stored)
{
	begin(true);
	at(0)->before = (struct identity){.known = true, .offset = offset};
	policy.from.kind = WHERE_STORED;
	place_marked(stored, expected >= 0, expected);
	return at(0)->before.known;
}

static void test_what_can_be_compared(void)
{
	CHECK(compares(19, 20, 20));
	CHECK(!compares(20, 20, 20));          /* it is read anyway */
	CHECK(!compares(9, 20, 20));           /* retention has removed it */
	CHECK(!compares(19, OFFSET_NONE, 20)); /* the sinks do not have it */
}

static void test_how_far_the_group_is(void)
{
	struct session_part parts[2];
	int64_t sum;
	begin(false);
	policy.bounded = true;
	for (int i = 0; i < 2; i++) {
		parts[i] = (struct session_part){.cursor = at(i)};
		*at(i) = (struct cursor){.topic = at(i)->topic,
			.partition = i,
			.lo = 10,
			.hi = 100,
			.stored = 100,
			.expected = 40,
			.held = true,
			.end = OFFSET_NEVER};
		at(i)->topic->parts = 2;
	}
	CHECK(!session_behind(&s, parts, 2, &sum));
	CHECK_INT(sum, 200); /* the group's positions, not the sinks' */
	at(1)->stored = 60;
	CHECK(session_behind(&s, parts, 2, &sum) == at(1));
	CHECK_INT(sum, 160);
	at(0)->stored = 3; /* what is before 10 is gone */
	CHECK(session_behind(&s, parts, 2, &sum) == at(0));
	CHECK_INT(sum, 70);
}

int main(void)
{
	session_begin();
	TEST(test_a_group_of_another_table);
	TEST(test_the_group_differs);
	TEST(test_the_group_is_ignored);
	TEST(test_a_table_that_begins_late);
	TEST(test_a_group_whose_table_is_gone);
	TEST(test_what_can_be_compared);
	TEST(test_how_far_the_group_is);
	return session_done();
}
