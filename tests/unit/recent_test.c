#include "common/data/recent.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"

/* Add NUMBER at NOW_MS unless it is present; returns whether it was. */
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

/* A window that slides over keys, compared with the time at which each was last taken. */
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

/* Ten million keys, each perhaps several times, compared with one bit for each number. */
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

/* What was written is read again: the same keys are known, and are forgotten at the same time. */
static void test_state(void)
{
	enum { KEYS = 4000, WINDOW = 900, STEPS = 60000 };
	struct recent a, b;
	struct checkpoint_out out;
	uint64_t state = 3, wrong = 0, end = 0;
	int64_t now = 1000;
	struct checkpoint_frame frame;
	char *data;
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_INT(recent_init(&a, WINDOW, 1 << 20), 0);
	CHECK_INT(recent_init(&b, WINDOW, 1 << 20), 0);
	for (int i = 0; i < STEPS; i++) {
		seen(&a, next(&state) % KEYS, now);
		now += i % 97 == 0; /* several keys a ms, and times without any */
		if (i % 20000 == 19999)
			now += WINDOW / 2;
		if (i % 1000 != 999)
			continue;
		checkpoint_out_begin(
			&out, fileno(file), end, i == 999 ? CHECKPOINT_FULL : CHECKPOINT_DELTA, "x", "", 0);
		recent_save(&a, i == 999, &out);
		CHECK_INT(checkpoint_out_end(&out, &end), 0);
	}
	for (uint64_t at = 0; at < end && checkpoint_frame_read(fileno(file), at, &frame) == 1;) {
		const char *s;
		struct recent c;
		at = checkpoint_frame_end(&frame);
		CHECK_INT(checkpoint_frame_data(fileno(file), &frame, &data), 0);
		s = data;
		CHECK_INT(recent_load(&b, frame.form == CHECKPOINT_FULL, &s, data + frame.len), 0);
		CHECK(s == data + frame.len);
		s = data;
		CHECK_INT(recent_init(&c, WINDOW, 1 << 20), 0);
		CHECK_INT(recent_load(&c, true, &s, data + frame.len - 1), -EBADMSG);
		recent_release(&c);
		free(data);
		checkpoint_frame_release(&frame);
	}
	CHECK_INT(a.count, b.count);
	CHECK_INT(a.added, b.added);
	for (; now < 100000 && a.count > 1; now++) {
		uint64_t key = next(&state) % KEYS;
		struct recent_key k = recent_hash(&a, &key, sizeof(key)), l = recent_hash(&b, &key, sizeof(key));
		wrong += recent_has(&a, k, now) != recent_has(&b, l, now);
	}
	CHECK_INT(wrong, 0);
	recent_release(&a);
	recent_release(&b);
	fclose(file);
}

/* With less memory than when it was written, the oldest keys are dropped and counted. */
static void test_state_limit(void)
{
	struct recent a, b;
	struct checkpoint_out out;
	struct checkpoint_frame frame;
	uint64_t end;
	char *data;
	FILE *file = tmpfile();

	CHECK(file != NULL);
	CHECK_INT(recent_init(&a, 1000, 1 << 20), 0);
	CHECK_INT(recent_init(&b, 1000, 1), 0);
	for (uint64_t i = 0; i < 5000; i++)
		seen(&a, i, 0);
	checkpoint_out_begin(&out, fileno(file), 0, CHECKPOINT_FULL, "x", "", 0);
	recent_save(&a, true, &out);
	CHECK_INT(checkpoint_out_end(&out, &end), 0);
	CHECK_INT(checkpoint_frame_read(fileno(file), 0, &frame), 1);
	CHECK_INT(checkpoint_frame_data(fileno(file), &frame, &data), 0);
	const char *s = data;
	CHECK_INT(recent_load(&b, true, &s, data + frame.len), 0);
	CHECK_INT(b.count, b.limit);
	CHECK_INT(b.evicted, 5000 - b.limit);
	CHECK(seen(&b, 4999, 0));
	CHECK(!seen(&b, 0, 0));
	free(data);
	checkpoint_frame_release(&frame);
	recent_release(&a);
	recent_release(&b);
	fclose(file);
}

/* The clock is the latest time; a key with an earlier time is taken at the clock's time. */
static void test_clock(void)
{
	struct recent r;

	CHECK_INT(recent_init(&r, 100, 1 << 20), 0);
	CHECK(!seen(&r, 1, INT64_MIN));
	CHECK(seen(&r, 1, INT64_MIN));
	CHECK(!seen(&r, 2, 1000));
	CHECK(!seen(&r, 1, 500));
	CHECK(seen(&r, 1, 1099));
	CHECK(seen(&r, 1, -5));
	CHECK(!recent_has(&r, recent_hash(&r, "x", 1), 5000)); /* asking does not move the clock */
	CHECK(seen(&r, 1, 1001));
	CHECK(!seen(&r, 3, INT64_MAX));
	CHECK(!seen(&r, 1, 1001));
	CHECK_INT(r.count, 2);
	recent_release(&r);
}

static void test_hash(void)
{
	struct recent r;
	char a[41] = {0};

	CHECK_INT(recent_init(&r, 1, 1), 0);
	for (size_t len = 0; len < 40; len++) { /* the length counts, and so does every byte */
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
	TEST(test_state);
	TEST(test_state_limit);
	TEST(test_clock);
	TEST(test_many);
	return check_done();
}
