#include <errno.h>

#include "common/stat/hll.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/spacesaving.h"
#include "tests/unit/stat.h"

static void test_moments(void)
{
	struct moments m = {0}, empty;
	double var, mean;

	CHECK(!moments_mean(&m, &mean));
	moments_add(&m, 1e9 + 1);
	CHECK(!moments_var(&m, &var));
	moments_add(&m, 1e9 + 2);
	moments_add(&m, 1e9 + 3);
	CHECK(moments_var(&m, &var) && var == 1);
	CHECK(moments_mean(&m, &mean) && mean == 1e9 + 2);
	CHECK_SAVED(moments, &m, &empty);
	moments_release(&m);
}

static void test_quantile(void)
{
	struct quantile s = {0}, empty;
	double v;

	for (int i = 0; i < 100000; i++)
		quantile_add(&s, i - 1000);
	CHECK(quantile_get(&s, 0.5, &v) && fabs(v - 48999.5) < 490);
	CHECK(quantile_get(&s, 0, &v) && v == -1000);
	CHECK(quantile_get(&s, 1, &v) && v == 98999);
	CHECK_SAVED(quantile, &s, &empty);
	quantile_release(&s);
	for (int i = 0; i < 101; i++)
		quantile_add(&s, i);
	CHECK(quantile_get(&s, 0.255, &v) && v == 25.5);
	CHECK_SAVED(quantile, &s, &empty);
	quantile_release(&s);
}

static void test_hll(void)
{
	struct hll h = {0}, empty;

	for (int i = 0; i < 100000; i++)
		hll_add(&h, &i, sizeof(i));
	CHECK(llabs((long long)hll_count(&h) - 100000) < 2500);
	CHECK_SAVED(hll, &h, &empty);
	hll_release(&h);
	for (int i = 0; i < 1000; i++)
		hll_add(&h, &i, sizeof(i));
	CHECK_INT(hll_count(&h), 1000);
	CHECK_SAVED(hll, &h, &empty);
	hll_release(&h);
}

static void test_spacesaving(void)
{
	struct spacesaving s;
	const struct spacesaving_entry *top[3];

	spacesaving_init(&s, 100);
	for (int i = 0; i < 100000; i++) {
		int key = i % 3 ? i % 7 : i;
		CHECK_INT(spacesaving_add(&s, &key, sizeof(key), 1), 0);
	}
	CHECK_INT(spacesaving_top(&s, 3, top), 3);
	CHECK(!spacesaving_is_exact(&s));
	for (int i = 0; i < 3; i++)
		CHECK(top[i]->count >= 9523 && top[i]->count - top[i]->error <= 9525);
	spacesaving_release(&s);
}

int main(void)
{
	TEST(test_moments);
	TEST(test_quantile);
	TEST(test_hll);
	TEST(test_spacesaving);
	return check_done();
}
