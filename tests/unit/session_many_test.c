/* common/stream/session: offsets that have any number of records each, and cannot be divided. */
#include "tests/unit/session.h"

static bool take(int64_t offset, uint64_t records)
{
	return session_took_many(&s, at(0), offset, now, records, 10 * records);
}

static void test_one_offset_is_a_batch(void)
{
	begin_reading();
	policy.batch_records = 1;
	session_began(&s);
	CHECK(take(5, 3));
	CHECK_INT(at(0)->records, 3);
	CHECK_INT(s.records, 3);
	CHECK_INT(s.bytes, 30);
	say(EVENT_FULL);
	expect("B1:0[5,6),1[5,5)");
	CHECK_INT(s.records, 0);
}

static void test_no_batch_ends_within_an_offset(void)
{
	begin_reading();
	session_began(&s);
	tick(1000000);
	expect("");
	CHECK_INT(session_wait_ms(&s, now, 200), 200); /* not 0: the batch is due, but cannot end */
	CHECK(!take(5, 2));
	tick(1);
	expect("B1:0[5,6),1[5,5)");
}

static void test_the_end_waits_for_the_rest_of_the_offset(void)
{
	begin_reading();
	session_began(&s);
	say(EVENT_STOP);
	expect("");
	CHECK_INT(s.state, SESSION_READING);
	(void)take(5, 2);
	tick(1);
	expect("B!1:0[5,6),1[5,5) F close");
}

static void test_a_failure_does_not_wait(void)
{
	begin_reading();
	session_began(&s);
	say(EVENT_FAILED);
	expect("close");
}

static void test_a_plain_stream_does_not_wait(void)
{
	begin(false);
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	strbuf_clear(&trace);
	session_began(&s);
	say(EVENT_STOP);
	expect("close");
}

static void test_offsets_without_records_move_the_position_only(void)
{
	begin_reading();
	policy.batch_records = 1;
	CHECK(!take(5, 0));
	CHECK(!take(6, 0));
	CHECK_INT(at(0)->records, 0);
	CHECK_INT(s.ts_min, -1);
	CHECK(take(9, 4)); /* offsets may be skipped */
	say(EVENT_FULL);
	expect("B1:0[5,10),1[5,5)");
}

static void test_more_records_than_are_left(void)
{
	begin_reading();
	s.left = 2;
	CHECK(take(5, 3));
	CHECK_INT(s.left, 0);
	say(EVENT_FULL);
	expect("B!1:0[5,6),1[5,5) F close");
}

int main(void)
{
	session_begin();
	TEST(test_one_offset_is_a_batch);
	TEST(test_no_batch_ends_within_an_offset);
	TEST(test_the_end_waits_for_the_rest_of_the_offset);
	TEST(test_a_failure_does_not_wait);
	TEST(test_a_plain_stream_does_not_wait);
	TEST(test_offsets_without_records_move_the_position_only);
	TEST(test_more_records_than_are_left);
	return session_done();
}
