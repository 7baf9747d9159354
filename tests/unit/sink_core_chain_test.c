/* The chain of batches of a sink: what each partition builds on, and what a commit moves. */
#include <errno.h>
#include <stdlib.h>

#include "tests/unit/sink_core.h"

static char other[] = "u";

/* Partitions 0 and 1 of t, and 0 of u, which begin where FROM says; the table has WAS for each. */
static struct mark_ranges three(struct mark_range *parts, int64_t was, int64_t from)
{
	for (int i = 0; i < 3; i++)
		parts[i] = (struct mark_range){.topic = i < 2 ? topic : other,
			.partition = i % 2,
			.was = was,
			.start = from,
			.from = from,
			.to = from,
			.topic_parts = i < 2 ? 2 : RANGE_NONE};
	return (struct mark_ranges){parts, 3};
}

static void test_partitions_have_chains_of_their_own(void)
{
	struct chain chain = {0};
	struct mark_range parts[3];
	struct mark_ranges ranges = three(parts, -1, 5);
	struct position *moves;
	size_t stay;
	chain_resume(&chain, &ranges);
	CHECK(chain.items[0].has_parts && chain.items[0].parts == 2 && !chain.items[2].has_parts);
	for (int i = 0; i < 3; i++) {
		CHECK_INT(chain.items[i].lost_to, 0);
		parts[i].to = 6 + i;
		parts[i].records = (uint64_t)i + 1;
	}
	parts[1].has_last = true;
	parts[1].last_ms = 9;
	parts[1].last_crc = 8;
	parts[1].last_offset = 6;
	struct mark_range turned[] = {parts[2], parts[1], parts[0]}; /* whatever the order in a mark */
	CHECK_INT(chain_extend(&chain, &(struct mark_ranges){turned, 3}, 6, &err), 0);
	CHECK_INT(chain.items[0].next, 6);
	CHECK_INT(chain.items[1].next, 7);
	CHECK_INT(chain.items[2].next, 8);
	CHECK_INT(chain.items[2].records, 3);
	CHECK(chain.items[1].has_last && chain.items[1].last_ms == 9 && chain.items[1].last_crc == 8);
	CHECK(!chain.items[0].has_last && !chain.changed);
	parts[1] = (struct mark_range){.topic = topic, .partition = 1, .from = 7, .to = 7}; /* without a last record */
	CHECK_INT(chain_extend(&chain, &(struct mark_ranges){&parts[1], 1}, 0, &err), 0);
	CHECK(chain.items[1].has_last && chain.items[1].last_offset == 6);
	CHECK_INT(chain_moves(&chain, true, &moves, &stay), 3);
	CHECK_STR(moves[2].topic, "u");
	free(moves);
	parts[0] = (struct mark_range){.topic = other, .partition = 1}; /* not named by an R */
	CHECK_INT(chain_extend(&chain, &(struct mark_ranges){&parts[0], 1}, 0, &err), -ESTALE);
	chain_release(&chain);
}

/* A commit has the cut of the last batch held, and R's cut for partitions that no batch has named. */
static void test_cuts(void)
{
	struct chain chain = {0};
	struct mark_range parts[3];
	struct mark_ranges ranges = three(parts, 5, 5);
	struct position *moves;
	size_t stay;
	for (int i = 0; i < 3; i++)
		parts[i].cut = (struct cut){.known = true, .run = 6, .batch = 3};
	chain_resume(&chain, &ranges);
	for (uint64_t b = 1; b < 3; b++) {
		parts[0].from = 4 + (int64_t)b;
		parts[0].to = 5 + (int64_t)b;
		parts[0].cut = (struct cut){.known = true, .run = 7, .batch = b};
		CHECK_INT(chain_extend(&chain, &(struct mark_ranges){parts, 1}, 0, &err), 0);
	}
	CHECK_INT(chain_moves(&chain, false, &moves, &stay), 1);
	CHECK(moves[0].cut.run == 7 && moves[0].cut.batch == 2);
	free(moves);
	CHECK(chain.items[1].cut.run == 6 && chain.items[1].cut.batch == 3);
	chain_release(&chain);
}

static void test_lost_offsets(void)
{
	static const struct {
		int64_t was, start, from, to;
	} rows[] = {{-1, 5, 0, 0}, {5, 5, 0, 0}, {5, 9, 5, 9}, {9, 5, 0, 0}, {0, 1, 0, 1}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct chain chain = {0};
		struct mark_ranges ranges = one(rows[i].was, rows[i].start, rows[i].start, 0);
		chain_resume(&chain, &ranges);
		CHECK_INT(chain.items[0].lost_from, rows[i].from);
		CHECK_INT(chain.items[0].lost_to, rows[i].to);
		CHECK_INT(chain.items[0].from, rows[i].start);
		chain_release(&chain);
	}
}

static void test_what_a_commit_moves(void)
{
	struct chain chain = {0};
	struct mark_range parts[3];
	struct mark_ranges ranges = three(parts, -1, 5);
	struct position *moves;
	size_t stay;
	parts[0].was = 5; /* the table has only the first one */
	chain_resume(&chain, &ranges);
	CHECK_INT(chain_moves(&chain, false, &moves, &stay), 0);
	CHECK_INT(stay, 1);
	free(moves);
	CHECK_INT(chain_moves(&chain, true, &moves, &stay), 1); /* rows of no batch: it must still be owned */
	CHECK_INT(stay, 0);
	CHECK(moves[0].partition == 0 && moves[0].next == 5);
	free(moves);
	CHECK_INT(chain_extend(&chain, &(struct mark_ranges){&parts[1], 1}, 0, &err), 0); /* an empty first batch */
	CHECK_INT(chain_moves(&chain, false, &moves, &stay), 1);
	CHECK(moves[0].partition == 1 && moves[0].was == -1);
	CHECK_INT(stay, 1); /* positions in the table that no batch moves are also compared */
	CHECK(moves[1].partition == 0 && moves[1].was == 5 && moves[1].next == 5);
	free(moves);
	chain_committed(&chain);
	CHECK_INT(chain.items[0].was, 5);
	CHECK_INT(chain.items[1].was, 5);
	CHECK_INT(chain.items[2].was, -1); /* no batch has named it, so it was not committed */
	CHECK_INT(chain_moves(&chain, false, &moves, &stay), 0);
	free(moves);
	parts[0].to = 8;
	parts[0].records = 3;
	CHECK_INT(chain_extend(&chain, &(struct mark_ranges){&parts[0], 1}, 3, &err), 0);
	CHECK_INT(chain_moves(&chain, true, &moves, &stay), 1);
	CHECK_INT(moves[0].records, 3);
	CHECK_INT(stay, 1);
	CHECK_INT(moves[1].partition, 1);
	free(moves);
	chain_committed(&chain);
	CHECK_INT(chain.items[0].was, 8);
	CHECK_INT(chain.items[0].from, 8);
	CHECK_INT(chain.items[0].records, 0);
	chain_release(&chain);
}

static void test_lost_offsets_are_committed_without_a_batch(void)
{
	struct chain chain = {0};
	struct mark_ranges ranges = one(5, 9, 9, 0);
	chain_resume(&chain, &ranges);
	chain_committed(&chain);
	CHECK_INT(chain.items[0].was, 9);
	CHECK_INT(chain.items[0].lost_to, 0);
	chain_release(&chain);
}

static void test_the_oldest_record_in_hand(void)
{
	static const int64_t told[] = {-1, 900, 950, -1, 800}, expected[] = {-1, 900, 900, 900, 800};
	start();
	resume(0, 0);
	for (int i = 0; i < 5; i++) {
		CHECK_INT(say(&(struct sink_event){.kind = SINK_BATCH,
				  .ranges = one(0, i, i + 1, 1),
				  .batch = (uint64_t)i + 1,
				  .n = 1,
				  .oldest_ms = told[i]}),
			0);
		CHECK_INT(core.figures.oldest_ms, expected[i]);
		CHECK(!core.chain.changed);
	}
	end();
}

static void test_an_end_behind_a_batch_without_records(void)
{
	start();
	resume(2, 9); /* lost records move the position, though nothing was read */
	CHECK_INT(batch(1, 9, 0, 0, 100, false), 0);
	strbuf_clear(&trace);
	CHECK_INT(say(&(struct sink_event){.kind = SINK_FINAL}), 0);
	CHECK_TRACE("commit done");
	CHECK(!core.chain.changed); /* F has no rows */
	end();
}

int main(void)
{
	TEST(test_partitions_have_chains_of_their_own);
	TEST(test_cuts);
	TEST(test_lost_offsets);
	TEST(test_what_a_commit_moves);
	TEST(test_lost_offsets_are_committed_without_a_batch);
	TEST(test_the_oldest_record_in_hand);
	TEST(test_an_end_behind_a_batch_without_records);
	return finish();
}
