/* common/stream/session: what marks and messages say, and what they are about. */
#include "tests/unit/session.h"

static const struct session_mark *last_mark(void)
{
	return s.actions[s.action_count - 1].mark;
}

static void took(int partition, int64_t ms)
{
	CHECK(!session_took(&s, at(partition), at(partition)->next, ms, 10));
}

/* An omitted record counts as read: the batch does not have it, and its offset is passed. */
static void test_left_out(void)
{
	begin_reading();
	took(0, 5);
	session_left_out(&s, at(0), 1, 9);
	session_left_out(&s, at(0), 2, 7);
	tick(1000);
	CHECK_INT(last_mark()->records, 1);
	CHECK_INT(last_mark()->parts[0].records, 3);
	CHECK_INT(last_mark()->parts[0].to, 3);
	CHECK_INT(last_mark()->ts_max, 5);
	CHECK_INT(at(0)->max_ms, 9);
	session_left_out(&s, at(0), 3, -1); /* a batch of nothing else moves the position */
	tick(1000);
	CHECK_INT(last_mark()->records, 0);
	CHECK_INT(last_mark()->parts[0].to, 4);
}

static void test_timestamps(void)
{
	begin_reading();
	took(0, 5);
	took(0, 3);
	took(0, -1); /* it has none */
	took(1, 9);
	took(1, 4);
	tick(1000);
	CHECK_INT(last_mark()->ts_min, 3);
	CHECK_INT(last_mark()->ts_max, 9);
	CHECK_INT(last_mark()->records, 5);
	CHECK_INT(at(0)->max_ms, 5);
	CHECK_INT(at(1)->max_ms, 9);
	took(0, 2);
	tick(1000);
	CHECK_INT(last_mark()->ts_min, 2);
	CHECK_INT(last_mark()->ts_max, 2);
	took(0, -1);
	tick(1000);
	CHECK_INT(last_mark()->ts_min, -1);
	CHECK_INT(last_mark()->ts_max, -1);
}

static void test_no_more_records_than_are_wanted(void)
{
	begin_reading();
	s.left = 2;
	read_records(0, 2);
	expect("B!1:0[5,7),1[5,5) F close"); /* one B, not two */
	begin(false);                        /* limits of batches do not apply to a plain stream */
	policy.batch_records = policy.batch_bytes = 1;
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	took(0, 1);
}

static void test_a_batch_that_is_full_while_partitions_go(void)
{
	begin_reading();
	say(EVENT_REVOKED);
	expect("B!1:0[5,5),1[5,5)");
	say(EVENT_FULL);
	expect("");
}

static void test_parts_are_in_order(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	strbuf_clear(&trace);
	struct session_part parts[] = {
		{.cursor = cursors_get(&s.cursors, "u", 0)}, {.cursor = at(1)}, {.cursor = at(0)}};
	step(&(struct session_event){.kind = EVENT_ASSIGNED, .parts = parts, .count = 3});
	expect("assign B!0 Q:0,1,0");
	const struct session_mark *q = last_mark();
	CHECK_STR(q->parts[0].cursor->topic->name, "t");
	CHECK_STR(q->parts[1].cursor->topic->name, "t");
	CHECK_STR(q->parts[2].cursor->topic->name, "u");
}

static void test_nothing_is_assigned(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 0);
	expect("S join assign B!0 R");
	tick(1000);
	expect("B1");
}

static void test_what_messages_are_about(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	say_one(EVENT_DISAGREED, 1);
	CHECK_INT(s.actions[0].kind, ACTION_FAIL);
	CHECK_INT(s.actions[0].count, 1);
	CHECK(s.actions[0].parts[0].cursor == at(1));
	strbuf_clear(&trace);
	say(EVENT_DISAGREED); /* the first failure counts */
	expect("");
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	say(EVENT_DISAGREED); /* about a topic */
	CHECK_INT(s.actions[0].kind, ACTION_FAIL);
	CHECK_INT(s.actions[0].count, 0);
}

/* More actions in a step, and in a run, than there was room for initially. */
static void test_many_actions(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 12);
	for (int i = 0; i < 12; i++)
		at(i)->stored = 7;
	answer(12, true, 5);
	find(12);
	CHECK_INT(s.action_count, 14); /* one message each, R and assign */
	for (int i = 0; i < 100; i++)
		tick(1000);
	CHECK_INT(s.batch, 101);
	CHECK(s.action_cap < 100);
}

static void test_waiting(void)
{
	begin(true);
	CHECK_INT(session_wait_ms(&s, now, 200), 200); /* GREETING */
	CHECK_INT(session_wait_ms(&s, now + 29950, 200), 50);
	begin_plain();
	CHECK_INT(session_wait_ms(&s, now, 200), 200);
	begin_reading();
	say(EVENT_SEEN);
	now += 900;
	CHECK_INT(session_wait_ms(&s, now, 200), 100);
	say(EVENT_RETAKE);
	CHECK_INT(session_wait_ms(&s, now + 2000, 200), 200); /* ASKING: no batch ends */
	say(EVENT_LOST);
	CHECK_INT(s.state, SESSION_IDLE);
	CHECK_INT(session_wait_ms(&s, now + 950, 200), 50);
}

int main(void)
{
	session_begin();
	TEST(test_left_out);
	TEST(test_timestamps);
	TEST(test_no_more_records_than_are_wanted);
	TEST(test_a_batch_that_is_full_while_partitions_go);
	TEST(test_parts_are_in_order);
	TEST(test_nothing_is_assigned);
	TEST(test_what_messages_are_about);
	TEST(test_many_actions);
	TEST(test_waiting);
	return session_done();
}
