/* Unit tests of common/stream/recreated: which answers make it worth looking at a record again. */
#include "common/stream/recreated.h"

#include "tests/unit/check.h"

static struct cursors t;

/* A partition whose records 0 to 9 had been read at the previous look, and 10 to LAST since then. */
static struct cursor *read_to(int64_t last)
{
	struct cursor *c = cursors_get(&t, "t", 0);
	cursors_assign(&t, c, 0);
	c->last = (struct identity){.known = true, .offset = 9, .ms = 900};
	c->max_ms = 950;
	c->checked = OFFSET_NONE;
	recreated_remember(&t, true);
	c->last.offset = last;
	return c;
}

static void test_what_is_asked(void)
{
	int64_t ms = 0;
	CHECK(!recreated_asks(read_to(9), &ms)); /* nothing has arrived since */
	struct cursor *c = read_to(12);
	CHECK(recreated_asks(c, &ms));
	CHECK_INT(ms, 951);
	recreated_remember(&t, true); /* the first look remains valid */
	CHECK_INT(c->anchor.offset, 9);
	recreated_remember(&t, false);
	CHECK_INT(c->anchor.offset, 12);
	c->anchor_max_ms = -1; /* records without times */
	CHECK(!recreated_asks(c, &ms));
	cursors_drop_all(&t);
}

static void test_suspicious(void)
{
	struct cursor *c = read_to(12);
	CHECK(!recreated_decide(c, OFFSET_NONE)); /* there is nothing newer */
	CHECK(!recreated_decide(c, 10));          /* it comes after what was read */
	CHECK(recreated_decide(c, 0));            /* the log begins with it */
	CHECK(c->before.known && c->before.offset == 9);
	c->before.known = false;
	CHECK(!recreated_decide(c, 0)); /* as found before */
	CHECK(recreated_decide(c, 9));
}

int main(void)
{
	TEST(test_what_is_asked);
	TEST(test_suspicious);
	cursors_release(&t);
	return check_done();
}
