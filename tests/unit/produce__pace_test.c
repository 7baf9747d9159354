/* How many records a second: evenly, and without a burst after a pause. */
#include "cmd/produce/pace.h"

#include "tests/unit/check.h"

/* How many records go within MS milliseconds from *NOW on. */
static uint64_t sent_in(struct pace *pace, int64_t *now, int64_t ms)
{
	uint64_t n = 0;
	for (int64_t end = *now + ms; *now < end;) {
		int64_t wait = pace_wait_ms(pace, *now);
		*now += wait;
		n += wait == 0;
	}
	return n;
}

static void test_as_many_as_the_rate(void)
{
	static const uint64_t rates[] = {1, 7, 1000, 2999, 1000000};
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		struct pace pace = {.rate = rates[i]};
		int64_t now = 12345;
		uint64_t n = sent_in(&pace, &now, 10000);
		CHECK(n >= rates[i] * 10 && n <= rates[i] * 10 + rates[i] / 1000 + 1);
	}
}

static void test_a_slow_rate_waits(void)
{
	struct pace pace = {.rate = 2};
	CHECK_INT(pace_wait_ms(&pace, 5000), 0);
	CHECK_INT(pace_wait_ms(&pace, 5000), 500);
	CHECK_INT(pace_wait_ms(&pace, 5499), 1);
	CHECK_INT(pace_wait_ms(&pace, 5500), 0);
	CHECK_INT(pace_wait_ms(&pace, 5501), 499);
}

static void test_no_burst_after_a_pause(void)
{
	struct pace pace = {.rate = 100};
	int64_t now = 1;
	CHECK_INT(sent_in(&pace, &now, 1000), 100);
	now += 60000;
	uint64_t n = sent_in(&pace, &now, 1000);
	CHECK(n >= 100 && n <= 111);
}

int main(void)
{
	TEST(test_as_many_as_the_rate);
	TEST(test_a_slow_rate_waits);
	TEST(test_no_burst_after_a_pause);
	return check_done();
}
