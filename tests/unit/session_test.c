/* common/stream/session: a marked stream from the hello to its first records. */
#include "tests/unit/session.h"

static void test_join_read_commit_end(void)
{
	begin_reading();
	read_records(0, 3);
	tick(1000);
	expect("B1:0[5,8),1[5,5)");
	say_number(EVENT_ACKED, 2);
	expect("");
	tick(1);
	expect("commit:0@8");
	committed(REFUSAL_NONE);
	CHECK_INT(at(0)->committed, 8);
	read_records(1, 1);
	say(EVENT_STOP);
	expect("B!2:0[8,8),1[5,6) F close");
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 3);
	expect("commit:1@6");
	committed(REFUSAL_NONE);
	expect("end");
	CHECK(!s.failed);
}

static void test_sinks_that_do_not_come(void)
{
	begin(true);
	expect("S");
	tick(29999);
	expect("");
	tick(1);
	expect("fail-again-no-sinks close");
	say(EVENT_CLOSED);
	expect("end");
}

static void test_stop_before_the_sinks_are_there(void)
{
	begin(true);
	say(EVENT_STOP);
	expect("S"); /* F goes only to sinks that have said hello */
	say(EVENT_SINKS_READY);
	expect("B!0 F close");
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 1);
	expect("end");
}

static void test_sinks_disagree(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	say_parts(EVENT_DISAGREED, 1);
	expect("S join assign B!0 Q:0,1 fail-config-disagree close");
}

static void test_sinks_do_not_answer(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	tick(30000);
	expect("S join assign B!0 Q:0 fail-again-no-answer close");
}

static void test_first_positions_are_durable_before_a_record_is_read(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	expect("S join assign B!0 Q:0 look:0 tell-beyond R:0=-1/100 B!1:0[100,100)");
	CHECK_INT(s.state, SESSION_SETTLING);
	say_number(EVENT_ACKED, 1);
	expect("");
	say_number(EVENT_ACKED, 2);
	expect("assign:0@100");
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	strbuf_clear(&trace);
	tick(30000);
	expect("fail-again-not-settled close");
}

/* A marked stream is assigned one partition, whose records have the offsets LO to HI - 1, to read FROM a place. */
static void begin_at(enum where_kind from, int64_t n, int64_t lo, int64_t hi)
{
	begin(true);
	policy.from = (struct where){from, n};
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	at(0)->lo = lo;
	at(0)->hi = hi;
	at(0)->from_timed = OFFSET_NONE;
	at(0)->stored = lo;
	strbuf_clear(&trace);
	say(EVENT_FOUND);
}

/* The end of an empty partition is its beginning; after a record the end is elsewhere. */
static void test_a_start_that_depends_on_when_it_is_asked_is_durable_everywhere(void)
{
	static const enum where_kind relative[] = {WHERE_END, WHERE_AFTER, WHERE_BEFORE, WHERE_TIME};
	for (size_t i = 0; i < 4; i++) {
		begin_at(relative[i], 0, 7, 7);
		expect("R:0=-1/7 B!1:0[7,7)");
		CHECK_INT(s.state, SESSION_SETTLING);
		say_number(EVENT_ACKED, 2);
		expect("assign:0@7");
	}
	begin_at(WHERE_BEFORE, 5, 7, 9); /* there are not that many */
	expect("R:0=-1/7 B!1:0[7,7)");
	static const enum where_kind absolute[] = {WHERE_START, WHERE_STORED, WHERE_OFFSET};
	for (size_t i = 0; i < 3; i++) {
		begin_at(absolute[i], 7, 7, 9);
		expect("R:0=-1/7 assign:0@7");
	}
}

static void test_a_partition_that_came_later_begins_at_its_start(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	at(0)->topic->recorded = 1; /* partition 1 was added later */
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, OFFSET_NONE);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 tell-beyond R:0=-1/100,1=-1/0 B!1:0[100,100),1[0,0)");
}

int main(void)
{
	session_begin();
	TEST(test_join_read_commit_end);
	TEST(test_sinks_that_do_not_come);
	TEST(test_stop_before_the_sinks_are_there);
	TEST(test_sinks_disagree);
	TEST(test_sinks_do_not_answer);
	TEST(test_first_positions_are_durable_before_a_record_is_read);
	TEST(test_a_start_that_depends_on_when_it_is_asked_is_durable_everywhere);
	TEST(test_a_partition_that_came_later_begins_at_its_start);
	return session_done();
}
