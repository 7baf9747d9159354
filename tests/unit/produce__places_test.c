#include "cmd/produce/places.h"

#include "tests/unit/check.h"

static const char *describe(const struct places *p, uint64_t record)
{
	static struct strbuf text = STRBUF_INIT;
	strbuf_clear(&text);
	places_describe(p, record, &text);
	return text.s;
}

/* Records 1 to 3 are those of a except its first and its third; then come all records of b. */
static void fill(struct places *p)
{
	places_begin(p, "a", 0);
	CHECK_INT(places_next(p, 0), 1);
	places_skip(p, 0);
	CHECK_INT(places_next(p, 0), 2);
	CHECK_INT(places_next(p, 1), 3);
	places_skip(p, 1);
	CHECK_INT(places_next(p, 1), 4);
	places_begin(p, "b", 3);
}

static void test_inputs_with_gaps(void)
{
	struct places p = {0};
	fill(&p);
	CHECK_STR(describe(&p, 1), "record 2 of a");
	CHECK_STR(describe(&p, 2), "record 4 of a");
	CHECK_STR(describe(&p, 3), "record 5 of a");
	CHECK_STR(describe(&p, 4), "record 1 of b");
	CHECK_STR(describe(&p, 9), "record 6 of b");
	places_release(&p);
	CHECK_STR(describe(&p, 1), "");
}

/* Consecutive rejected records need one place, whatever their number. */
static void test_many_in_a_row(void)
{
	struct places p = {0};
	places_begin(&p, "a", 0);
	for (int i = 0; i < 1000; i++)
		places_skip(&p, 7);
	CHECK_INT(p.count, 2);
	CHECK_STR(describe(&p, 8), "record 1008 of a");
	places_release(&p);
}

static void test_forget(void)
{
	struct places p = {0};
	places_forget(&p);
	CHECK_INT(p.count, 0);
	fill(&p);
	places_skip(&p, 5);
	places_forget(&p);
	CHECK_INT(p.count, 1);
	CHECK_INT(places_next(&p, 5), 4);
	CHECK_STR(describe(&p, 6), "record 4 of b");
	CHECK_STR(describe(&p, 5), "");
	places_release(&p);
}

int main(void)
{
	TEST(test_inputs_with_gaps);
	TEST(test_many_in_a_row);
	TEST(test_forget);
	return check_done();
}
