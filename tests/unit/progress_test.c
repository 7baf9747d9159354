/* common/stream/progress: batches in flight, and what acknowledgements move. */
#include "common/stream/progress.h"

#include "tests/unit/check.h"

static struct cursors t;
static struct progress p;
static struct cursor *a, *b;

/* Two partitions; A is read from 0. */
static void begin(void)
{
	progress_release(&p);
	p = (struct progress){0};
	cursors_release(&t);
	a = cursors_get(&t, "t", 0);
	b = cursors_get(&t, "t", 1);
	cursors_assign(&t, a, 0);
}

static void batch(uint64_t number, int64_t next)
{
	a->next = next;
	progress_expect(&p, &t, number);
}

static void test_acknowledgements_move_what_was_read(void)
{
	begin();
	batch(0, 3);
	batch(1, 5);
	batch(2, 7);
	CHECK(progress_acked(&p, &t, 1));
	CHECK_INT(a->acked, 3);
	batch(3, 9); /* after those that are left */
	CHECK(progress_acked(&p, &t, 4));
	CHECK_INT(a->acked, 9);
	CHECK(!p.first && !p.last);
	batch(4, 11);
	CHECK(!progress_acked(&p, &t, 4)); /* nothing new */
	CHECK(!progress_acked(&p, &t, 2));
	CHECK_INT(p.done, 4);
	CHECK_INT(a->acked, 9);
}

static void test_never_back(void)
{
	begin();
	batch(0, 3);
	a->acked = 8;
	CHECK(progress_acked(&p, &t, 1));
	CHECK_INT(a->acked, 8);
}

static void test_what_is_not_ours_does_not_move(void)
{
	begin();
	b->next = 4;
	batch(0, 3); /* lists A only */
	CHECK_INT(p.first->count, 1);
	cursors_assign(&t, b, 2);
	b->next = 4;
	progress_acked(&p, &t, 1);
	CHECK_INT(b->acked, 2);
	batch(1, 5);
	cursors_drop_all(&t);
	batch(2, 6); /* lists nothing */
	cursors_assign(&t, a, 1);
	progress_acked(&p, &t, 3); /* of an earlier assignment */
	CHECK_INT(a->acked, 1);
}

static void test_due(void)
{
	begin();
	a->acked = 3;
	a->committed = 3;
	CHECK(!progress_due(a));
	a->committed = 2;
	CHECK(progress_due(a));
	cursors_drop_all(&t);
	CHECK(!progress_due(a));
}

int main(void)
{
	TEST(test_acknowledgements_move_what_was_read);
	TEST(test_never_back);
	TEST(test_what_is_not_ours_does_not_move);
	TEST(test_due);
	progress_release(&p);
	cursors_release(&t);
	return check_done();
}
