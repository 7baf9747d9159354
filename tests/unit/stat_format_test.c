/*
 * The bytes of saved states: the same on every machine, with every compiler, and in every later version; otherwise
 * users could not read their snapshots and partial results.  If one of these tests fails, the version of the states has
 * to change.
 */
#include <endian.h>

#include "common/stat/ewma.h"
#include "common/stat/extreme.h"
#include "common/stat/hash64.h"
#include "common/stat/histogram.h"
#include "common/stat/hll.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/spacesaving.h"
#include "common/stat/sum.h"
#include "tests/unit/stat.h"

static void test_numbers(void)
{
	static const double bounds[] = {-1000, -1, 0, 1, 1000};
	struct sum s = {0};
	struct moments m = {0};
	struct extreme e = {0};
	struct histogram h;

	histogram_init(&h, bounds, 5);
	for (int i = 0; i < 1000; i++) {
		sum_add_int(&s, i * INT64_C(9000000000000000));
		sum_add_double(&s, format_value(i));
		moments_add(&m, format_value(i) / 3);
		extreme_add_double(&e, format_value(i));
		extreme_add_int(&e, i);
		histogram_add(&h, format_value(i));
	}
	CHECK_FORMAT(sum, &s, 26, 0xa64dced3b45d3008u);
	CHECK_FORMAT(moments, &m, 57, 0x70a035b244e82306u);
	CHECK_FORMAT(extreme, &e, 21, 0xa96603464bea0a18u);
	CHECK_FORMAT(histogram, &h, 12, 0x189c7058512adfb6u);
	sum_release(&s);
	moments_release(&m);
	histogram_release(&h);
}

static void test_sketches(void)
{
	struct quantile few = {0}, many = {0};
	struct hll kept = {0}, registers = {0};
	struct spacesaving exact, full;

	spacesaving_init(&exact, 1000);
	spacesaving_init(&full, 20);
	for (int i = 0; i < 3000; i++) {
		char key[16];
		int len = snprintf(key, sizeof(key), "%d", (int)fabs(format_value(i)) % 997);
		if (i < 100)
			quantile_add(&few, format_value(i));
		if (i < 1000)
			hll_add(&kept, key, (size_t)len);
		quantile_add(&many, format_value(i));
		hll_add(&registers, &(uint16_t){htole16((uint16_t)i)}, 2);
		CHECK_INT(spacesaving_add(&exact, key, (size_t)len, 1), 0);
		CHECK_INT(spacesaving_add(&full, key, (size_t)len, (uint64_t)i), 0);
	}
	CHECK_FORMAT(quantile, &few, 802, 0xd8ea8df69faa4f5fu);
	CHECK_FORMAT(quantile, &many, 2652, 0xb9a79da9abd2205bu);
	CHECK_FORMAT(hll, &kept, 3425, 0xe22be7886f486baeu);
	CHECK_FORMAT(hll, &registers, 12290, 0xd0baed3e99dcc2e9u);
	CHECK_FORMAT(spacesaving, &exact, 3670, 0x4891aa9fb2583ad8u);
	CHECK_FORMAT(spacesaving, &full, 188, 0x035eea8805547de4u);
	CHECK_INT(hll_count(&registers), 3017);
	quantile_release(&few);
	quantile_release(&many);
	hll_release(&kept);
	hll_release(&registers);
	spacesaving_release(&exact);
	spacesaving_release(&full);
}

static void test_ewma(void)
{
	struct ewma e = {0};

	for (int i = 0; i < 1000; i++)
		ewma_add(&e, format_value(i), 0.001);
	CHECK_FORMAT(ewma, &e, 19, 0x112dd312b2be3f98u);
}

int main(void)
{
	TEST(test_numbers);
	TEST(test_sketches);
	TEST(test_ewma);
	return check_done();
}
