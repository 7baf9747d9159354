/* common/stream/session: which cut each position has in the marks, so that states can be found by it. */
#include "tests/unit/session.h"

/* Two partitions are asked for; run 6 moved the first one to 5 with its batch 3, and a user moved the second one. */
static void begin_with_cuts(void)
{
	begin(true);
	policy.skip_lost = true;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(0)->cut = (struct cut){.known = true, .run = 6, .batch = 3};
	answer(2, true, 5);
	with_cuts = true;
}

/* A batch that reads something of a partition is its cut from then on; R is the cut where no run was. */
static void test_batches(void)
{
	begin_with_cuts();
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 R:0=5/5^6.3,1=5/5^- assign:0@5,1@5");
	tick(1000);
	expect("B1:0[5,5)^6.3,1[5,5)^7.0");
	read_records(0, 2);
	tick(1000);
	expect("B2:0[5,7)^7.2,1[5,5)^7.0");
	read_records(1, 1);
	tick(1000);
	expect("B3:0[7,7)^7.2,1[5,6)^7.3");
	session_left_out(&s, at(0), 7, -1); /* omitted records and transaction markers also move it */
	tick(1000);
	expect("B4:0[7,8)^7.4,1[6,6)^7.3");
}

/* R skips what retention removed: this run is the one that commits that. */
static void test_lost_offsets(void)
{
	begin_with_cuts();
	for (int i = 0; i < 2; i++) {
		at(i)->lo = i ? 0 : 8;
		at(i)->hi = 100;
		at(i)->stored = 5;
	}
	say(EVENT_FOUND);
	expect("S join assign B!0 Q:0,1 look:0,1 tell-lost-skipped R:0=5/8^6.3,1=5/5^- assign:0@8,1@5");
	tick(1000);
	expect("B1:0[8,8)^7.0,1[5,5)^7.0 commit:0@8");
}

/* If the table has nothing of a partition, its beginning has R's cut. */
static void test_a_new_table(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	with_cuts = true;
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=-1/0^- assign:0@0");
	tick(1000);
	expect("B1:0[0,0)^7.0");
}

/* The answer to the next question counts, whatever this run has read. */
static void test_another_assignment(void)
{
	begin_with_cuts();
	find(2);
	read_records(0, 1);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->cut = (struct cut){.known = true, .run = 8, .batch = 1};
	answer(1, true, 6);
	find(1);
	expect("assign B!2 Q:0 look:0 tell-group-differs R:0=6/6^8.1 assign:0@6");
	tick(1000);
	expect("B3:0[6,6)^8.1 commit:0@6");
}

int main(void)
{
	session_begin();
	TEST(test_batches);
	TEST(test_lost_offsets);
	TEST(test_a_new_table);
	TEST(test_another_assignment);
	return session_done();
}
