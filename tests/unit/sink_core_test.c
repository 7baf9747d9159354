/* The sink's half of the protocol, tested by scripts: what the core wants after each event. */
#include <errno.h>

#include "tests/unit/sink_core.h"

static void test_a_run(void)
{
	start();
	CHECK_INT(simple(SINK_QUERY), 0);
	CHECK_TRACE("answer");
	resume(-1, 5);
	CHECK_TRACE("resumed figures");
	CHECK_INT(batch(1, 5, 2, 10, 100, false), 0);
	CHECK_TRACE("seen figures");
	CHECK_INT(core.figures.oldest_ms, 999);
	CHECK_INT(batch(2, 7, 3, 10, 200, false), 0);
	CHECK_TRACE("seen figures");
	CHECK_INT(core.figures.oldest_ms, 998);
	CHECK_INT(simple(SINK_FINAL), 0);
	CHECK_TRACE("commit done");
	committed();
	CHECK_TRACE("ack figures");
	CHECK_INT(core.batch, 2);
	CHECK_INT(core.figures.records, 5);
	CHECK_INT(core.figures.bytes, 7);
	CHECK_INT(core.figures.oldest_ms, -1);
	CHECK_INT(core.chain.items[0].was, 10);
	end();
}

static void test_q_and_r_find_a_batch_in_hand(void)
{
	start();
	resume(0, 0);
	CHECK_INT(batch(1, 0, 1, 1, 100, false), 0);
	strbuf_clear(&trace);
	CHECK_INT(simple(SINK_QUERY), 0);
	CHECK_TRACE("commit again");
	committed();
	CHECK_TRACE("ack figures");
	CHECK_INT(simple(SINK_QUERY), 0);
	CHECK_TRACE("answer");
	CHECK_INT(batch(2, 1, 1, 1, 200, false), 0);
	strbuf_clear(&trace);
	resume(2, 9);
	CHECK_TRACE("commit again");
	CHECK_INT(core.chain.items[0].next, 2); /* the chain is unchanged */
	committed();
	strbuf_clear(&trace);
	resume(2, 9);
	CHECK_TRACE("resumed figures");
	CHECK_INT(core.chain.items[0].next, 9);
	CHECK_INT(core.chain.items[0].lost_from, 2);
	CHECK_INT(core.chain.items[0].lost_to, 9);
	CHECK_INT(batch(3, 9, 0, 0, 300, false), 0);
	strbuf_clear(&trace);
	CHECK_INT(core.in_hand, true);
	CHECK_INT(simple(SINK_QUERY), 0); /* lost offsets move the position */
	CHECK_TRACE("commit again");
	committed();
	CHECK_INT(batch(4, 9, 0, 0, 400, false), 0);
	strbuf_clear(&trace);
	CHECK_INT(simple(SINK_QUERY), 0); /* a batch that moves nothing is held */
	CHECK_TRACE("ack figures answer");
	end();
}

static void test_batches_that_do_not_follow(void)
{
	start();
	resume(0, 3);
	CHECK_INT(batch(1, 4, 1, 1, 100, false), -ESTALE);
	CHECK_STR(err.s, "topic 't', partition 0: a batch begins at offset 4, the one before it ended at 3");
	CHECK_INT(core.in_hand, false);
	end();
	start();
	CHECK_INT(batch(1, 0, 1, 1, 100, false), -ESTALE); /* the partition was not named by an R */
	end();
	begin();
	CHECK_INT(simple(SINK_START), -EBADMSG);
	CHECK_STR(err.s, "the stream does not name a group");
	end();
}

static void test_rows_behind_the_last_batch(void)
{
	start();
	resume(0, 0);
	CHECK_INT(batch(1, 0, 1, 1, 100, true), 0);
	committed();
	strbuf_clear(&trace);
	sink_core_read(&core, 2, 20);
	CHECK_INT(say(&(struct sink_event){.kind = SINK_FINAL, .n = 2}), 0);
	CHECK_TRACE("commit done");
	CHECK(core.chain.changed);
	committed();
	CHECK_TRACE("figures"); /* the batch was acknowledged, and is not acknowledged again */
	CHECK(!core.chain.changed);
	end();
}

static void test_a_hop_that_changes_the_number(void)
{
	start();
	resume(0, 0);
	sink_core_read(&core, 1, 1);
	CHECK_INT(say(&(struct sink_event){.kind = SINK_BATCH,
			  .ranges = one(0, 0, 4, 4),
			  .batch = 1,
			  .n = 1,
			  .oldest_ms = -1,
			  .end_ms = 1}),
		0);
	CHECK(core.chain.changed);
	CHECK_INT(core.figures.oldest_ms, -1);
	committed();
	CHECK(!core.chain.changed);
	end();
}

static void test_a_conflict_and_an_end_with_nothing(void)
{
	start();
	strbuf_clear(&trace);
	CHECK_INT(simple(SINK_CONFLICT), 0);
	CHECK_TRACE("figures");
	CHECK_INT(core.figures.conflicts, 1);
	CHECK_INT(simple(SINK_FINAL), 0);
	CHECK_TRACE("done");
	end();
}

static void test_a_plain_stream(void)
{
	begin();
	CHECK(!sink_core_marked(&core));
	CHECK_INT(simple(SINK_END), 0); /* one without records commits nothing */
	CHECK_TRACE("done");
	sink_core_read(&core, 3, 1000); /* however much there is */
	CHECK_TRACE("");
	CHECK_INT(simple(SINK_END), 0);
	CHECK_TRACE("commit done");
	committed();
	CHECK_TRACE("figures");
	CHECK_INT(core.figures.records, 3);
	end();
}

int main(void)
{
	TEST(test_a_run);
	TEST(test_q_and_r_find_a_batch_in_hand);
	TEST(test_batches_that_do_not_follow);
	TEST(test_rows_behind_the_last_batch);
	TEST(test_a_hop_that_changes_the_number);
	TEST(test_a_conflict_and_an_end_with_nothing);
	TEST(test_a_plain_stream);
	return finish();
}
