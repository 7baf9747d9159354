/* common/stream/session: partitions that are assigned, revoked and lost in a marked stream. */
#include "tests/unit/session.h"

static void test_revoked_while_positions_are_asked(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	uint64_t old = s.question;
	say(EVENT_REVOKED);
	expect("S join assign B!0 Q:0,1 unassign");
	say_number(EVENT_ANSWERED, old); /* void */
	say_number(EVENT_FOUND, old);
	expect("");
	say_parts(EVENT_ASSIGNED, 1);
	say_number(EVENT_ANSWERED, old);
	expect("assign B!1 Q:0");
	answer(1, true, 7);
	find(1);
	expect("look:0 R:0=7/7 assign:0@7");
}

static void test_revoked_while_looking_up(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	uint64_t old = s.question;
	say(EVENT_REVOKED);
	say_number(EVENT_FOUND, old);
	expect("S join assign B!0 Q:0,1 look:0,1 unassign");
}

static void test_revoked_while_first_positions_settle(void)
{
	begin(true);
	policy.from.kind = WHERE_END;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	find(1);
	strbuf_clear(&trace);
	say(EVENT_REVOKED);
	expect("B!2:0[100,100)");
	say_number(EVENT_ACKED, 3);
	expect("commit:0@100");
	committed(REFUSAL_NONE);
	expect("unassign");
}

static void test_revoked_drains_and_commits(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	expect("B!1:0[5,7),1[5,5)");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 7, s.cursors.epoch),
		RECORD_TAKE); /* the shell accepts none in DRAINING */
	tick(10);
	expect("");
	say_number(EVENT_ACKED, 2);
	expect("commit:0@7");
	committed(REFUSAL_NONE);
	expect("unassign");
	CHECK_INT(s.cursors.assigned, 0);
	tick(1000);
	expect("B2:0[7,7),1[5,5)");
	tick(1000);
	expect("B3");
}

static void test_revoked_and_not_drained_in_time(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	tick(30000);
	expect("B!1:0[5,7),1[5,5) tell-not-drained unassign");
	say_number(EVENT_ACKED, 2); /* too late: another member has it */
	tick(6000);
	expect("B2:0[7,7),1[5,5)");
}

static void test_lost_while_draining(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_REVOKED);
	say(EVENT_LOST);
	expect("B!1:0[5,7),1[5,5) tell-revoked unassign B2:0[7,7),1[5,5)");
	say_number(EVENT_ACKED, 3);
	tick(1);
	expect(""); /* an acknowledgement of an earlier epoch commits nothing */
}

static void test_an_acknowledgement_of_another_epoch_commits_nothing(void)
{
	begin_reading();
	read_records(0, 2);
	say(EVENT_LOST);
	expect("tell-revoked unassign B1:0[5,7),1[5,5)");
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 7);
	find(2);
	strbuf_clear(&trace);
	CHECK_INT(at(0)->acked, 7);
	at(0)->committed = 7;
	at(1)->committed = 7;
	say_number(EVENT_ACKED, 2);
	tick(1);
	expect("");
}

static void test_reading_never_goes_back(void)
{
	begin_reading();
	read_records(0, 4);
	say(EVENT_LOST);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, 5); /* but this run has read up to 9 */
	find(1);
	expect("assign B!2 Q:0 look:0 fail-again-backwards close");
}

static void test_another_table(void)
{
	struct session_part part = {.other_table = true};
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	answer(1, true, OFFSET_NONE);
	at(0)->hi = 100;
	at(0)->stored = 20;
	part.cursor = at(0);
	struct session_event e = {.kind = EVENT_FOUND, .number = s.question, .parts = &part, .count = 1};
	strbuf_clear(&trace);
	step(&e);
	expect("fail-config-other-table close");
}

static void test_the_sink_counts_not_the_group(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(0)->stored = 50;
	at(1)->stored = 60;
	answer(2, true, OFFSET_NONE);
	find(2);
	expect("S join assign B!0 Q:0,1 look:0,1 tell-group-ignored R:0=-1/0,1=-1/0 assign:0@0,1@0");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 50;
	answer(1, true, 40);
	find(1);
	expect("S join assign B!0 Q:0 look:0 tell-group-differs R:0=40/40 assign:0@40");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 50;
	answer(1, false, OFFSET_NONE); /* ack holds no positions: the group counts */
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=-1/50 assign:0@50");
}

static void test_the_record_before_the_start_is_compared(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->before = (struct identity){.known = true, .offset = 4, .ms = 1, .crc = 2};
	answer(1, true, 5);
	find(1);
	expect("S join assign B!0 Q:0 look:0 R:0=5/5 assign:0@4");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 4, s.cursors.epoch), RECORD_COMPARE);
	struct session_part part = {.cursor = at(0), .offset = 4};
	step(&(struct session_event){.kind = EVENT_DIFFERENT, .parts = &part, .count = 1});
	expect("fail-data-recreated close");
}

int main(void)
{
	session_begin();
	TEST(test_revoked_while_positions_are_asked);
	TEST(test_revoked_while_looking_up);
	TEST(test_revoked_while_first_positions_settle);
	TEST(test_revoked_drains_and_commits);
	TEST(test_revoked_and_not_drained_in_time);
	TEST(test_lost_while_draining);
	TEST(test_an_acknowledgement_of_another_epoch_commits_nothing);
	TEST(test_reading_never_goes_back);
	TEST(test_another_table);
	TEST(test_the_sink_counts_not_the_group);
	TEST(test_the_record_before_the_start_is_compared);
	return session_done();
}
