/* common/stream/session: how far time has advanced in what is read. */
#include "tests/unit/session.h"

static void took(int partition, int64_t ms)
{
	CHECK(!session_took(&s, at(partition), at(partition)->next, ms, 10));
}

/* The partition has nothing left to read. */
static void at_tail(int partition)
{
	cursors_at_tail(&s.cursors, at(partition), at(partition)->next);
}

/* The only mark of the last step. */
static const struct session_mark *the_mark(void)
{
	const struct session_mark *m = NULL;
	for (size_t i = 0; i < s.action_count; i++)
		m = m ? m : s.actions[i].mark;
	return m;
}

/* The batch ends; its watermark is MS, of PARTITION, or there is none (-1). */
static void expect_watermark(int line, int64_t ms, int partition)
{
	tick(1000);
	const struct session_mark *m = the_mark();
	if (m->watermark == ms && m->slowest == (partition < 0 ? NULL : at(partition)))
		return;
	printf("# %s:%d: the watermark is %" PRId64 ", of %d\n", __FILE__, line, m->watermark,
		m->slowest ? (int)m->slowest->partition : -1);
	check_failures++;
}
#define expect_watermark(ms, partition) expect_watermark(__LINE__, ms, partition)

static void test_the_slowest(void)
{
	begin_reading();
	took(0, 50);
	took(0, 40); /* the newest counts, not the last */
	took(1, 30);
	expect_watermark(30, 1);
	took(1, 60);
	expect_watermark(50, 0);
	session_left_out(&s, at(0), at(0)->next, 70); /* it is read */
	expect_watermark(60, 1);
}

static void test_nothing_is_known_of_one(void)
{
	begin_reading();
	took(0, 50);
	expect_watermark(0, 1);
	took(1, 30);
	expect_watermark(30, 1);
}

static void test_what_the_sinks_know_of_one(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(1)->before = (struct identity){.known = true, .offset = 4, .ms = 20};
	answer(2, true, 5);
	find(2);
	took(0, 50);
	expect_watermark(20, 1);
	took(1, 10); /* it is older */
	expect_watermark(20, 1);
	took(1, 30);
	expect_watermark(30, 1);
	/* even where it cannot be compared because retention removed it */
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(1)->before = (struct identity){.known = true, .offset = 3, .ms = 20};
	answer(2, true, 5);
	for (int i = 0; i < 2; i++) {
		at(i)->lo = 5;
		at(i)->hi = 100;
	}
	say(EVENT_FOUND);
	took(0, 50);
	expect_watermark(20, 1);
}

/* The rest of an answer that no longer counts. */
static void test_what_no_sink_knows(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	at(1)->before = (struct identity){.known = false, .offset = 4, .ms = 20};
	answer(2, true, 5);
	find(2);
	took(0, 50);
	expect_watermark(0, 1);
}

static void test_without_timestamps(void)
{
	begin_reading();
	took(0, 50);
	took(1, TIME_NONE);
	expect_watermark(50, 0);
	took(0, TIME_NONE); /* one without among others */
	expect_watermark(50, 0);
	took(1, 10);
	took(0, 60);
	expect_watermark(50, 1); /* never back */
	begin_reading();
	took(0, TIME_NONE);
	took(1, TIME_NONE);
	expect_watermark(-1, -1);
}

static void test_nothing_is_left_of_one(void)
{
	begin_reading();
	took(0, 50);
	took(1, 30);
	at_tail(1);
	expect_watermark(50, 0);
	took(1, 40); /* there was more: the end is no longer known */
	expect_watermark(50, 1);
	took(1, 90);
	took(0, 60);
	at_tail(0);
	at_tail(1);
	expect_watermark(-1, -1);
	took(0, 70);
	expect_watermark(70, 0);
}

static void test_an_idle_batch_changes_nothing(void)
{
	begin_reading();
	took(0, 50);
	took(1, 30);
	expect_watermark(30, 1);
	at_tail(1);
	expect_watermark(30, 1);
	took(0, 55);
	expect_watermark(55, 0);
	at_tail(0);
	expect_watermark(55, 0);
	cursors_at_tail(&s.cursors, at(0), at(0)->next + 2); /* control records move it, too */
	expect_watermark(-1, -1);
	expect_watermark(-1, -1);
	/* the next one has arrived but was not taken yet */
	cursors_accept(&s.cursors, at(0), at(0)->next, s.cursors.epoch);
	expect_watermark(-1, -1);
}

/* A run up to the end knows where that is; a run that continues has to be told. */
static void test_where_the_end_was(void)
{
	begin_reading();
	took(1, 30);
	read_records(0, 95); /* up to hi */
	expect_watermark(30, 1);
	at_tail(1);
	at(0)->from--; /* something was read */
	expect_watermark(1000 + 99, 0);
	begin(true);
	policy.bounded = true;
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 5);
	find(2);
	took(1, 30);
	expect_watermark(0, 0);
	read_records(0, 95);
	took(1, 5000);
	expect_watermark(5000, 1);
	cursors_accept(&s.cursors, at(0), 100, s.cursors.epoch); /* there is more than the run wants */
	took(1, 6000);
	expect_watermark(5000, 0);
}

static void test_one_has_nothing_at_the_start(void)
{
	begin(true);
	say(EVENT_SINKS_READY);
	say_parts(EVENT_ASSIGNED, 2);
	answer(2, true, 100);
	find(2);
	at(1)->next = 50; /* as if it had begun there */
	took(1, 30);
	expect_watermark(30, 1);
	took(0, 20);
	expect_watermark(30, 0);
}

static void test_what_is_gained_later(void)
{
	begin_reading();
	took(0, 50);
	took(1, 60);
	expect_watermark(50, 0);
	say(EVENT_LOST);
	say_parts(EVENT_ASSIGNED, 3);
	answer(3, true, 6);
	find(3);
	took(0, 70);
	expect_watermark(50, 2); /* nothing is known of it, but it was 50 before */
	took(2, 10);
	expect_watermark(50, 2);
	took(2, 80);
	expect_watermark(60, 1);
}

static void test_what_is_given_to_others(void)
{
	begin_reading();
	took(0, 50);
	took(1, 30);
	expect_watermark(30, 1);
	say(EVENT_LOST);
	say_parts(EVENT_ASSIGNED, 1);
	at(0)->before = (struct identity){.known = true, .offset = 5, .ms = 20};
	answer(1, true, 6);
	find(1);
	took(0, TIME_NONE);
	expect_watermark(50, 0);
}

/* The last batch of a revoked partition is judged by that partition, not by what is left. */
static void test_what_is_lost(void)
{
	begin_reading();
	took(0, 50);
	took(1, 30);
	say(EVENT_LOST);
	CHECK_INT(the_mark()->watermark, 30);
	tick(1000);
	took(0, 60); /* of an earlier assignment */
	expect_watermark(30, 1);
}

int main(void)
{
	session_begin();
	TEST(test_the_slowest);
	TEST(test_nothing_is_known_of_one);
	TEST(test_what_the_sinks_know_of_one);
	TEST(test_what_no_sink_knows);
	TEST(test_without_timestamps);
	TEST(test_nothing_is_left_of_one);
	TEST(test_an_idle_batch_changes_nothing);
	TEST(test_where_the_end_was);
	TEST(test_one_has_nothing_at_the_start);
	TEST(test_what_is_gained_later);
	TEST(test_what_is_given_to_others);
	TEST(test_what_is_lost);
	return session_done();
}
