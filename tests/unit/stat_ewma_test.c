#include "common/stat/ewma.h"

#include <errno.h>

#include "tests/unit/stat.h"

/* Nothing to free. */
static void ewma_release(struct ewma *e)
{
	*e = (struct ewma){0};
}

/* Compared with explicit weights: (1 - a)^(n - 1) for the first value, a (1 - a)^(n - 1 - i) for the others. */
static void test_ewma(void)
{
	enum { N = 200 };
	double v[N];
	uint64_t seed = 18;
	struct ewma e = {0}, empty;

	CHECK_SAVED(ewma, &e, &empty);
	for (int n = 1; n <= N; n++) {
		const double a = 0.1;
		double mean = 0, var = 0;
		v[n - 1] = 1000 + random_normal(&seed);
		ewma_add(&e, v[n - 1], a);
		for (int pass = 0; pass < 2; pass++) {
			double sum = 0;
			for (int i = 0; i < n; i++) {
				double weight = (i ? a : 1) * pow(1 - a, n - 1 - i);
				sum += weight * (pass ? (v[i] - mean) * (v[i] - mean) : v[i]);
			}
			*(pass ? &var : &mean) = sum;
		}
		CHECK(fabs(e.mean - mean) < 1e-10);
		CHECK(fabs(e.var - var) < 1e-9);
	}
	CHECK_SAVED(ewma, &e, &empty);
	ewma_add(&e, NAN, 0.1);
	ewma_add(&e, -INFINITY, 0.1);
	ewma_add(&e, 1e200, 0.1);
	CHECK_INT(e.skipped, 3);
	CHECK_INT(e.n, N);
	CHECK(isfinite(e.var));
	for (int i = 0; i < 1000; i++)
		ewma_add(&e, i % 2 ? EWMA_MAX : -EWMA_MAX, 1);
	CHECK(isfinite(e.mean) && isfinite(e.var));
	CHECK_SAVED(ewma, &e, &empty);
}

static void test_ewma_constant(void)
{
	struct ewma e = {0};

	for (int i = 0; i < 10; i++)
		ewma_add(&e, 0.1, 0.3);
	CHECK(e.mean == 0.1 && e.var == 0);
}

int main(void)
{
	TEST(test_ewma);
	TEST(test_ewma_constant);
	return check_done();
}
