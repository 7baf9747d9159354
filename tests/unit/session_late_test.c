/* common/stream/session: events that arrive when they mean nothing, or something else. */
#include "tests/unit/session.h"

static void test_sinks_are_ready_once(void)
{
	begin_reading();
	say(EVENT_SINKS_READY);
	expect("");
	CHECK_INT(s.state, SESSION_READING);
}

static void test_more_is_acknowledged_than_there_is(void)
{
	begin_reading();
	say_number(EVENT_ACKED, 99);
	CHECK_INT(s.progress.done, 1);
}

static void test_a_look_up_that_nobody_wants_any_more(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	uint64_t old = s.question;
	say(EVENT_REVOKED);
	CHECK_INT(s.state, SESSION_IDLE);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	strbuf_clear(&trace);
	say_number(EVENT_FOUND, old);
	expect("");
	find(2);
	expect("R:0=5/5,1=5/5 assign:0@5,1@5");
	say(EVENT_FOUND); /* once more */
	expect("");
}

static void test_revoked_while_asked(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	say(EVENT_REVOKED);
	CHECK_INT(s.state, SESSION_IDLE);
	strbuf_clear(&trace);
	tick(40000); /* no answer is missing */
	expect("");
}

static void test_while_partitions_go(void)
{
	begin_reading();
	say(EVENT_REVOKED);
	strbuf_clear(&trace);
	say_one(EVENT_MISSING, 0);
	say(EVENT_RETAKE);
	say(EVENT_REFETCH);
	expect("");
	CHECK_INT(s.state, SESSION_DRAINING);
}

static void test_partitions_that_are_added(void)
{
	begin_reading();
	say_one(EVENT_ADDED, 1); /* not to a marked stream */
	expect("");
	begin(false);
	policy.member = false;
	say_parts(EVENT_ASSIGNED, 1);
	say_one(EVENT_ADDED, 1); /* nor while the beginnings of others are looked up */
	expect("join look:0");
}

static void test_the_next_record_of_what_is_not_read(void)
{
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	read_records(0, 100);
	strbuf_clear(&trace);
	say_one(EVENT_MISSING, 0); /* it has ended */
	say_one(EVENT_MISSING, 5); /* not ours */
	expect("");
}

static void test_retaken_while_the_next_record_is_looked_for(void)
{
	begin_plain();
	say_one(EVENT_MISSING, 0);
	uint64_t old = s.question;
	say(EVENT_RETAKE);
	expect("look:0 assign look:0,1");
	say_number(EVENT_FOUND, old);
	expect("");
	begin(false); /* a partition that is not ours is not taken */
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	strbuf_clear(&trace);
	say(EVENT_RETAKE);
	expect("assign look:0");
}

/* What was read of FINISHING's partitions is not passed to anyone any more. */
static void test_partitions_come_and_go_at_the_end(void)
{
	begin_reading();
	say(EVENT_STOP);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	expect("");
	say(EVENT_LOST);
	expect("tell-revoked unassign");
	CHECK_INT(s.state, SESSION_FINISHING);
	say(EVENT_REVOKED);
	expect("unassign");
	CHECK_INT(s.state, SESSION_FINISHING);
}

/* Records that are lost after reading and before the last commit will be read again: the run did not succeed. */
static void test_lost_before_the_last_commit(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_STOP);
	strbuf_clear(&trace);
	say(EVENT_LOST);
	expect("tell-revoked unassign");
	say(EVENT_CLOSED);
	expect("fail-again-last-commit end");
	begin_plain(); /* nothing was read */
	say(EVENT_STOP);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say(EVENT_CLOSED);
	expect("end");
	begin_plain(); /* the group has all of it */
	read_records(0, 3);
	say(EVENT_FLUSHED);
	tick(5000);
	committed(REFUSAL_NONE);
	say(EVENT_STOP);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say(EVENT_CLOSED);
	expect("end");
	begin_plain(); /* it was lost before the end, and another member has it */
	read_records(0, 3);
	read_records(1, 2);
	say(EVENT_LOST);
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	say(EVENT_STOP);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say(EVENT_CLOSED);
	expect("end");
	begin_plain(); /* so here, too */
	read_records(0, 3);
	say(EVENT_LOST);
	say(EVENT_STOP);
	strbuf_clear(&trace);
	say(EVENT_CLOSED);
	expect("end");
}

static void test_lost(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	strbuf_clear(&trace);
	say(EVENT_LOST); /* nothing */
	expect("unassign");
	begin_plain();
	say(EVENT_LOST);
	expect("tell-revoked unassign"); /* no mark */
}

static void test_two_failures(void)
{
	begin_reading();
	say(EVENT_FAILED);
	expect("close");
	say(EVENT_FAILED);
	say(EVENT_BROKEN);
	expect("end");
	begin_reading();
	say(EVENT_STOP);
	say(EVENT_FAILED); /* the output is being closed already */
	expect("B!1:0[5,5),1[5,5) F close");
	say(EVENT_CLOSED);
	expect("end");
}

static void test_after_the_end(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_BROKEN);
	expect("end");
	say(EVENT_LOST);
	say(EVENT_STOP);
	tick(10000);
	expect("");
}

int main(void)
{
	session_begin();
	TEST(test_sinks_are_ready_once);
	TEST(test_more_is_acknowledged_than_there_is);
	TEST(test_a_look_up_that_nobody_wants_any_more);
	TEST(test_revoked_while_asked);
	TEST(test_while_partitions_go);
	TEST(test_partitions_that_are_added);
	TEST(test_the_next_record_of_what_is_not_read);
	TEST(test_retaken_while_the_next_record_is_looked_for);
	TEST(test_partitions_come_and_go_at_the_end);
	TEST(test_lost_before_the_last_commit);
	TEST(test_lost);
	TEST(test_two_failures);
	TEST(test_after_the_end);
	return session_done();
}
