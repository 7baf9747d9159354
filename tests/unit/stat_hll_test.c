#include "common/stat/hll.h"

#include <errno.h>

#include "tests/unit/stat.h"

/* The hash is part of the format of saved states: it must never change. */
static void test_hash(void)
{
	CHECK(stat_hash64("", 0) == stat_hash64(NULL, 0));
	CHECK(stat_hash64("", 0) == 0x80c4eca1cb30fb3eu);
	CHECK(stat_hash64("weir", 4) == 0x32b0c1ddb86324efu);
	CHECK(stat_hash64("weir", 4) != stat_hash64("weir", 3));
}

static void test_exact(void)
{
	struct hll h = {0}, empty;

	CHECK_INT(hll_count(&h), 0);
	CHECK_SAVED(hll, &h, &empty);
	for (unsigned i = 0; i < HLL_EXACT; i++) {
		for (int times = 0; times < 3; times++)
			hll_add(&h, &i, sizeof(i));
		CHECK_INT(hll_count(&h), i + 1);
		if ((i & (i + 1)) == 0)
			CHECK_SAVED(hll, &h, &empty);
	}
	CHECK(!h.reg);
	unsigned one_more = HLL_EXACT;
	hll_add(&h, &one_more, sizeof(one_more));
	CHECK(h.reg);
	CHECK(llabs((long long)hll_count(&h) - HLL_EXACT) < 26);
	CHECK_SAVED(hll, &h, &empty);
	hll_release(&h);
}

/* Root mean square of the relative error over many sketches, for numbers from few to very many. */
static void test_error(void)
{
	enum { RUNS = 60 };
	static const uint64_t sizes[] = {1100, 3000, 10000, 16384, 40000, 80000};
	uint64_t seed = 9;

	for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		double squares = 0, sum = 0;
		for (int run = 0; run < RUNS; run++) {
			struct hll h = {0};
			for (uint64_t i = 0; i < sizes[k]; i++)
				hll_add_hash(&h, random_next(&seed) | 1);
			double error = (double)hll_count(&h) / (double)sizes[k] - 1;
			squares += error * error;
			sum += error;
			CHECK(fabs(error) < 0.04);
			hll_release(&h);
		}
		printf("# %llu distinct: bias %+.4f, standard error %.4f\n", (unsigned long long)sizes[k], sum / RUNS,
			sqrt(squares / RUNS));
		CHECK(sqrt(squares / RUNS) < 0.0081 * 1.35); /* 60 runs: the estimate itself is 9 % off */
		CHECK(fabs(sum / RUNS) < 0.0081 / sqrt(RUNS) * 4);
	}
}

/* Numbers too large to add one by one: registers filled as that many values would fill them. */
static void test_many(void)
{
	uint64_t seed = 10;

	for (double n = 1e6; n < 1e17; n *= 10) {
		struct hll h = {.reg = calloc(HLL_REGISTERS, 1)};
		for (unsigned i = 0; i < HLL_REGISTERS; i++) {
			/* the greatest rank of Poisson(n / m) values: below r with probability exp(-n / m / 2^r) */
			double rank = log2(n / HLL_REGISTERS / -log(1 - random_unit(&seed)));
			h.reg[i] = (uint8_t)(rank < 0 ? 0 : rank > 50 ? 51 : ceil(rank));
		}
		CHECK(fabs((double)hll_count(&h) / n - 1) < 0.03);
		hll_release(&h);
	}
	struct hll full = {.reg = malloc(HLL_REGISTERS)}, empty;
	memset(full.reg, 51, HLL_REGISTERS);
	CHECK(hll_count(&full) > (uint64_t)1 << 62);
	CHECK_SAVED(hll, &full, &empty);
	memset(full.reg, 0, HLL_REGISTERS);
	CHECK_INT(hll_count(&full), 0);
	hll_release(&full);
}

/* The same set gives the same bytes, whatever the order, repetition or merges. */
static void test_order(void)
{
	static const int sizes[] = {1, 8, 100, 1024, 1025, 5000, 40000};
	enum { PARTS = 4 };
	uint64_t seed = 11;

	for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
		struct hll all = {0}, part[PARTS] = {0}, merged = {0}, empty;
		for (int i = 0; i < sizes[k]; i++)
			hll_add(&all, &i, sizeof(i));
		CHECK_SAVED(hll, &all, &empty);
		for (int i = sizes[k] - 1; i >= 0; i--)
			for (uint64_t times = random_next(&seed) % 3 + 1; times > 0; times--)
				hll_add(&part[random_next(&seed) % PARTS], &i, sizeof(i));
		for (int p = 0; p < PARTS; p++)
			hll_merge(&merged, &part[p]);
		hll_merge(&merged, &part[0]); /* repeating makes no difference */
		CHECK_SAME(hll, &all, &merged);
		for (int p = 0; p < PARTS; p++)
			hll_release(&part[p]);
		hll_release(&merged);
		hll_release(&all);
	}
}

static void test_refused(void)
{
	struct strbuf b = STRBUF_INIT;
	struct hll h;

	stat_put_u64(&b, 2);
	stat_put_u64(&b, 5);
	stat_put_u64(&b, 0); /* the same one twice */
	struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(hll_load(&h, &in), -EBADMSG);
	strbuf_clear(&b);
	stat_put_u64(&b, HLL_EXACT + 1);
	for (unsigned i = 0; i < HLL_REGISTERS / 4 * 3; i++)
		strbuf_addch(&b, (char)0xff); /* ranks of 63 */
	in = (struct stat_in){(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(hll_load(&h, &in), -EBADMSG);
	CHECK(!h.reg && !h.set);
	strbuf_release(&b);
}

int main(void)
{
	TEST(test_hash);
	TEST(test_exact);
	TEST(test_error);
	TEST(test_many);
	TEST(test_order);
	TEST(test_refused);
	return check_done();
}
