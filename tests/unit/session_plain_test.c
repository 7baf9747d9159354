/* common/stream/session: plain streams. */
#include "tests/unit/session.h"

static void test_plain(void)
{
	begin_plain();
	read_records(0, 3);
	tick(1);
	expect("");
	say(EVENT_FLUSHED);
	tick(5000);
	expect("commit:0@3");
	committed(REFUSAL_NONE);
	read_records(1, 1);
	say(EVENT_STOP);
	expect("close");
	say(EVENT_CLOSED);
	expect("commit:1@1");
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_plain_revoked(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_REVOKED);
	expect("flush");
	say(EVENT_FLUSHED);
	expect("commit:0@3");
	committed(REFUSAL_STALE);
	expect("unassign");
}

static void test_plain_broken_output(void)
{
	begin_plain();
	read_records(0, 3);
	say(EVENT_FLUSHED);
	read_records(0, 3);
	say(EVENT_BROKEN);
	expect("commit:0@3"); /* what has arrived before */
	committed(REFUSAL_NONE);
	expect("end");
}

static void test_plain_lost_offsets(void)
{
	begin(false);
	policy.from = (struct where){WHERE_OFFSET, 3};
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->lo = 10;
	at(0)->hi = 100;
	say(EVENT_FOUND);
	expect("join assign look:0 fail-data-lost close");
	begin(false);
	policy.from_start = true;
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->stored = 3;
	at(0)->lo = 10;
	at(0)->hi = 100;
	say(EVENT_FOUND);
	expect("join assign look:0 tell-lost-skipped assign:0@10");
}

static void test_the_next_record_is_gone(void)
{
	begin_plain();
	read_records(0, 3);
	say_parts(EVENT_MISSING, 1);
	at(0)->lo = 50;
	say(EVENT_FOUND);
	expect("look:0 fail-data-lost close");
	begin_plain();
	policy.from_start = true;
	say_parts(EVENT_MISSING, 1);
	at(0)->lo = 50;
	unsigned before = s.cursors.epoch;
	say(EVENT_FOUND);
	expect("look:0 tell-lost-skipped assign:0@50,1@0");
	CHECK_INT(cursors_accept(&s.cursors, at(1), 0, before), RECORD_SKIP); /* held, and void */
	say_parts(EVENT_MISSING, 1);
	say(EVENT_FOUND);
	expect("look:0 fail-data-out-of-range close");
}

static void test_bounded(void)
{
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	read_records(0, 100);
	say(EVENT_TIME);
	expect("join assign look:0,1 assign:0@0,1@0");
	read_records(1, 100);
	say(EVENT_TIME);
	expect("close");
	CHECK_INT(s.state, SESSION_FINISHING);
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 0);
	tick(100);
	expect("join assign"); /* others read */
	say(EVENT_OTHERS_DONE);
	expect("close");
}

static void test_an_end_that_does_not_exist_yet(void)
{
	begin(false);
	policy.bounded = true;
	policy.to = (struct where){WHERE_OFFSET, 500};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK_INT(at(0)->end, 100);
	begin(false);
	policy.bounded = policy.named = policy.single = true;
	policy.to = (struct where){WHERE_OFFSET, 500};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK_INT(at(0)->end, 500);
	begin(false); /* there is nothing from the offset of --from on */
	policy.bounded = policy.reset = true;
	policy.from = (struct where){WHERE_OFFSET, 200};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK(at(0)->ended);
	begin(false); /* the only partition: fetching from there reports that it is out of range */
	policy.bounded = policy.reset = policy.single = true;
	policy.from = (struct where){WHERE_OFFSET, 200};
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	CHECK(!at(0)->ended);
}

static void test_partitions_that_are_added(void)
{
	begin(false);
	policy.member = false;
	say_parts(EVENT_ASSIGNED, 1);
	find(1);
	read_records(0, 3);
	struct session_part part = {.cursor = at(1)};
	at(1)->topic->parts = 1;
	at(1)->topic->at_start = 1;
	step(&(struct session_event){.kind = EVENT_ADDED, .parts = &part, .count = 1});
	at(1)->hi = 10;
	say(EVENT_FOUND);
	expect("join look:0 assign:0@0 look:1 assign:0@3,1@0");
}

static void test_a_record_is_fetched_again(void)
{
	begin_plain();
	read_records(0, 3);
	at(0)->before = (struct identity){.known = true, .offset = 2};
	unsigned before = s.cursors.epoch;
	say(EVENT_REFETCH);
	expect("assign:0@2,1@0");
	CHECK_INT(cursors_accept(&s.cursors, at(0), 3, before), RECORD_SKIP);
	CHECK_INT(cursors_accept(&s.cursors, at(0), 2, s.cursors.epoch), RECORD_COMPARE);
	CHECK_INT(cursors_accept(&s.cursors, at(0), 3, s.cursors.epoch), RECORD_TAKE);
}

static void test_the_record_to_compare_is_deleted(void)
{
	begin_plain();
	read_records(0, 3);
	at(0)->before = (struct identity){.known = true, .offset = 2};
	say(EVENT_REFETCH);
	say_parts(EVENT_MISSING, 1);
	at(0)->lo = at(0)->hi = 3;
	say(EVENT_FOUND);
	expect("assign:0@2,1@0 look:0 assign:0@3,1@0");
	say_parts(EVENT_MISSING, 1);
	at(0)->before = (struct identity){.known = true, .offset = 2};
	at(0)->lo = 4; /* and the next one, too */
	say(EVENT_FOUND);
	expect("look:0 fail-data-lost close");
}

static void test_count(void)
{
	begin(false);
	s.left = 3;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	read_records(0, 3);
	expect("join assign look:0,1 assign:0@0,1@0 close");
}

/* A former defect: a revocation while the last record before --to is half written, followed by another assignment. */
static void test_revoked_while_the_last_record_is_written(void)
{
	begin(false);
	policy.bounded = true;
	say_parts(EVENT_ASSIGNED, 2);
	find(2);
	struct cursor *c = at(0);
	for (int i = 0; i < 99; i++)
		session_took(&s, c, i, -1, 1);
	say(EVENT_LOST);
	session_took(&s, c, 99, -1, 1);
	strbuf_clear(&trace);
	say_parts(EVENT_ASSIGNED, 1);
	say(EVENT_FOUND);
	CHECK_INT(s.cursors.open, 1);
	say(EVENT_TIME);
	expect("assign look:0 assign:0@0");
}

static void test_waiting(void)
{
	begin_reading();
	CHECK_INT(session_wait_ms(&s, now, 200), 200);
	now += 900;
	CHECK_INT(session_wait_ms(&s, now, 200), 100);
	now += 900;
	CHECK_INT(session_wait_ms(&s, now, 200), 0);
}

int main(void)
{
	session_begin();
	TEST(test_plain);
	TEST(test_plain_revoked);
	TEST(test_plain_broken_output);
	TEST(test_plain_lost_offsets);
	TEST(test_the_next_record_is_gone);
	TEST(test_bounded);
	TEST(test_an_end_that_does_not_exist_yet);
	TEST(test_partitions_that_are_added);
	TEST(test_a_record_is_fetched_again);
	TEST(test_the_record_to_compare_is_deleted);
	TEST(test_count);
	TEST(test_revoked_while_the_last_record_is_written);
	TEST(test_waiting);
	return session_done();
}
