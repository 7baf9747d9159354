/* common/io/retry: what follows an attempt. */
#include "common/io/retry.h"
#include "tests/unit/check.h"

static int64_t pause_ms;

static enum retry_action decide(
	struct retry *r, enum retry_event event, int64_t after_ms, int64_t now_ms, uint64_t random)
{
	pause_ms = -7;
	return retry_decide(r, event, after_ms, now_ms, random, &pause_ms);
}

static void test_ends(void)
{
	struct retry r = {.deadline_ms = 1000};
	CHECK_INT(decide(&r, RETRY_ANSWERED, -1, 0, 0), RETRY_END);
	CHECK_INT(decide(&r, RETRY_HOPELESS, -1, 0, 0), RETRY_END);
	CHECK_INT(decide(&r, RETRY_FAILED, -1, 1000, 0), RETRY_END);
	CHECK_INT(decide(&r, RETRY_FAILED, -1, 999, 0), RETRY_PAUSE);
	CHECK_INT(decide(&r, RETRY_FAILED, -1, 999, 1), RETRY_END); /* the pause would end at the deadline */
	r = (struct retry){.deadline_ms = 1000, .once = true, .renews = true};
	CHECK_INT(decide(&r, RETRY_FAILED, -1, 0, 0), RETRY_END);
	CHECK_INT(decide(&r, RETRY_STALE, -1, 0, 0), RETRY_END);
	CHECK_INT(decide(&r, RETRY_REFUSED, -1, 0, 0), RETRY_END);
	CHECK_INT(pause_ms, -7);
}

static void test_jitter(void)
{
	static const int64_t limits[] = {100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000, 10000};
	struct retry least = {.deadline_ms = INT64_MAX}, most = least, over = least;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		CHECK_INT(decide(&least, RETRY_FAILED, -1, 0, 0), RETRY_PAUSE);
		CHECK_INT(pause_ms, 0);
		CHECK_INT(decide(&most, RETRY_FAILED, -1, 0, (uint64_t)limits[i]), RETRY_PAUSE);
		CHECK_INT(pause_ms, limits[i]);
		CHECK_INT(decide(&over, RETRY_FAILED, -1, 0, (uint64_t)limits[i] + 1), RETRY_PAUSE);
		CHECK_INT(pause_ms, 0);
	}
	for (int i = 0; i < 1000; i++)
		CHECK_INT(decide(&most, RETRY_FAILED, -1, 0, UINT64_MAX), RETRY_PAUSE);
}

static void test_after(void)
{
	struct retry r = {.deadline_ms = 5000};
	CHECK_INT(decide(&r, RETRY_FAILED, 3000, 0, 17), RETRY_PAUSE);
	CHECK_INT(pause_ms, 3000);
	CHECK_INT(decide(&r, RETRY_FAILED, 0, 3000, 17), RETRY_PAUSE);
	CHECK_INT(pause_ms, 0);
	CHECK_INT(decide(&r, RETRY_FAILED, 1999, 3000, 17), RETRY_PAUSE);
	CHECK_INT(decide(&r, RETRY_FAILED, 2000, 3000, 17), RETRY_END);
	CHECK_INT(decide(&r, RETRY_FAILED, INT64_MAX, 0, 17), RETRY_END);
	r.deadline_ms += 1; /* time that the client itself took */
	CHECK_INT(decide(&r, RETRY_FAILED, 2000, 3000, 17), RETRY_PAUSE);
}

static void test_stale(void)
{
	struct retry r = {.deadline_ms = 5000};
	for (int i = 0; i < 3; i++) {
		CHECK_INT(decide(&r, RETRY_STALE, -1, 0, 50), RETRY_PAUSE);
		CHECK_INT(pause_ms, 0);
	}
	CHECK_INT(decide(&r, RETRY_STALE, -1, 0, 50), RETRY_PAUSE);
	CHECK_INT(pause_ms, 50);
	CHECK_INT(decide(&r, RETRY_STALE, -1, 0, 200), RETRY_PAUSE);
	CHECK_INT(pause_ms, 200); /* the limit of the second pause */
}

static void test_renew(void)
{
	struct retry r = {.deadline_ms = 5000, .renews = true};
	CHECK_INT(decide(&r, RETRY_REFUSED, -1, 0, 0), RETRY_RENEW);
	CHECK_INT(decide(&r, RETRY_FAILED, -1, 0, 0), RETRY_PAUSE);
	CHECK_INT(decide(&r, RETRY_REFUSED, -1, 0, 0), RETRY_END);
	r = (struct retry){.deadline_ms = 5000};
	CHECK_INT(decide(&r, RETRY_REFUSED, -1, 0, 0), RETRY_END);
}

int main(void)
{
	TEST(test_ends);
	TEST(test_jitter);
	TEST(test_after);
	TEST(test_stale);
	TEST(test_renew);
	return check_done();
}
