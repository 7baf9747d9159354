#include "common/stat/quantile.h"

#include <errno.h>
#include <float.h>

#include "tests/unit/stat.h"

#define BOUND 0.0099018 /* ddbins.h */

static const double some_q[] = {0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1};
#define QS (sizeof(some_q) / sizeof(*some_q))

/* Whether GOT is the quantile EXACT, which lies between LOW and HIGH, within the bound. */
static bool close_to(double got, double exact, double low, double high)
{
	double size = fabs(low) > fabs(high) ? fabs(low) : fabs(high);
	if ((low < 0) == (high < 0))
		size = fabs(exact);
	return fabs(got - exact) <= size * BOUND * (1 + 1e-12) + 0x1p-1074;
}

/* The sketch of the N values at V (sorted here) compared with the exact answers. */
static void check_sketch(const char *name, double *v, size_t n)
{
	struct ddsketch d = {0};
	double got, worst = 0;

	for (size_t i = 0; i < n; i++)
		ddsketch_add(&d, v[i]);
	qsort(v, n, sizeof(*v), compare_doubles);
	for (size_t i = 0; i < QS; i++) {
		double h = some_q[i] * (double)(n - 1), exact = exact_quantile(v, n, some_q[i]);
		size_t at = (size_t)h;
		CHECK(ddsketch_quantile(&d, some_q[i], &got));
		if (!close_to(got, exact, v[at], v[at + (at + 1 < n)])) {
			CHECK(!"within the bound");
			printf("# %s, q %g: %.17g, not %.17g\n", name, some_q[i], got, exact);
		}
		if (exact != 0 && fabs(got / exact - 1) > worst)
			worst = fabs(got / exact - 1);
	}
	printf("# %s: largest relative error %.3g\n", name, worst);
	ddsketch_release(&d);
}

static void test_bound(void)
{
	enum { N = 50000 };
	static double v[N];
	uint64_t seed = 5;
	const char *name[] = {"uniform", "log-normal", "normal", "Zipf", "sorted", "descending", "constant",
		"17 decades", "20 decades", "24 decades", "denormal", "mixed signs, close to zero", "two values",
		"powers of two", "one outlier", "one bin"};

	for (size_t kind = 0; kind < sizeof(name) / sizeof(*name); kind++) {
		for (int i = 0; i < N; i++) {
			double u = random_unit(&seed), z = random_normal(&seed);
			const double value[] = {u * 1000, exp(2 * z), z, floor(1 / (u + 1e-9)), i, N - i, 3.7,
				pow(10, 17 * u - 8), pow(10, 20 * u - 10), pow(10, 24 * u - 12),
				floor(u * 1000) * 0x1p-1074, z * 1e-12, i % 2 ? -1e-3 : 5e6,
				ldexp(i % 3 ? 1 : 1 - DBL_EPSILON / 2, (int)(u * 50)), i == 7 ? 1e300 : 5 + u,
				-1e6 - u};
			v[i] = value[kind];
		}
		check_sketch(name[kind], v, N);
	}
}

static void test_special(void)
{
	struct ddsketch d = {0}, empty;
	double v = 7;

	CHECK(!ddsketch_quantile(&d, 0.5, &v) && v == 7);
	ddsketch_add(&d, NAN);
	CHECK(!ddsketch_quantile(&d, 0.5, &v) && d.nans == 1);
	CHECK_SAVED(ddsketch, &d, &empty);
	ddsketch_add(&d, -0.0);
	CHECK(ddsketch_quantile(&d, 1, &v) && v == 0 && !signbit(v));
	CHECK_SAVED(ddsketch, &d, &empty);
	ddsketch_add(&d, INFINITY);
	ddsketch_add(&d, -INFINITY);
	CHECK(ddsketch_quantile(&d, 0, &v) && v == -INFINITY);
	CHECK(ddsketch_quantile(&d, 0.25, &v) && v == -INFINITY);
	CHECK(ddsketch_quantile(&d, 0.5, &v) && v == 0);
	CHECK(ddsketch_quantile(&d, 0.75, &v) && v == INFINITY);
	CHECK(ddsketch_quantile(&d, 1, &v) && v == INFINITY);
	ddsketch_add(&d, -3);
	ddsketch_add(&d, DBL_MAX);
	ddsketch_add(&d, DBL_MIN);
	CHECK_SAVED(ddsketch, &d, &empty);
	ddsketch_release(&d);
	ddsketch_add(&d, 42);
	CHECK(ddsketch_quantile(&d, 0.3, &v) && v == 42);
	ddsketch_add(&d, INFINITY); /* not 0 * infinity */
	CHECK(ddsketch_quantile(&d, 0, &v) && v == 42);
	CHECK(ddsketch_quantile(&d, 0.1, &v) && v == INFINITY);
	ddsketch_release(&d);
	for (int i = 0; i < 4; i++)
		ddsketch_add(&d, i < 3 ? DBL_MAX : INFINITY);
	CHECK(ddsketch_quantile(&d, 1.0 / 3, &v) && v > DBL_MAX * 0.99 && v <= DBL_MAX);
	ddsketch_release(&d);
}

/* 600 decades: all of them stay correct, and any order gives the same state. */
static void test_far(void)
{
	enum { N = 4000, PARTS = 4 };
	double v[N], got;
	uint64_t seed = 6;
	struct ddsketch all = {0}, empty;

	for (int i = 0; i < N; i++) {
		v[i] = pow(10, 600 * random_unit(&seed) - 300) * (i % 2 ? 1 : -1);
		ddsketch_add(&all, v[i]);
	}
	CHECK_SAVED(ddsketch, &all, &empty);
	CHECK(all.up.bin && all.down.bin);
	for (int round = 0; round < 20; round++) {
		struct ddsketch part[PARTS] = {0}, merged = {0};
		shuffle(v, N, &seed);
		if (round < 2)
			qsort(v, N, sizeof(*v), compare_doubles);
		for (int i = 0; i < N; i++)
			ddsketch_add(&part[round % 3 ? random_next(&seed) % PARTS : (unsigned)i * PARTS / N],
				v[round == 1 ? N - 1 - i : i]);
		for (int i = 0; i < PARTS; i++) {
			ddsketch_merge(&merged, &part[round % 2 ? i : PARTS - 1 - i]);
			ddsketch_release(&part[round % 2 ? i : PARTS - 1 - i]);
		}
		CHECK_SAME(ddsketch, &all, &merged);
		ddsketch_release(&merged);
	}
	qsort(v, N, sizeof(*v), compare_doubles);
	for (double q = 0.001; q < 1; q += 0.002)
		CHECK(ddsketch_quantile(&all, q, &got) && fabs(got / exact_quantile(v, N, q) - 1) <= BOUND);
	ddsketch_release(&all);
}

static void test_exact(void)
{
	double v[QUANTILE_EXACT + 1], got;
	uint64_t seed = 7;

	for (size_t n = 1; n <= QUANTILE_EXACT; n++) {
		struct quantile s = {0}, empty;
		for (size_t i = 0; i < n; i++)
			quantile_add(&s, v[i] = random_normal(&seed) * 100);
		quantile_add(&s, NAN);
		CHECK_INT(s.nans, 1);
		CHECK(quantile_is_exact(&s));
		if (n % 16 == 1)
			CHECK_SAVED(quantile, &s, &empty);
		qsort(v, n, sizeof(*v), compare_doubles);
		for (size_t i = 0; i < QS; i++)
			CHECK(quantile_get(&s, some_q[i], &got) && got == exact_quantile(v, n, some_q[i]));
		quantile_release(&s);
	}
}

/* Whether it is exact depends only on the number, and so does the state. */
static void test_merge(void)
{
	static const size_t sizes[][3] = {{0, 0, 0}, {1, 0, 0}, {10, 20, 30}, {128, 0, 0}, {64, 63, 1}, {64, 64, 1},
		{129, 0, 5}, {5, 200, 0}, {128, 128, 128}, {300, 300, 300}};
	double v[900];
	uint64_t seed = 8;

	for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		struct quantile all = {0}, part[3] = {0}, merged = {0}, empty;
		size_t n = 0;
		for (int p = 0; p < 3; p++)
			for (size_t i = 0; i < sizes[k][p]; i++, n++) {
				v[n] = floor(random_normal(&seed) * 10);
				quantile_add(&part[p], v[n]);
			}
		quantile_add(&part[2], NAN);
		quantile_add(&all, NAN);
		shuffle(v, n, &seed);
		for (size_t i = 0; i < n; i++)
			quantile_add(&all, v[i]);
		for (int p = 0; p < 3; p++)
			quantile_merge(&merged, &part[(p + k) % 3]);
		CHECK_INT(quantile_is_exact(&merged), n <= QUANTILE_EXACT);
		CHECK_SAME(quantile, &all, &merged);
		CHECK_SAVED(quantile, &all, &empty);
		quantile_release(&all);
		quantile_release(&merged);
		for (int p = 0; p < 3; p++)
			quantile_release(&part[p]);
	}
}

/* Invented states: too many values, bins without values, an end that is not in any bin. */
static void test_forged(void)
{
	struct ddsketch d = {0}, into = {0}, empty;
	struct strbuf b = STRBUF_INIT;
	double v;

	ddsketch_add(&d, 5);
	d.max = 7;
	ddsketch_save(&d, &b);
	struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(ddsketch_load(&empty, &in), -EBADMSG);
	d.max = 5;
	d.n = 2;
	strbuf_clear(&b);
	ddsketch_save(&d, &b);
	in = (struct stat_in){(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(ddsketch_load(&empty, &in), -EBADMSG);
	ddbins_add_slow(&d.up, ddbins_bin(5), UINT64_MAX - 1);
	d.n = UINT64_MAX;
	ddsketch_merge(&into, &d);
	ddsketch_merge(&into, &d); /* does nothing */
	CHECK(into.n == UINT64_MAX);
	CHECK(ddsketch_quantile(&into, 0.5, &v) && v == 5);
	ddsketch_release(&d);
	ddsketch_release(&into);
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_bound);
	TEST(test_special);
	TEST(test_far);
	TEST(test_exact);
	TEST(test_merge);
	TEST(test_forged);
	return check_done();
}
