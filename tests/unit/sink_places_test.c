/* common/stream/sink_places. */
#include "common/stream/sink_places.h"

#include "tests/unit/check.h"

static const char one[] = "one", two[] = "two";

static void add(struct sink_places *p, uint64_t nr, const char *input, uint64_t batch, uint64_t record)
{
	sink_places_add(p, nr, &(struct sink_place){.input = input, .batch = batch, .record = record});
}

static void check_place(const struct sink_places *p, uint64_t nr, const char *input, uint64_t batch, uint64_t record)
{
	const struct sink_place place = sink_places_find(p, nr);
	CHECK(place.input == input);
	CHECK_INT(place.batch, batch);
	CHECK_INT(place.record, record);
}

static void test_places(void)
{
	struct sink_places p = {0};
	check_place(&p, 7, NULL, 0, 0);
	for (uint64_t nr = 0; nr < 1000; nr++) /* the third record of each batch of ten was rejected */
		add(&p, nr, one, nr / 9, nr % 9 + 1 + (nr % 9 > 1));
	CHECK_INT(p.count, 2 * 1000 / 9 + 1);
	for (uint64_t nr = 0; nr < 1000; nr++)
		check_place(&p, nr, one, nr / 9, nr % 9 + 1 + (nr % 9 > 1));
	sink_places_release(&p);
	CHECK_INT(p.count, 0);
	check_place(&p, 0, NULL, 0, 0);
}

static void test_inputs(void)
{
	struct sink_places p = {0};
	add(&p, 0, one, 0, 1);
	add(&p, 1, two, 0, 2); /* not the next of the first input */
	add(&p, 2, two, 0, 3);
	CHECK_INT(p.count, 2);
	check_place(&p, 0, one, 0, 1);
	check_place(&p, 2, two, 0, 3);
	sink_places_release(&p);
}

int main(void)
{
	TEST(test_places);
	TEST(test_inputs);
	return check_done();
}
