/* cmd/consume/positions: how many partitions are assigned, open and unheard, whatever comes in whatever order. */
#include "cmd/consume/positions.h"
#include "tests/unit/check.h"

static struct positions t;

static struct position *part(int32_t partition, int64_t end)
{
	struct position *p = positions_get(&t, "topic", partition);
	p->end = end;
	return p;
}

static void test_counts(void)
{
	struct position *a = part(0, 5), *b = part(1, POSITION_NEVER);
	positions_assign(&t, a, 3);
	positions_assign(&t, b, 0);
	CHECK_INT(t.assigned, 2);
	CHECK_INT(t.open, 2);
	CHECK_INT(t.unheard, 2);
	positions_hear(&t, a);
	positions_hear(&t, a);
	CHECK_INT(t.unheard, 1);
	positions_advance(&t, a, 4);
	CHECK_INT(t.open, 2);
	positions_advance(&t, a, 5);
	positions_advance(&t, a, 6);
	CHECK_INT(t.open, 1);
	CHECK(a->ended);
	positions_release(&t);
}

/* The partition goes while its last record is being written: the next assignment must not seem to be at its end. */
static void test_last_record_of_a_partition_that_was_taken_away(void)
{
	struct position *a = part(0, 1), *b = part(1, 1);
	positions_assign(&t, a, 0);
	positions_drop_all(&t);
	positions_advance(&t, a, 1);
	CHECK_INT(t.open, 0);
	CHECK_INT(a->next, 1); /* the record is in the stream all the same */
	positions_assign(&t, b, 0);
	CHECK_INT(t.open, 1);
	positions_assign(&t, a, 0);
	CHECK_INT(t.open, 2);
	CHECK(!a->ended);
	positions_release(&t);
}

static void test_assigned_twice(void)
{
	struct position *a = part(0, 2);
	positions_assign(&t, a, 0);
	positions_assign(&t, a, 1);
	CHECK_INT(t.assigned, 1);
	CHECK_INT(t.open, 1);
	CHECK_INT(t.unheard, 1);
	positions_hear(&t, a);
	positions_advance(&t, a, 2);
	positions_assign(&t, a, 0);
	CHECK_INT(t.open, 1);
	CHECK_INT(t.unheard, 1);
	positions_release(&t);
}

static void test_a_new_epoch_keeps_what_has_ended(void)
{
	struct position *a = part(0, 1), *b = part(1, 9);
	positions_assign(&t, a, 0);
	positions_assign(&t, b, 0);
	positions_advance(&t, a, 1);
	unsigned epoch = t.epoch;
	positions_renew(&t);
	CHECK(t.epoch != epoch);
	CHECK_INT(t.open, 1);
	CHECK_INT(t.unheard, 2);
	CHECK(a->ended);
	positions_release(&t);
}

int main(void)
{
	TEST(test_counts);
	TEST(test_last_record_of_a_partition_that_was_taken_away);
	TEST(test_assigned_twice);
	TEST(test_a_new_epoch_keeps_what_has_ended);
	return check_done();
}
