#include "common/stat/sum.h"

#include <errno.h>
#include <float.h>

#include "tests/unit/stat.h"

static double sum_of(const double *v, size_t n)
{
	struct sum s = {0};

	for (size_t i = 0; i < n; i++)
		sum_add_double(&s, v[i]);
	double ret = sum_double(&s);
	sum_release(&s);
	return ret;
}

#define SUM(...) sum_of((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void test_ints(void)
{
	struct sum s = {0}, empty;
	char text[SUM_TEXT];
	int64_t v;

	CHECK_INT(sum_int_text(&s, text), 1);
	CHECK_STR(text, "0");
	for (int i = 0; i < 3; i++)
		sum_add_int(&s, INT64_MIN);
	sum_int_text(&s, text);
	CHECK_STR(text, "-27670116110564327424");
	CHECK(!sum_int64(&s, &v));
	CHECK(sum_double(&s) == -27670116110564327424.0);
	CHECK_SAVED(sum, &s, &empty);
	for (int i = 0; i < 6; i++)
		sum_add_int(&s, INT64_MAX);
	sum_int_text(&s, text);
	CHECK_STR(text, "27670116110564327418");
	for (int i = 0; i < 3; i++)
		sum_add_int(&s, INT64_MIN);
	sum_add_int(&s, -1);
	CHECK(sum_int64(&s, &v));
	CHECK_INT(v, -7);
	CHECK(sum_double(&s) == -7);
	CHECK(sum_is_int(&s));
	CHECK_SAVED(sum, &s, &empty);
}

static void add_text(struct sum *s, const char *text, bool minus)
{
	struct value v = {.type = VALUE_TEXT, .raw = text, .raw_len = strlen(text), .s = text, .len = strlen(text)}, n;

	CHECK_INT(value_number(&v, &n), 0);
	sum_add(s, &n, minus);
}

/* Integers of more than 64 bits, and what remains of them. */
static void test_long(void)
{
	struct sum s = {0}, t = {0}, empty;
	char text[SUM_TEXT];
	int64_t v;

	add_text(&s, "10000000000000000000", false);
	add_text(&s, "10000000000000000001", false);
	CHECK(sum_is_int(&s) && !sum_int64(&s, &v));
	sum_int_text(&s, text);
	CHECK_STR(text, "20000000000000000001");
	CHECK_SAVED(sum, &s, &empty);
	add_text(&t, "-123456789012345678901234567890123456789012345678901234567890", false);
	sum_merge(&s, &t);
	sum_int_text(&s, text);
	CHECK_STR(text, "-123456789012345678901234567890123456788992345678901234567889");
	add_text(&s, "-123456789012345678901234567890123456789012345678901234567890", true);
	add_text(&s, "20000000000000000008", true);
	CHECK(sum_int64(&s, &v));
	CHECK_INT(v, -7);
	CHECK(sum_double(&s) == -7);
	CHECK_SAVED(sum, &s, &empty);
	add_text(&s, "-9223372036854775808", true);
	sum_int_text(&s, text);
	CHECK_STR(text, "9223372036854775801");
	add_text(&s, "0.5", true); /* rounded once */
	CHECK(!sum_is_int(&s) && sum_double(&s) == 9223372036854775800.0);
	sum_release(&s);
	sum_release(&t);
}

static void test_doubles(void)
{
	CHECK(SUM(0.1, 0.2) == 0.1 + 0.2);
	CHECK(SUM(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1) == 1);
	CHECK(SUM(1e300, 1, 1e-300, -1e300, -1) == 1e-300);
	CHECK(SUM(DBL_MAX, DBL_MAX, -DBL_MAX) == DBL_MAX);
	CHECK(SUM(DBL_MAX, DBL_MAX) == INFINITY);
	CHECK(SUM(-DBL_MAX, -DBL_MAX) == -INFINITY);
	CHECK(SUM(4.9e-324, 4.9e-324, 1e300, -1e300) == 2 * 4.9e-324);
	CHECK(SUM(DBL_MIN, -4.9e-324) == DBL_MIN - 4.9e-324);
	CHECK(SUM(1, 0x1p-53) == 1);
	CHECK(SUM(1, 0x1p-53, 0x1p-1074) == 1 + DBL_EPSILON);
	CHECK(SUM(-1, -0x1p-53, -0x1p-1074) == -1 - DBL_EPSILON);
	CHECK(SUM(1, 0x1p-52, 0x1p-53) == 1 + 2 * DBL_EPSILON);
	CHECK(SUM(INFINITY, -1e308) == INFINITY);
	CHECK(SUM(-INFINITY, 1) == -INFINITY);
	CHECK(isnan(SUM(INFINITY, -INFINITY)));
	CHECK(isnan(SUM(1, NAN)));
	CHECK(SUM(-0.0) == 0 && !signbit(SUM(-0.0)));
	CHECK(SUM(3, -3) == 0 && !signbit(SUM(3, -3)));
	CHECK(SUM(0x1p84, 0x1p-160, -0x1p84) == 0x1p-160);
}

/* More than the near limbs can hold, from many equal ones. */
static void test_spill(void)
{
	struct sum s = {0}, empty;

	for (int i = 0; i < 100000; i++)
		sum_add_double(&s, -0x1.fffffffffffffp83);
	sum_add_double(&s, 0x1p-160);
	CHECK(sum_double(&s) == -0x1.fffffffffffffp83 * 100000);
	CHECK_SAVED(sum, &s, &empty);
	for (int i = 0; i < 100000; i++)
		sum_add_double(&s, 0x1.fffffffffffffp83);
	CHECK(sum_double(&s) == 0x1p-160);
	CHECK_SAVED(sum, &s, &empty);
	sum_release(&s);
}

static void test_mixed(void)
{
	struct sum s = {0};

	sum_add_int(&s, INT64_MAX);
	sum_add_double(&s, 0.5);
	sum_add_int(&s, INT64_MIN);
	CHECK(!sum_is_int(&s));
	CHECK(sum_double(&s) == -0.5);
	sum_add_int(&s, -(INT64_C(1) << 60));
	CHECK(sum_double(&s) == -0x1p60);
	sum_add_double(&s, 0x1p60);
	CHECK(sum_double(&s) == -0.5);
	sum_release(&s);
}

/* Any order and any way of merging give the bytes of one run. */
static void test_order(void)
{
	enum { N = 3000, PARTS = 7 };
	double v[N];
	uint64_t seed = 1;

	for (int kind = 0; kind < 3; kind++) {
		struct sum all = {0}, empty;
		for (int i = 0; i < N; i++) {
			v[i] = kind == 0 ? random_bits(&seed) : exp(random_normal(&seed) * (kind == 1 ? 1 : 40));
			if (!isfinite(v[i]))
				v[i] = 1;
			sum_add_double(&all, v[i]);
			sum_add_int(&all, i);
		}
		CHECK_SAVED(sum, &all, &empty);
		for (int round = 0; round < 5; round++) {
			struct sum part[PARTS] = {0}, merged = {0};
			shuffle(v, N, &seed);
			for (int i = 0; i < N; i++) {
				sum_add_double(&part[random_next(&seed) % PARTS], v[i]);
				sum_add_int(&part[random_next(&seed) % PARTS], i);
			}
			for (int i = 0; i < PARTS; i++) {
				sum_merge(&merged, &part[i]);
				sum_release(&part[i]);
			}
			CHECK_SAME(sum, &all, &merged);
			CHECK(sum_double(&all) == sum_double(&merged));
			sum_release(&merged);
		}
		sum_release(&all);
	}
}

static void test_mean(void)
{
	struct sum s = {0};
	uint64_t seed = 2;

	sum_add_int(&s, INT64_MAX);
	sum_add_int(&s, INT64_MAX);
	CHECK(sum_mean(&s) == 0x1p63);
	sum_add_int(&s, -1);
	CHECK(sum_mean(&s) == (double)(INT64_MAX / 3 * 2 + 1));
	sum_release(&s);
	for (int i = 0; i < 1000; i++) { /* the mean of one value is that value */
		double x = random_bits(&seed);
		if (!isfinite(x))
			continue;
		while (s.n < 8) {
			sum_add_double(&s, x);
			CHECK(sum_mean(&s) == x);
		}
		sum_release(&s);
	}
	sum_add_double(&s, -INFINITY);
	CHECK(sum_mean(&s) == -INFINITY);
}

/* For doubles with 32 bits and exponents in a range of 30, a long double has the exact sum. */
static void test_against_long_double(void)
{
	uint64_t seed = 3;

	for (int i = 0; i < 20000; i++) {
		double v[3];
		for (int j = 0; j < 3; j++)
			v[j] = ldexp((double)(int32_t)random_next(&seed), (int)(random_next(&seed) % 30));
		CHECK(sum_of(v, 3) == (double)((long double)v[0] + v[1] + v[2]));
	}
}

int main(void)
{
	TEST(test_ints);
	TEST(test_long);
	TEST(test_doubles);
	TEST(test_spill);
	TEST(test_mixed);
	TEST(test_order);
	TEST(test_mean);
	TEST(test_against_long_double);
	return check_done();
}
