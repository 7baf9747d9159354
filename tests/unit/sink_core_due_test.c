/* When a sink commits, tested by scripts. */
#include "tests/unit/sink_core.h"

static void test_when_a_commit_is_due(void)
{
	static const struct {
		uint64_t n, bytes;
		int64_t end_ms;
		bool flush, due;
	} rows[] = {
		{1, 1, 200, false, false},
		{1, 1, 200, true, true},
		{9, 1, 200, false, true}, /* ten records with the batch before */
		{1, 98, 200, false, false},
		{1, 99, 200, false, true}, /* a hundred bytes */
		{1, 1, 900, false, false},
		{1, 1, 994, false, true}, /* a second minus the slack, a sixteenth of a batch */
		{1, 1, 993, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		start();
		resume(0, 0);
		CHECK_INT(batch(1, 0, 1, 1, 100, false), 0);
		strbuf_clear(&trace);
		CHECK_INT(batch(2, 1, rows[i].n, rows[i].bytes, rows[i].end_ms, rows[i].flush), 0);
		CHECK_TRACE(rows[i].due ? "seen commit" : "seen figures");
		end();
	}
}

static void test_the_age_is_that_of_the_oldest_batch_though_the_clock_goes_back(void)
{
	start();
	resume(0, 0);
	CHECK_INT(batch(1, 0, 1, 1, 5000, false), 0);
	CHECK_INT(batch(2, 1, 1, 1, 1000, false), 0);
	CHECK_INT(core.began_ms, 900);
	strbuf_clear(&trace);
	CHECK_INT(batch(3, 2, 1, 1, 1900, false), 0);
	CHECK_TRACE("seen commit");
	committed();
	strbuf_clear(&trace);
	CHECK_INT(batch(4, 3, 1, 1, 2500, false), 0); /* committed records no longer have an age */
	CHECK_TRACE("seen figures");
	end();
}

static void test_an_empty_batch(void)
{
	start();
	resume(-1, 5);
	strbuf_clear(&trace);
	CHECK_INT(batch(1, 5, 0, 0, 100, true), 0); /* the first of its partition: its beginning is durable */
	CHECK_TRACE("seen commit");
	committed();
	strbuf_clear(&trace);
	CHECK_INT(batch(2, 5, 0, 0, 200, true), 0); /* nothing moves */
	CHECK_TRACE("seen ack figures");
	CHECK_INT(core.in_hand, false);
	end();
}

int main(void)
{
	TEST(test_when_a_commit_is_due);
	TEST(test_the_age_is_that_of_the_oldest_batch_though_the_clock_goes_back);
	TEST(test_an_empty_batch);
	return finish();
}
