/* common/stream/cursors: the table of partitions. */
#include "common/stream/cursors.h"

#include "tests/unit/check.h"

static struct cursors t;
static struct cursor *c;

/* One partition, read from 10 to 20. */
static void begin(void)
{
	cursors_release(&t);
	c = cursors_get(&t, "t", 0);
	c->end = 20;
	cursors_assign(&t, c, 10);
}

static void test_each_partition_once_in_order(void)
{
	cursors_release(&t);
	struct cursor *b1 = cursors_get(&t, "b", 1), *a0 = cursors_get(&t, "a", 0), *b0 = cursors_get(&t, "b", 0),
		      *a1 = cursors_get(&t, "a", 1);
	struct cursor *all[] = {a0, a1, b0, b1};
	CHECK_INT(t.count, 4);
	CHECK_INT(t.topic_count, 2);
	for (size_t i = 0; i < 4; i++)
		CHECK(t.items[i] == all[i]);
	CHECK(cursors_get(&t, "a", 1) == a1 && cursors_get(&t, "b", 0) == b0);
	CHECK(cursors_topic(&t, "b") == b0->topic && b0->topic == b1->topic && a0->topic != b0->topic);
}

static void test_what_is_open(void)
{
	begin();
	CHECK_INT(t.assigned, 1);
	CHECK_INT(t.open, 1);
	cursors_assign(&t, c, 12); /* again: still only one */
	CHECK_INT(t.assigned, 1);
	CHECK_INT(t.open, 1);
	cursors_advance(&t, c, 20);
	CHECK(c->ended);
	CHECK_INT(t.open, 0);
	cursors_advance(&t, c, 21); /* ended once */
	CHECK_INT(t.open, 0);
	cursors_assign(&t, c, 12); /* and open again */
	CHECK_INT(t.open, 1);
	CHECK(!c->ended);
}

/* A former defect: revoked while its last record is only partly written. */
static void test_what_is_revoked_is_open_no_more(void)
{
	begin();
	cursors_drop_all(&t);
	CHECK_INT(t.open, 0);
	cursors_advance(&t, c, 20);
	CHECK_INT(t.open, 0);
	CHECK(!c->ended);
}

static void test_records_that_are_taken(void)
{
	begin();
	CHECK_INT(cursors_accept(&t, c, 9, t.epoch), RECORD_SKIP);
	CHECK_INT(cursors_accept(&t, c, 10, t.epoch), RECORD_TAKE);
	CHECK_INT(cursors_accept(&t, c, 19, t.epoch), RECORD_TAKE); /* the records between are gone */
	CHECK(!c->ended);
	CHECK_INT(cursors_accept(&t, c, 20, t.epoch), RECORD_SKIP);
	CHECK(c->ended); /* there will be no record before the end */
	CHECK_INT(c->next, 20);
	CHECK_INT(t.open, 0);
	c->end = 30;
	CHECK_INT(cursors_accept(&t, c, 25, t.epoch), RECORD_SKIP); /* it has ended */
}

static void test_the_tail(void)
{
	begin();
	CHECK(cursor_has_more(c));
	cursors_at_tail(&t, c, 12); /* control records lie before it */
	CHECK_INT(c->next, 12);
	CHECK(!cursor_has_more(c));
	CHECK_INT(cursors_accept(&t, c, 11, t.epoch), RECORD_SKIP);
	CHECK(!cursor_has_more(c));
	CHECK_INT(cursors_accept(&t, c, 12, t.epoch), RECORD_TAKE);
	CHECK(cursor_has_more(c));
	cursors_at_tail(&t, c, 11); /* an old record */
	CHECK_INT(c->next, 12);
	cursors_at_tail(&t, c, 25); /* beyond the end of the run, and there is something in between */
	CHECK_INT(c->next, 20);
	CHECK(c->ended);
	CHECK_INT(t.open, 0);
	CHECK(cursor_has_more(c));
	cursors_at_tail(&t, c, 20);
	CHECK(!cursor_has_more(c));
	cursors_at_tail(&t, c, 30); /* it was counted as ended once */
	CHECK_INT(c->next, 20);
	CHECK_INT(t.open, 0);
	cursors_renew(&t);
	cursors_at_tail(&t, c, 20);
	CHECK_INT(cursors_accept(&t, c, 22, t.epoch - 1), RECORD_SKIP); /* of an earlier assignment */
	CHECK(!cursor_has_more(c));
	CHECK_INT(cursors_accept(&t, c, 22, t.epoch), RECORD_SKIP);
	CHECK(cursor_has_more(c));
	cursors_at_tail(&t, c, 20);
	cursors_assign(&t, c, 20);
	CHECK(cursor_has_more(c));
}

static void test_a_start_behind_the_end(void)
{
	begin();
	cursors_assign(&t, c, 40); /* at the position of a sink; not known to have ended */
	CHECK_INT(cursors_accept(&t, c, 40, t.epoch), RECORD_SKIP);
	CHECK(c->ended);
	CHECK_INT(c->next, 40);
}

static void test_records_of_another_assignment(void)
{
	begin();
	unsigned old = t.epoch;
	cursors_renew(&t);
	CHECK_INT(cursors_accept(&t, c, 10, old), RECORD_SKIP);
	CHECK_INT(cursors_accept(&t, c, 10, t.epoch), RECORD_TAKE);
	cursors_drop_all(&t);
	CHECK_INT(cursors_accept(&t, c, 10, t.epoch), RECORD_SKIP);
}

static void test_the_record_before_the_start(void)
{
	begin();
	c->before = (struct identity){.known = true, .offset = 9};
	CHECK_INT(cursors_accept(&t, c, 9, t.epoch), RECORD_COMPARE);
	CHECK_INT(cursors_accept(&t, c, 9, t.epoch), RECORD_SKIP);
	c->before = (struct identity){.known = true, .offset = 9};
	CHECK_INT(cursors_accept(&t, c, 10, t.epoch), RECORD_TAKE); /* compaction has removed it */
	CHECK(!c->before.known);
}

int main(void)
{
	TEST(test_each_partition_once_in_order);
	TEST(test_what_is_open);
	TEST(test_what_is_revoked_is_open_no_more);
	TEST(test_records_that_are_taken);
	TEST(test_the_tail);
	TEST(test_a_start_behind_the_end);
	TEST(test_records_of_another_assignment);
	TEST(test_the_record_before_the_start);
	cursors_release(&t);
	return check_done();
}
