#include "common/stat/extreme.h"

#include <errno.h>

#include "common/stat/histogram.h"
#include "tests/unit/stat.h"

static int order(int64_t i, double d)
{
	struct extreme_number a = {.is_int = true, .i = i}, b = {.d = d};
	int sign = extreme_compare(&a, &b);

	CHECK_INT(extreme_compare(&b, &a), -sign);
	return sign;
}

static void test_compare(void)
{
	CHECK_INT(order(1, 1), 0);
	CHECK_INT(order(1, 1.5), -1);
	CHECK_INT(order(2, 1.5), 1);
	CHECK_INT(order(-1, -1.5), 1);
	CHECK_INT(order(-2, -1.5), -1);
	CHECK_INT(order(0, -0.0), 0);
	CHECK_INT(order(0, 5e-324), -1);
	CHECK_INT(order(0, -5e-324), 1);
	CHECK_INT(order(INT64_MAX, 0x1p63), -1);
	CHECK_INT(order(INT64_MIN, -0x1p63), 0);
	CHECK_INT(order(INT64_MIN, -0x1.0000000000001p63), 1);
	CHECK_INT(order((INT64_C(1) << 53) + 1, 0x1p53), 1);
	CHECK_INT(order(INT64_MAX, INFINITY), -1);
	CHECK_INT(order(INT64_MIN, -INFINITY), 1);
}

static struct value of_text(const char *s)
{
	struct value text = {.type = VALUE_TEXT, .raw = s, .raw_len = strlen(s), .s = s, .len = strlen(s)}, v = {0};

	CHECK_INT(value_number(&text, &v), 0);
	return v;
}

static void add_text(struct extreme *e, const char *s)
{
	struct value v = of_text(s);

	extreme_add(e, &v);
}

/* Integers of any length keep their digits, even beside doubles that they would round to. */
static void test_long(void)
{
	struct extreme e = {0}, f = {0}, empty;

	add_text(&e, "10000000000000000000");
	add_text(&e, "10000000000000000001");
	CHECK_MEM(extreme_max(&e)->text, extreme_max(&e)->len, "10000000000000000001", 20);
	CHECK_MEM(extreme_min(&e)->text, extreme_min(&e)->len, "10000000000000000000", 20);
	CHECK_SAVED(extreme, &e, &empty);
	add_text(&e, "1e19"); /* the same as the least: the integer is kept */
	CHECK(extreme_min(&e)->text && extreme_min(&e)->is_int);
	add_text(&e, "9007199254740993.0");
	CHECK(extreme_min(&e)->is_int && !extreme_min(&e)->text && extreme_min(&e)->i == 9007199254740993);
	add_text(&f, "1e23"); /* not a double */
	add_text(&f, "-123456789012345678901234567890");
	extreme_merge(&e, &f);
	CHECK_MEM(extreme_max(&e)->text, extreme_max(&e)->len, "1e+23", 5);
	CHECK_MEM(extreme_min(&e)->text, extreme_min(&e)->len, "-123456789012345678901234567890", 31);
	CHECK_SAVED(extreme, &e, &empty);
	add_text(&e, "1e25"); /* not one either */
	add_text(&e, "2e22"); /* one */
	add_text(&e, "1.5e300");
	CHECK_MEM(extreme_max(&e)->text, extreme_max(&e)->len, "1.5e+300", 8);
	extreme_release(&e);
	extreme_release(&f);
}

static void test_extremes(void)
{
	struct extreme e = {0}, empty;

	CHECK(!extreme_min(&e) && !extreme_max(&e));
	extreme_add_double(&e, NAN);
	CHECK(!extreme_min(&e));
	CHECK_INT(e.nans, 1);
	CHECK_SAVED(extreme, &e, &empty);
	extreme_add_double(&e, 3);
	CHECK(!extreme_min(&e)->is_int && extreme_min(&e)->d == 3);
	extreme_add_int(&e, 3);
	CHECK(extreme_min(&e)->is_int);
	CHECK(extreme_max(&e)->is_int);
	extreme_add_double(&e, 3);
	CHECK(extreme_min(&e)->is_int && extreme_max(&e)->i == 3);
	extreme_add_int(&e, INT64_MAX);
	extreme_add_int(&e, INT64_MAX - 1);
	CHECK_INT(extreme_max(&e)->i, INT64_MAX);
	extreme_add_double(&e, -0.0);
	CHECK(extreme_min(&e)->d == 0 && !signbit(extreme_min(&e)->d));
	CHECK_SAVED(extreme, &e, &empty);
	extreme_add_double(&e, -INFINITY);
	CHECK(extreme_min(&e)->d == -INFINITY);
	CHECK_SAVED(extreme, &e, &empty);
}

static void test_order(void)
{
	enum { N = 200, PARTS = 3 };
	double v[N];
	uint64_t seed = 16;
	struct extreme all = {0};

	for (int i = 0; i < N; i++)
		v[i] = floor(random_normal(&seed) * 3);
	for (int round = 0; round < 20; round++) {
		struct extreme part[PARTS] = {0}, merged = {0};
		shuffle(v, N, &seed);
		for (int i = 0; i < N; i++) {
			extreme_add_double(&part[random_next(&seed) % PARTS], v[i]);
			extreme_add_int(&part[random_next(&seed) % PARTS], (int64_t)v[i]);
		}
		for (int p = 0; p < PARTS; p++)
			extreme_merge(&merged, &part[p]);
		if (round == 0)
			all = merged;
		CHECK_SAME(extreme, &all, &merged);
	}
}

static void test_bounds(void)
{
	CHECK(histogram_valid((const double[]){1}, 1));
	CHECK(histogram_valid((const double[]){-INFINITY, 0, INFINITY}, 3));
	CHECK(!histogram_valid(NULL, 0));
	CHECK(!histogram_valid((const double[]){1, 1}, 2));
	CHECK(!histogram_valid((const double[]){0.0, -0.0}, 2));
	CHECK(!histogram_valid((const double[]){2, 1}, 2));
	CHECK(!histogram_valid((const double[]){NAN}, 1));
	CHECK(!histogram_valid((const double[]){1, NAN, 2}, 3));
	CHECK(!histogram_valid((const double[HISTOGRAM_BOUNDS + 1]){0}, HISTOGRAM_BOUNDS + 1));
}

static void test_histogram(void)
{
	static const double bounds[] = {-1, 0, 2.5, 10}, more[] = {1};
	static const double v[] = {-1.5, -1, -0.5, -0.0, 0, 2.4999, 2.5, 10, 1e300, INFINITY, -INFINITY, NAN};
	static const uint64_t expect[] = {2, 2, 3, 1, 3};
	struct histogram h, other, empty;

	histogram_init(&h, bounds, 4);
	histogram_init(&other, bounds, 4);
	histogram_init(&empty, bounds, 4);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		histogram_add(i % 2 ? &h : &other, v[i]);
	histogram_merge(&h, &other);
	for (int i = 0; i < 5; i++)
		CHECK_INT(h.count[i], expect[i]);
	CHECK_INT(h.nans, 1);
	struct strbuf b = STRBUF_INIT;
	histogram_save(&h, &b);
	struct stat_in in = {(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(histogram_load(&empty, &in), 0);
	CHECK_SAME(histogram, &h, &empty);
	for (size_t cut = 0; cut < b.len; cut++) {
		in = (struct stat_in){(const unsigned char *)b.s, (const unsigned char *)b.s + cut};
		CHECK_INT(histogram_load(&empty, &in), -EBADMSG);
		CHECK_INT(empty.count[0], 0);
	}
	histogram_release(&empty);
	histogram_init(&empty, more, 1);
	in = (struct stat_in){(const unsigned char *)b.s, (const unsigned char *)b.s + b.len};
	CHECK_INT(histogram_load(&empty, &in), -EBADMSG); /* a different number of bounds */
	strbuf_release(&b);
	histogram_release(&h);
	histogram_release(&other);
	histogram_release(&empty);
}

/* The search compared with counting, for various numbers of bounds. */
static void test_search(void)
{
	double bounds[70];
	uint64_t seed = 17;

	for (size_t n = 1; n <= 70; n++) {
		struct histogram h;
		for (size_t i = 0; i < n; i++)
			bounds[i] = (double)i;
		histogram_init(&h, bounds, n);
		for (int round = 0; round < 200; round++) {
			double x = round % 2 ? floor(random_unit(&seed) * 74 - 2) : random_unit(&seed) * 74 - 2;
			size_t want = 0;
			while (want < n && bounds[want] <= x)
				want++;
			uint64_t before = h.count[want];
			histogram_add(&h, x);
			CHECK(h.count[want] == before + 1);
		}
		histogram_release(&h);
	}
}

int main(void)
{
	TEST(test_compare);
	TEST(test_extremes);
	TEST(test_long);
	TEST(test_order);
	TEST(test_bounds);
	TEST(test_histogram);
	TEST(test_search);
	return check_done();
}
