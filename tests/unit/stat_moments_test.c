#include "common/stat/moments.h"

#include <errno.h>
#include <float.h>

#include "tests/unit/stat.h"

static double variance(const double *v, size_t n)
{
	struct moments m = {0};
	double var = -1;

	for (size_t i = 0; i < n; i++)
		moments_add(&m, v[i]);
	CHECK(moments_var(&m, &var));
	moments_release(&m);
	return var;
}

#define VAR(...) variance((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void test_few(void)
{
	struct moments m = {0}, empty;
	double v = 7;

	CHECK(!moments_var(&m, &v) && !moments_stddev(&m, &v));
	CHECK_SAVED(moments, &m, &empty);
	moments_add(&m, 0.1);
	CHECK(!moments_var(&m, &v) && !moments_stddev(&m, &v) && v == 7);
	moments_add(&m, 0.1);
	CHECK(moments_var(&m, &v) && v == 0);
	moments_add(&m, 0.1);
	CHECK(moments_var(&m, &v) && v == 0);
	CHECK_SAVED(moments, &m, &empty);
	moments_release(&m);
	CHECK(VAR(1, 2) == 0.5);
	CHECK(VAR(2, 4, 4, 4, 5, 5, 7, 9) == 32.0 / 7);
	CHECK(VAR(0, 0, 0) == 0);
	CHECK(VAR(-1, 1) == 2);
}

/* Values that cancel in the textbook formulas. */
static void test_far_mean(void)
{
	CHECK(VAR(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16) == 30);
	CHECK(VAR(1e15 + 4, 1e15 + 7, 1e15 + 13, 1e15 + 16) == 30);
	CHECK(VAR(-1e15 - 4, -1e15 - 7, -1e15 - 13, -1e15 - 16) == 30);
	CHECK(VAR(1, 1 + DBL_EPSILON) == DBL_EPSILON * DBL_EPSILON / 2);
	CHECK(VAR(1e100, nextafter(1e100, INFINITY)) == 0.5 * pow(nextafter(1e100, INFINITY) - 1e100, 2));
	CHECK(VAR(1e-100, nextafter(1e-100, 1)) > 0);
	CHECK(VAR(1700000000000, 1700000000001, 1700000000002) == 1);
}

static void test_extremes(void)
{
	CHECK(VAR(0x1p500, -0x1p500) == 0x1p1001);
	CHECK(VAR(0x1p600, 1) == INFINITY);
	CHECK(VAR(0x1p-500, -0x1p-500) == 0x1p-999);
	CHECK(VAR(5e-324, 0, -5e-324) == 0);
	CHECK(isnan(VAR(INFINITY, 1)));
	CHECK(isnan(VAR(NAN, 1)));
}

/* The standard deviation of A and B, whose difference is exact. */
static void check_pair(double a, double b)
{
	struct moments m = {0}, part = {0}, empty;
	double v, exact = (double)(fabsl((long double)a - b) / sqrtl(2));

	moments_add(&m, a);
	moments_add(&part, b);
	moments_merge(&m, &part);
	CHECK(moments_stddev(&m, &v) && fabs(v - exact) <= 2 * (nextafter(exact, INFINITY) - exact));
	CHECK_SAVED(moments, &m, &empty);
	moments_release(&m);
	moments_release(&part);
}

/* Squares that exceed a double. */
static void test_wide(void)
{
	struct moments m = {0};
	double v;

	check_pair(1e160, 2e160);
	check_pair(1.2e308, -1.2e308);
	check_pair(0x1p499, 0x1p501);
	check_pair(1e308, 1e-308);
	check_pair(4e-200, 1e-200);
	check_pair(0x1p-481, 0x1p-479);
	check_pair(5e-324, 0);
	check_pair(1e-310, 3e-310);
	for (int i = 0; i < 3; i++)
		moments_add(&m, 1e200);
	CHECK(moments_stddev(&m, &v) && v == 0);
	CHECK(moments_var(&m, &v) && v == 0);
	moments_release(&m);
}

/* Compared with two passes in long double, and with Welford; their errors are printed. */
static void test_accuracy(void)
{
	enum { N = 20000 };
	static double v[N];
	uint64_t seed = 3;
	static const struct {
		double shift, scale;
	} kind[] = {{0, 1}, {1e9, 1}, {-1e6, 1e-3}, {0, 1e-9}, {0, 1e12}};

	for (size_t k = 0; k < sizeof(kind) / sizeof(*kind); k++) {
		long double sum = 0, squares = 0;
		double mean = 0, m2 = 0;
		for (int i = 0; i < N; i++) {
			v[i] = kind[k].shift + kind[k].scale * random_normal(&seed);
			sum += v[i];
			double diff = v[i] - mean;
			mean += diff / (i + 1);
			m2 += diff * (v[i] - mean);
		}
		for (int i = 0; i < N; i++)
			squares += (v[i] - sum / N) * (v[i] - sum / N);
		double exact = (double)(squares / (N - 1)), ours = variance(v, N);
		printf("# shift %g scale %g: relative error %.2g, Welford %.2g\n", kind[k].shift, kind[k].scale,
			fabs(ours / exact - 1), fabs(m2 / (N - 1) / exact - 1));
		CHECK(fabs(ours / exact - 1) < 4e-16);
	}
}

static void test_order(void)
{
	enum { N = 2000, PARTS = 5 };
	double v[N];
	uint64_t seed = 4;

	for (int kind = 0; kind < 2; kind++) {
		struct moments all = {0}, empty;
		for (int i = 0; i < N; i++) {
			v[i] = kind ? random_normal(&seed) * exp(30 * random_normal(&seed)) : random_unit(&seed);
			moments_add(&all, v[i]);
		}
		CHECK_SAVED(moments, &all, &empty);
		for (int round = 0; round < 5; round++) {
			struct moments part[PARTS] = {0}, merged = {0};
			shuffle(v, N, &seed);
			for (int i = 0; i < N; i++)
				moments_add(&part[random_next(&seed) % PARTS], v[i]);
			for (int i = 0; i < PARTS; i++) {
				moments_merge(&merged, &part[i]);
				moments_release(&part[i]);
			}
			CHECK_SAME(moments, &all, &merged);
			moments_release(&merged);
		}
		moments_release(&all);
	}
}

static void check_impossible(uint64_t n, double x, double square)
{
	struct moments m = {.n = n}, read;
	struct strbuf b = STRBUF_INIT;

	exact_add(&m.x, x);
	exact_add(&m.square, square);
	moments_save(&m, &b);
	struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(moments_load(&read, &in), -EBADMSG);
	strbuf_release(&b);
	moments_release(&m);
}

/*
 * Refused: zero values with a nonzero sum, a negative sum of squares, a variance below 0, and more than can be merged.
 */
static void test_impossible(void)
{
	check_impossible(2, 0, -1);
	check_impossible(0, 0, 1);
	check_impossible(0, 1, 0);
	check_impossible(2, 4, 7.5);
	check_impossible(1, -1e100, 0);
	check_impossible(UINT64_MAX, 1, 1);
}

int main(void)
{
	TEST(test_few);
	TEST(test_far_mean);
	TEST(test_extremes);
	TEST(test_wide);
	TEST(test_accuracy);
	TEST(test_order);
	TEST(test_impossible);
	return check_done();
}
