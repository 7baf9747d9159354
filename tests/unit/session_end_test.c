/* common/stream/session: how batches and a marked stream end. */
#include "tests/unit/session.h"

static void test_a_full_batch(void)
{
	begin_reading();
	policy.batch_records = 2;
	read_records(0, 5);
	expect("B1:0[5,7),1[5,5) B2:0[7,9),1[5,5)");
	policy.batch_records = UINT64_MAX;
	policy.batch_bytes = 30;
	read_records(1, 2);
	expect("B3:0[9,10),1[5,7)");
}

static void test_a_sink_that_leaves(void)
{
	begin_reading();
	read_records(0, 2);
	tick(1000);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	say(EVENT_FAILED); /* the shell wrote its message */
	expect("close");
	say(EVENT_CLOSED);
	expect("commit:0@7"); /* what was acknowledged */
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_a_sink_that_leaves_after_F(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	expect("B!1:0[5,7),1[5,5) F close");
	say(EVENT_FAILED);
	expect("end"); /* nothing was acknowledged, nothing is committed */
}

static void test_sinks_that_do_not_acknowledge_the_last_batch(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say(EVENT_REVOKED); /* it leaves the group in response */
	expect("B!1:0[5,7),1[5,5) F close");
	tick(29000);
	say(EVENT_SEEN); /* slow, but alive */
	tick(29000);
	expect("");
	tick(1000);
	expect("fail-again-not-acknowledged end");
}

static void test_the_last_commit_fails(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	committed(REFUSAL_AGAIN);
	expect("fail-again-last-commit end");
	begin_reading();
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 2);
	strbuf_clear(&trace);
	tick(30000);
	expect("fail-again-last-commit end");
}

static void test_retake(void)
{
	begin_reading();
	read_records(0, 2);
	at(0)->stored = at(1)->stored = 7;
	say(EVENT_RETAKE);
	expect("assign B!1:0[5,7),1[5,5) Q:0,1");
	answer(2, true, 7);
	find(2);
	expect("look:0,1 R:0=7/7,1=7/7 assign:0@7,1@7");
}

static void test_stop_at_each_state(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say(EVENT_STOP);
	expect("S join B!0 F close"); /* IDLE */
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	say(EVENT_STOP);
	expect("S join assign B!0 Q:0 B!1 F close"); /* ASKING */
	say(EVENT_ANSWERED);
	expect("");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, 5);
	say(EVENT_STOP);
	expect("S join assign B!0 Q:0 look:0 B!1 F close"); /* RESOLVING */
	begin_reading();
	read_records(0, 1);
	say(EVENT_REVOKED);
	say(EVENT_STOP);
	expect("B!1:0[5,6),1[5,5) B!2:0[6,6),1[5,5) F close"); /* DRAINING */
	begin_reading();
	say(EVENT_STOP);
	say(EVENT_STOP);
	expect("B!1:0[5,5),1[5,5) F close");
}

int main(void)
{
	session_begin();
	TEST(test_a_full_batch);
	TEST(test_a_sink_that_leaves);
	TEST(test_a_sink_that_leaves_after_F);
	TEST(test_sinks_that_do_not_acknowledge_the_last_batch);
	TEST(test_the_last_commit_fails);
	TEST(test_retake);
	TEST(test_stop_at_each_state);
	return session_done();
}
