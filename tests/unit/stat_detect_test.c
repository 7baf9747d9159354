/* The accumulators that detect uses: ewma, cusum, mad. */
#include <errno.h>
#include <float.h>

#include "common/stat/cusum.h"
#include "common/stat/ewma.h"
#include "common/stat/mad.h"
#include "tests/unit/stat.h"

/* Nothing to free. */
static void ewma_release(struct ewma *e)
{
	*e = (struct ewma){0};
}

static void cusum_release(struct cusum *c)
{
	*c = (struct cusum){0};
}

/* Against the weights written out: (1 - a)^(n - 1) for the first value, a (1 - a)^(n - 1 - i) for the others. */
static void test_ewma(void)
{
	enum { N = 200 };
	double v[N];
	uint64_t seed = 18;
	struct ewma e = {0}, empty;

	CHECK(ewma_score(&e, 5) == 0);
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
	CHECK(fabs(ewma_score(&e, e.mean + 3 * sqrt(e.var)) - 3) < 1e-9);
	CHECK(ewma_score(&e, e.mean - 1) < 0);
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
	CHECK(ewma_score(&e, 0.1) == 0);
	CHECK(ewma_score(&e, 0.2) == INFINITY);
	CHECK(ewma_score(&e, 0) == -INFINITY);
	CHECK(fabs(ewma_alpha(1) - 0.5) < 1e-15);
	CHECK(fabs(pow(1 - ewma_alpha(10), 10) - 0.5) < 1e-12);
}

/* Montgomery, "Introduction to Statistical Quality Control", example 9.1: the target 10, sigma 1, K 0.5, H 5. */
static void test_cusum(void)
{
	static const double v[] = {9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51,
		9.4, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31,
		10.52};
	struct cusum c = {0}, empty;

	CHECK_SAVED(cusum, &c, &empty);
	for (int i = 0; i < 30; i++) {
		cusum_add(&c, v[i] - 10, 0.5);
		if (i == 4)
			CHECK(fabs(c.up - 2.82) < 1e-9);
		if (i == 28) {
			CHECK(fabs(c.up - 5.28) < 1e-9);
			CHECK_INT(c.up_n, 7);
			CHECK(cusum_score(&c) == c.up);
		}
		if (i < 28)
			CHECK(fabs(cusum_score(&c)) <= 5);
	}
	CHECK_SAVED(cusum, &c, &empty);
	cusum_reset(&c);
	CHECK(cusum_score(&c) == 0);
	cusum_add(&c, -INFINITY, 0.5);
	CHECK(cusum_score(&c) == -1e6 + 0.5);
	CHECK_INT(c.down_n, 1);
	for (int i = 0; i < 1000; i++)
		cusum_add(&c, INFINITY, 0);
	CHECK(isfinite(c.up) && c.down == 0);
	CHECK_SAVED(cusum, &c, &empty);
}

static double exact_mad(double *v, size_t n)
{
	double median, *off = malloc(n * sizeof(*off));

	qsort(v, n, sizeof(*v), compare_doubles);
	median = exact_quantile(v, n, 0.5);
	for (size_t i = 0; i < n; i++)
		off[i] = fabs(v[i] - median);
	qsort(off, n, sizeof(*off), compare_doubles);
	double mad = exact_quantile(off, n, 0.5);
	free(off);
	return mad;
}

static void test_mad(void)
{
	enum { N = 5000 };
	static double v[N];
	uint64_t seed = 19;

	/* few: exact; many: 1 % of the deviations, though the level is a million times the spread */
	for (int n = 8; n <= N; n = n * 5 / 2) {
		struct mad m = {0}, empty;
		CHECK(mad_score(&m, 1) == 0);
		for (int i = 0; i < n; i++) {
			v[i] = 1e6 + random_normal(&seed) * (i % 50 ? 1 : 1e4);
			mad_add(&m, v[i]);
		}
		mad_freeze(&m, N * 2);
		double mad = exact_mad(v, (size_t)n), median = exact_quantile(v, (size_t)n, 0.5);
		CHECK(m.ready);
		CHECK(fabs(m.median - median) <= (n > 128 ? 0.003 : 1e-9));
		CHECK(fabs(m.mad / mad - 1) <= (n > 128 ? 0.02 : 1e-12));
		CHECK(fabs(mad_score(&m, m.median + 10) - 6.745 / m.mad) < 1e-9);
		CHECK(mad_score(&m, m.median) == 0);
		CHECK_SAVED(mad, &m, &empty);
		mad_release(&m);
	}
}

/* Limits hold between two calls, and a generation that is full makes room for a new level. */
static void test_generations(void)
{
	uint64_t seed = 20;
	struct mad m = {0}, empty;

	for (int i = 0; i < 7; i++)
		mad_add(&m, i);
	mad_freeze(&m, 1000);
	CHECK(!m.ready);
	for (int i = 0; i < 1000; i++)
		mad_add(&m, random_normal(&seed));
	mad_freeze(&m, 1000);
	CHECK_INT(m.values.n, 0);
	double score = mad_score(&m, 3);
	CHECK(score > 2.5 && score < 3.5);
	mad_add(&m, 1e6);
	CHECK(mad_score(&m, 3) == score);
	mad_freeze(&m, 1000); /* too few for limits of their own */
	CHECK(mad_score(&m, 3) == score);
	CHECK_SAVED(mad, &m, &empty);
	for (int i = 0; i < 2000; i++) {
		mad_add(&m, 500 + random_normal(&seed));
		if (i % 100 == 0)
			mad_freeze(&m, 1000);
	}
	CHECK(fabs(m.median - 500) < 0.3);
	CHECK(fabs(mad_score(&m, 503) - 3) < 0.6);
	CHECK_SAVED(mad, &m, &empty);
	mad_release(&m);
}

static void test_mad_special(void)
{
	struct mad m = {0}, empty;

	mad_add(&m, NAN);
	mad_add(&m, INFINITY);
	CHECK_INT(m.skipped, 2);
	for (int i = 0; i < 500; i++)
		mad_add(&m, 5);
	mad_freeze(&m, 10000);
	CHECK(m.mad == 0 && m.median == 5);
	CHECK(mad_score(&m, 5) == 0);
	CHECK(mad_score(&m, 5.01) == INFINITY);
	CHECK_SAVED(mad, &m, &empty);
	mad_release(&m);
	for (int i = 0; i < 300; i++)
		mad_add(&m, i % 2 ? DBL_MAX : -DBL_MAX);
	mad_freeze(&m, 100);
	for (int i = 0; i < 300; i++)
		mad_add(&m, i % 2 ? DBL_MAX : -DBL_MAX);
	mad_freeze(&m, 100);
	CHECK(!isnan(mad_score(&m, DBL_MAX)) && !isnan(mad_score(&m, -DBL_MAX)) && !isnan(mad_score(&m, 1)));
	CHECK_SAVED(mad, &m, &empty);
	mad_release(&m);
}

int main(void)
{
	TEST(test_ewma);
	TEST(test_ewma_constant);
	TEST(test_cusum);
	TEST(test_mad);
	TEST(test_generations);
	TEST(test_mad_special);
	return check_done();
}
