#include "common/stat/ddbins.h"

#include <errno.h>
#include <float.h>

#include "tests/unit/stat.h"

#define BOUND 0.0099018 /* ddbins.h */

/* The ends of every bin are within the bound of the value it stands for, and the bins are contiguous. */
static void test_bins(void)
{
	double x = 5e-324;
	uint32_t last = 0, steps = 0;

	CHECK_INT(ddbins_bin(0x1p-1074), 0);
	CHECK_INT(ddbins_bin(1), (51 + 1023) * 35);
	CHECK_INT(ddbins_bin(DBL_MAX), (51 + 2046) * 35 + 34);
	CHECK(isfinite(ddbins_value(ddbins_bin(DBL_MAX))));
	for (; isfinite(x); x = x * 1.003 > x ? x * 1.003 : nextafter(x, 1)) {
		uint32_t bin = ddbins_bin(x);
		CHECK(bin >= last);
		CHECK(x < DBL_MIN || bin <= last + 1);
		steps += bin != last;
		last = bin;
		CHECK(fabs(ddbins_value(bin) - x) <= x * BOUND + 0x1p-1074);
	}
	CHECK(steps > 70000);
	for (int k = 1; k < 35; k++) { /* both sides of an end */
		double end = exp2(k / 35.0);
		uint32_t below = ddbins_bin(end * (1 - 1e-15)), above = ddbins_bin(end * (1 + 1e-15));
		CHECK_INT(above - below, 1);
		CHECK(fabs(ddbins_value(below) - end) <= end * BOUND);
		CHECK(fabs(ddbins_value(above) - end) <= end * BOUND);
	}
}

/* More bins than fit in a row, compared with keeping all: in any order, adjacent or far apart. */
static void test_many(void)
{
	enum { N = 6000 };
	static uint64_t all[80000];
	static double bins[N];
	uint64_t seed = 21;

	for (int step = 1; step <= 12; step += 11) {
		uint32_t different = 0;
		memset(all, 0, sizeof(all));
		for (int i = 0; i < N; i++) {
			bins[i] = 70000 - (double)step * floor(3000 * random_unit(&seed));
			different += all[(int)bins[i]]++ == 0;
		}
		for (int round = 0; round < 4; round++) {
			struct ddbins b = {0}, empty;
			for (int j = 0; j < N; j++)
				ddbins_add(&b, (uint32_t)bins[j]);
			CHECK_INT(b.n, N);
			CHECK_INT(b.len, different);
			for (uint32_t j = 0; j < b.len; j++)
				CHECK(ddbins_count(&b, j) == all[ddbins_at(&b, j)]);
			CHECK_SAVED(ddbins, &b, &empty);
			ddbins_release(&b);
			shuffle(bins, N, &seed);
			if (round > 0)
				qsort(bins, N, sizeof(*bins), compare_doubles);
			for (int j = 0; round == 2 && j < N / 2; j++) {
				double swap = bins[j];
				bins[j] = bins[N - 1 - j];
				bins[N - 1 - j] = swap;
			}
		}
	}
}

/* Each double has a bin of its own kind, and all of them fit. */
static void test_all(void)
{
	struct ddbins b = {0}, empty;
	uint32_t bins = ddbins_bin(DBL_MAX) + 1;

	for (uint32_t i = 0; i < bins; i++)
		ddbins_add(&b, i);
	CHECK_INT(b.len, bins);
	CHECK_INT(ddbins_lowest(&b), 0);
	CHECK_INT(ddbins_highest(&b), bins - 1);
	CHECK_SAVED(ddbins, &b, &empty);
	ddbins_release(&b);
}

/* Counts of two, four and eight bytes. */
static void test_widths(void)
{
	struct ddbins b = {0}, c = {0}, empty;

	for (int i = 0; i < 70000; i++)
		ddbins_add(&b, i < 66000 ? 1000 : 1010);
	CHECK_INT(b.width, 4);
	CHECK_INT(ddbins_count(&b, 1000 - b.base), 66000);
	CHECK_INT(ddbins_count(&b, 1010 - b.base), 4000);
	CHECK_SAVED(ddbins, &b, &empty);
	ddbins_add_slow(&b, 990, (uint64_t)1 << 40);
	CHECK_INT(b.width, 8);
	CHECK_INT(b.n, ((int64_t)1 << 40) + 70000);
	ddbins_add_slow(&c, 5000, 65535);
	CHECK_INT(c.width, 2);
	ddbins_add(&c, 5000);
	CHECK_INT(c.width, 4);
	CHECK_INT(ddbins_count(&c, 5000 - c.base), 65536);
	ddbins_merge(&c, &b); /* 4000 bins below */
	CHECK_INT(c.n, b.n + 65536);
	CHECK_INT(c.len, 4);
	CHECK_INT(ddbins_lowest(&c), 990);
	CHECK_INT(ddbins_highest(&c), 5000);
	CHECK_INT(ddbins_count(&c, 1), 66000);
	CHECK_SAVED(ddbins, &c, &empty);
	ddbins_release(&b);
	ddbins_release(&c);
}

int main(void)
{
	TEST(test_bins);
	TEST(test_many);
	TEST(test_all);
	TEST(test_widths);
	return check_done();
}
