/*
 * How many million values a second the accumulators of common/stat take, on one core, by CPU time; the best of five
 * runs.
 *
 * usage: stat [NAME…]: only these accumulators.  Numbers are log-normal (median 20, like amounts), keys are Zipf.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/stat/ddsketch.h"
#include "common/stat/ewma.h"
#include "common/stat/extreme.h"
#include "common/stat/histogram.h"
#include "common/stat/hll.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/spacesaving.h"
#include "common/stat/sum.h"

#define N    (1u << 20)
#define WORD 8 /* bytes of a key */

static double amount[N], any[N];
static char key[N][WORD];

static uint64_t random_next(void)
{
	static uint64_t state = 1;
	state += 0x9e3779b97f4a7c15u;
	uint64_t z = state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double random_unit(void)
{
	return ((double)(random_next() >> 11) + 0.5) * 0x1p-53;
}

static void fill(void)
{
	for (unsigned i = 0; i < N; i++) {
		double normal = sqrt(-2 * log(random_unit())) * cos(6.283185307179586 * random_unit());
		amount[i] = round(20 * exp(normal) * 100) / 100;
		any[i] = (random_unit() - 0.5) * exp(20 * normal);
		snprintf(key[i], sizeof(key[i]), "%07u",
			(unsigned)exp(random_unit() * 14)); /* up to 1.2 M, density 1/x */
	}
}

static void bench_sum_int(void)
{
	struct sum s = {0};
	for (unsigned i = 0; i < N; i++)
		sum_add_int(&s, (int64_t)i - (int64_t)(N / 2));
	sum_release(&s);
}

static void bench_sum_double(void)
{
	struct sum s = {0};
	for (unsigned i = 0; i < N; i++)
		sum_add_double(&s, amount[i]);
	sum_release(&s);
}

static void bench_sum_any(void)
{
	struct sum s = {0};
	for (unsigned i = 0; i < N; i++)
		sum_add_double(&s, any[i]);
	sum_release(&s);
}

static void bench_moments(void)
{
	struct moments m = {0};
	for (unsigned i = 0; i < N; i++)
		moments_add(&m, amount[i]);
	moments_release(&m);
}

/* Moments without exactness, for comparison. */
static void bench_welford(void)
{
	double n = 0, mean = 0, m2 = 0;
	for (unsigned i = 0; i < N; i++) {
		double diff = amount[i] - mean;
		mean += diff / ++n;
		m2 += diff * (amount[i] - mean);
	}
	volatile double keep = m2;
	(void)keep;
}

static void bench_extreme(void)
{
	struct extreme e = {0};
	for (unsigned i = 0; i < N; i++)
		extreme_add_double(&e, amount[i]);
}

static void bench_ddsketch(void)
{
	struct ddsketch d = {0};
	for (unsigned i = 0; i < N; i++)
		ddsketch_add(&d, amount[i]);
	ddsketch_release(&d);
}

static void bench_ddsketch_any(void)
{
	struct ddsketch d = {0};
	for (unsigned i = 0; i < N; i++)
		ddsketch_add(&d, any[i]);
	ddsketch_release(&d);
}

static void bench_quantile(void)
{
	struct quantile s = {0};
	for (unsigned i = 0; i < N; i++)
		quantile_add(&s, amount[i]);
	quantile_release(&s);
}

static void bench_quantile_groups(void)
{
	static struct quantile s[N / 64];
	for (unsigned i = 0; i < N; i++)
		quantile_add(&s[random_next() % (N / 64)], amount[i]);
	for (unsigned i = 0; i < N / 64; i++)
		quantile_release(&s[i]);
}

static void bench_hll(void)
{
	struct hll h = {0};
	for (unsigned i = 0; i < N; i++)
		hll_add(&h, key[i], WORD - 1);
	hll_release(&h);
}

static void bench_hll_hashed(void)
{
	struct hll h = {0};
	for (unsigned i = 0; i < N; i++)
		hll_add_hash(&h, (i + 1) * 0x9e3779b97f4a7c15u);
	hll_release(&h);
}

static void bench_hll_kept(void)
{
	struct hll h = {0};
	for (unsigned i = 0; i < N; i++)
		hll_add_hash(&h, (i % 1000 + 1) * 0x9e3779b97f4a7c15u);
	hll_release(&h);
}

static void top(uint32_t capacity)
{
	struct spacesaving s;
	spacesaving_init(&s, capacity);
	for (unsigned i = 0; i < N; i++)
		if (spacesaving_add(&s, key[i], WORD - 1, 1) < 0)
			abort();
	spacesaving_release(&s);
}

static void bench_top_1000(void)
{
	top(1000);
}

static void bench_top_exact(void)
{
	top(1000000);
}

static void bench_histogram(void)
{
	static const double bounds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
	struct histogram h;
	histogram_init(&h, bounds, sizeof(bounds) / sizeof(*bounds));
	for (unsigned i = 0; i < N; i++)
		histogram_add(&h, amount[i]);
	histogram_release(&h);
}

static void bench_ewma(void)
{
	struct ewma e = {0};
	for (unsigned i = 0; i < N; i++)
		ewma_add(&e, amount[i], 0.1);
	volatile double keep = e.var;
	(void)keep;
}

static const struct {
	const char *name;
	void (*run)(void);
} benches[] = {
	{"sum_int", bench_sum_int},
	{"sum_double", bench_sum_double},
	{"sum_any", bench_sum_any},
	{"moments", bench_moments},
	{"(welford)", bench_welford},
	{"extreme", bench_extreme},
	{"ddsketch", bench_ddsketch},
	{"ddsketch_any", bench_ddsketch_any},
	{"quantile", bench_quantile},
	{"quantile_groups", bench_quantile_groups},
	{"hll", bench_hll},
	{"hll_hashed", bench_hll_hashed},
	{"hll_kept", bench_hll_kept},
	{"top_1000", bench_top_1000},
	{"top_exact", bench_top_exact},
	{"histogram", bench_histogram},
	{"ewma", bench_ewma},
};

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	fill();
	for (size_t i = 0; i < sizeof(benches) / sizeof(*benches); i++) {
		double best = INFINITY;
		if (!wanted(benches[i].name, argc, argv))
			continue;
		for (int run = 0; run < 5; run++) {
			double start = cpu_seconds();
			benches[i].run();
			double took = cpu_seconds() - start;
			best = took < best ? took : best;
		}
		printf("%-16s %8.1f M/s %8.1f ns\n", benches[i].name, N / best / 1e6, best / N * 1e9);
	}
	return 0;
}
