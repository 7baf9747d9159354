/* Unit tests of a set of numbers: numset.h. */
#include "common/base/numset.h"

#include "tests/unit/check.h"

static void test_once(void)
{
	static const uint64_t first[] = {0, 3, 4, 9, UINT64_MAX}, again[] = {0, 2, 3, 5, 9, UINT64_MAX};
	static const bool new[] = {false, true, false, true, false, false};
	struct numset r = {0};
	for (size_t i = 0; i < 5; i++)
		CHECK(numset_add(&r, first[i]));
	for (size_t i = 0; i < 6; i++)
		CHECK_INT(numset_add(&r, again[i]), new[i]);
	CHECK_INT(r.count, 7);
	CHECK(numset_has(&r, 4) && numset_has(&r, UINT64_MAX) && !numset_has(&r, 6));
	for (size_t i = 1; i < r.count; i++)
		CHECK(r.all[i - 1] < r.all[i]);
	numset_clear(&r);
	CHECK_INT(r.count, 0);
	CHECK(!numset_has(&r, 3));
	CHECK(numset_add(&r, 3));
	numset_clear(&r);
}

static void test_many(void)
{
	struct numset r = {0};
	for (uint64_t i = 0; i < 1000; i++)
		CHECK(numset_add(&r, i * 7 % 1000));
	for (uint64_t i = 0; i < 1000; i++) {
		CHECK(numset_has(&r, i));
		CHECK(!numset_add(&r, i));
		CHECK_INT(r.all[i], i);
	}
	numset_clear(&r);
}

int main(void)
{
	TEST(test_once);
	TEST(test_many);
	return check_done();
}
