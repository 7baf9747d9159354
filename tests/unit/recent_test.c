#include "common/data/recent.h"

#include <stdlib.h>

#include "tests/unit/check.h"

/* Add NUMBER at NOW_MS unless it is there; was it? */
static bool seen(struct recent *r, uint64_t number, int64_t now_ms)
{
	struct recent_key key = recent_hash(r, &number, sizeof(number));

	if (recent_has(r, key, now_ms))
		return true;
	recent_add(r, key, now_ms);
	return false;
}

static void test_window(void)
{
	struct recent r;

	CHECK_INT(recent_init(&r, 100, 1 << 20), 0);
	CHECK(!seen(&r, 1, 1000));
	CHECK(seen(&r, 1, 1000));
	CHECK(seen(&r, 1, 1099));
	CHECK(!seen(&r, 1, 1100));
	CHECK(seen(&r, 1, 1101));
	CHECK_INT(r.count, 1);
	CHECK_INT(r.evicted, 0);
	recent_release(&r);
}

static void test_limit(void)
{
	struct recent r;

	CHECK_INT(recent_init(&r, 100, 1), 0);
	for (uint64_t i = 0; i < r.limit + 10; i++)
		CHECK(!seen(&r, i, 0));
	CHECK_INT(r.evicted, 10);
	CHECK(seen(&r, r.limit + 9, 0));
	CHECK(seen(&r, 10, 0));
	CHECK(!seen(&r, 9, 0));
	recent_release(&r);
}

static uint64_t next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	uint64_t z = *state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* A window that slides over keys, against the time at which each was last taken. */
static void test_slide(void)
{
	enum { KEYS = 5000, WINDOW = 700 };
	static int64_t taken[KEYS];
	uint64_t state = 1, wrong = 0;
	struct recent r;

	CHECK_INT(recent_init(&r, WINDOW, 1 << 20), 0);
	for (int64_t now = WINDOW; now < 300000; now++) {
		uint64_t key = next(&state) % KEYS;
		bool want = taken[key] && now - taken[key] < WINDOW;
		wrong += seen(&r, key, now) != want;
		if (!want)
			taken[key] = now;
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(r.evicted, 0);
	recent_release(&r);
}

/* Ten million keys, each perhaps several times, against one bit for each number. */
static void test_many(void)
{
	enum { ROUNDS = 10000000, NUMBERS = 1 << 24 };
	unsigned char *bits = calloc(NUMBERS / 8, 1);
	uint64_t state = 2, wrong = 0;
	struct recent r;

	CHECK(bits != NULL);
	CHECK_INT(recent_init(&r, 1000, UINT64_C(2) << 30), 0);
	for (int i = 0; bits && i < ROUNDS; i++) {
		uint64_t key = next(&state) % NUMBERS;
		bool want = bits[key / 8] >> key % 8 & 1;
		wrong += seen(&r, key, 0) != want;
		bits[key / 8] |= (unsigned char)(1 << key % 8);
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(r.evicted, 0);
	recent_release(&r);
	free(bits);
}

static void test_hash(void)
{
	struct recent r;
	char a[41] = {0};

	CHECK_INT(recent_init(&r, 1, 1), 0);
	for (size_t len = 0; len < 40; len++) { /* the length counts, and every byte */
		char b[41] = {0};
		struct recent_key x = recent_hash(&r, a, len), y = recent_hash(&r, a, len + 1);
		CHECK(x.hi != y.hi && x.lo != y.lo);
		b[len] = 1;
		x = recent_hash(&r, b, len + 1);
		CHECK(x.hi != y.hi && x.lo != y.lo);
	}
	recent_release(&r);
}

int main(void)
{
	TEST(test_window);
	TEST(test_limit);
	TEST(test_slide);
	TEST(test_hash);
	TEST(test_many);
	return check_done();
}
