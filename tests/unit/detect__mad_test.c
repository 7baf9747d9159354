/* The statistics of methods: cusum, mad. */
#include <errno.h>
#include <float.h>

#include "cmd/detect/cusum.h"
#include "cmd/detect/mad.h"
#include "tests/unit/stat.h"

/* Nothing to free. */
static void cusum_release(struct cusum *c)
{
	*c = (struct cusum){0};
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

	/* few values: exact; many: within 1 % of the deviations, although the level is a million times the spread */
	for (int n = 8; n <= N; n = n * 5 / 2) {
		struct mad m = {0}, empty;
		CHECK(!m.ready);
		for (int i = 0; i < n; i++) {
			v[i] = 1e6 + random_normal(&seed) * (i % 50 ? 1 : 1e4);
			mad_add(&m, v[i]);
		}
		mad_freeze(&m, N * 2);
		double mad = exact_mad(v, (size_t)n), median = exact_quantile(v, (size_t)n, 0.5);
		CHECK(m.ready);
		CHECK(fabs(m.median - median) <= (n > 128 ? 0.003 : 1e-9));
		CHECK(fabs(m.mad / mad - 1) <= (n > 128 ? 0.02 : 1e-12));
		CHECK_SAVED(mad, &m, &empty);
		mad_release(&m);
	}
}

/* The distance of X from the median, in standard deviations of normal data. */
static double score(const struct mad *m, double x)
{
	return 0.6745 * (x - m->median) / m->mad;
}

/* Limits hold between two calls, and a full generation makes room for a new level. */
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
	double before = score(&m, 3);
	CHECK(before > 2.5 && before < 3.5);
	mad_add(&m, 1e6);
	CHECK(score(&m, 3) == before);
	mad_freeze(&m, 1000); /* too few for limits of their own */
	CHECK(score(&m, 3) == before);
	CHECK_SAVED(mad, &m, &empty);
	for (int i = 0; i < 2000; i++) {
		mad_add(&m, 500 + random_normal(&seed));
		if (i % 100 == 0)
			mad_freeze(&m, 1000);
	}
	CHECK(fabs(m.median - 500) < 0.3);
	CHECK(fabs(score(&m, 503) - 3) < 0.6);
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
	CHECK_SAVED(mad, &m, &empty);
	mad_release(&m);
	for (int i = 0; i < 300; i++)
		mad_add(&m, i % 2 ? DBL_MAX : -DBL_MAX);
	mad_freeze(&m, 100);
	for (int i = 0; i < 300; i++)
		mad_add(&m, i % 2 ? DBL_MAX : -DBL_MAX);
	mad_freeze(&m, 100);
	CHECK(m.ready && !isnan(m.median) && m.mad >= 0);
	CHECK_SAVED(mad, &m, &empty);
	mad_release(&m);
}

/* For the bytes of saved states see stat_format_test.c. */
static void test_formats(void)
{
	struct cusum c = {0};
	struct mad m = {0};

	for (int i = 0; i < 1000; i++) {
		cusum_add(&c, format_value(i) / 10000, 0.5);
		mad_add(&m, format_value(i) + 1e6);
		if (i % 100 == 0)
			mad_freeze(&m, 500);
	}
	CHECK_FORMAT(cusum, &c, 18, 0xa93789ae0e5e75a6u);
	CHECK_FORMAT(mad, &m, 909, 0x19d50dbd630843eeu);
	mad_release(&m);
}

int main(void)
{
	TEST(test_cusum);
	TEST(test_mad);
	TEST(test_generations);
	TEST(test_mad_special);
	TEST(test_formats);
	return check_done();
}
