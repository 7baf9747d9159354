/* common/stream/session: what is committed for the group, and when; how long the end may take. */
#include "tests/unit/session.h"

static void test_one_commit_at_a_time(void)
{
	begin_reading();
	read_records(0, 2);
	tick(1000);
	say_number(EVENT_ACKED, 2);
	tick(1);
	expect("B1:0[5,7),1[5,5) commit:0@7");
	read_records(0, 2);
	tick(999);
	say_number(EVENT_ACKED, 3);
	tick(1);
	expect("B2:0[7,9),1[5,5)"); /* the first is not answered */
	committed(REFUSAL_AGAIN);
	tick(1);
	expect("commit:0@9");
}

static void test_not_more_often_than_wanted(void)
{
	begin_plain();
	read_records(0, 1);
	say(EVENT_FLUSHED);
	tick(1);
	expect("commit:0@1");
	committed(REFUSAL_NONE);
	read_records(0, 1);
	say(EVENT_FLUSHED);
	tick(4999);
	expect("");
	tick(1);
	expect("commit:0@2");
}

/* A run whose sink keeps the positions, up to its end, at which the last batch is not acknowledged yet. */
static void stop_without_commits(void)
{
	begin(true);
	policy.commits = false;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, 5);
	find(1);
	read_records(0, 1);
	tick(1000);
	say_number(EVENT_ACKED, 2);
	tick(1);
	expect("S join assign B!0 Q:0 look:0 R:0=5/5 assign:0@5 B1:0[5,6)");
	say(EVENT_STOP);
	say(EVENT_CLOSED);
}

static void test_without_commits(void)
{
	stop_without_commits();
	say_number(EVENT_ACKED, 3);
	expect("B!2:0[6,6) F close end");
	stop_without_commits();
	say(EVENT_LOST); /* the sink finds out itself */
	say_number(EVENT_ACKED, 3);
	expect("B!2:0[6,6) F close tell-revoked unassign end");
}

static void test_a_commit_that_is_refused_for_good(void)
{
	begin_reading();
	read_records(0, 2);
	tick(1000);
	say_number(EVENT_ACKED, 2);
	tick(1);
	strbuf_clear(&trace);
	committed(REFUSAL_FINAL);
	expect("fail-config-refused close");
}

static void test_what_is_committed_does_not_go_back(void)
{
	begin_reading();
	at(0)->committed = 50;
	struct session_part part = {.cursor = at(0), .offset = 40};
	step(&(struct session_event){.kind = EVENT_COMMITTED, .parts = &part, .count = 1});
	CHECK_INT(at(0)->committed, 50);
	part.offset = 60;
	step(&(struct session_event){.kind = EVENT_COMMITTED, .parts = &part, .count = 1});
	CHECK_INT(at(0)->committed, 60);
}

static void test_the_last_commit_is_waited_for(void)
{
	begin_reading();
	policy.last_commit_ms = 1000;
	read_records(0, 2);
	say(EVENT_STOP);
	say(EVENT_CLOSED);
	say_number(EVENT_ACKED, 2);
	expect("B!1:0[5,7),1[5,5) F close commit:0@7");
	say(EVENT_SEEN); /* this does not give a commit more time */
	say(EVENT_LOST); /* and it does not answer it */
	expect("tell-revoked unassign");
	tick(999);
	expect("");
	tick(1);
	expect("fail-again-last-commit end");
}

static void test_the_last_acknowledgement_is_waited_for(void)
{
	begin_reading();
	say(EVENT_STOP);
	strbuf_clear(&trace);
	tick(100000); /* F was not sent yet: the reader may take its time, with output or without */
	say(EVENT_SEEN);
	tick(100000);
	expect("");
	say(EVENT_CLOSED);
	tick(29999);
	expect("");
	tick(1);
	expect("fail-again-not-acknowledged end");
}

static void test_plain_not_flushed_in_time(void)
{
	begin_plain();
	read_records(0, 2);
	say(EVENT_REVOKED);
	tick(30000);
	expect("flush unassign"); /* nobody acknowledges: nothing is reported */
}

static void test_who_has_read_everything(void)
{
	begin(false); /* unbounded: never */
	say_parts(EVENT_ASSIGNED, 0);
	say(EVENT_OTHERS_DONE);
	expect("join assign");
	begin(false);
	policy.member = false;
	say_parts(EVENT_ASSIGNED, 0);
	tick(1);
	expect("join");
	begin(false); /* bounded, and not a member: when the offsets are known */
	policy.member = false;
	policy.bounded = true;
	tick(1);
	expect("join");
	say_parts(EVENT_ASSIGNED, 0);
	expect("close");
}

int main(void)
{
	session_begin();
	TEST(test_one_commit_at_a_time);
	TEST(test_not_more_often_than_wanted);
	TEST(test_without_commits);
	TEST(test_a_commit_that_is_refused_for_good);
	TEST(test_what_is_committed_does_not_go_back);
	TEST(test_the_last_commit_is_waited_for);
	TEST(test_the_last_acknowledgement_is_waited_for);
	TEST(test_plain_not_flushed_in_time);
	TEST(test_who_has_read_everything);
	return session_done();
}
