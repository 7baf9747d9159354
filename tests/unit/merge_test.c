/* common/stream/merge: scripts of what the inputs have, and what is taken. */
#include "common/stream/merge.h"

#include <stdlib.h>

#include "tests/unit/check.h"

static struct merge m;

/* What is taken: the letters of the inputs; '-' if all wait, '.' if there is nothing. */
static char trace[256];

/*
 * A script is words separated by blanks.  "a5": the next record of input a has the time 5 ("a-": none);  "a?": input a
 * is waited for; "a$": it has ended; "a!": no more of it is wanted; "*": take one.
 */
static void play(size_t count, const char *script)
{
	size_t taken, n = 0;
	merge_begin(&m, count);
	for (const char *s = script; *s; s += strcspn(s, " "), s += strspn(s, " ")) {
		size_t i = (size_t)(*s - 'a');
		if (*s == '*')
			trace[n++] = (char)(merge_next(&m, &taken)    ? 'a' + (char)taken
					    : merge_waits(&m, &taken) ? '-'
								      : '.');
		else if (s[1] == '?')
			merge_without(&m, i, MERGE_AWAITED);
		else if (s[1] == '$')
			merge_without(&m, i, MERGE_AT_END);
		else if (s[1] == '!')
			merge_without(&m, i, MERGE_OUT);
		else
			merge_ready(&m, i, s[1] == '-' ? MERGE_NO_TIME : strtoll(s + 1, NULL, 10));
	}
	trace[n] = '\0';
}

static void test_the_least_time_is_taken(void)
{
	play(3, "a3 b1 c2 * b5 * c4 * a9 * c$ * b7 * b$ *");
	CHECK_STR(trace, "bcacbba");
}

static void test_nothing_is_taken_while_one_is_awaited(void)
{
	size_t who = 9;
	play(3, "a3 b1 * c2 * b? * b6 *");
	CHECK_STR(trace, "-b-c");
	play(3, "a3 c1 *");
	CHECK(merge_waits(&m, &who));
	CHECK_INT(who, 1);
}

static void test_nobody_waits_for_an_end(void)
{
	play(3, "a3 b$ c! * a4 * a$ * b1 * b$ *");
	CHECK_STR(trace, "aa.b.");
}

static void test_what_has_no_time_passes(void)
{
	play(2, "a- * a- * a5 * b7 *");
	CHECK_STR(trace, "aa-a");
	play(2, "a5 b- * b- * b6 *");
	CHECK_STR(trace, "bba");
}

/* Even if its later records have earlier times. */
static void test_order_within_an_input_stays(void)
{
	play(2, "a9 b3 * b4 * b$ * a1 * b2 * a5 *");
	CHECK_STR(trace, "bbaaab");
}

static void test_equal_times_take_turns(void)
{
	play(3, "a1 b1 c1 * a1 * b1 * c1 * a2 * b2 * c2 *");
	CHECK_STR(trace, "abcabca");
}

static void test_nothing_at_all(void)
{
	size_t who;
	play(0, "*");
	CHECK_STR(trace, ".");
	play(2, "* a$ b$ *");
	CHECK_STR(trace, "..");
	CHECK(!merge_waits(&m, &who));
}

/* An input other than the next one may change. */
static void test_any_input_may_change(void)
{
	play(4, "a1 b2 c3 d4 b! * c0 * d? * d9 c$ * b0 *");
	CHECK_STR(trace, "ac-ab");
}

/* Many inputs, many records: the same result as by hand. */
static void test_as_by_hand(void)
{
	enum { INPUTS = 37, STEPS = 20000 };
	int64_t times[INPUTS];
	uint64_t x = 88172645463325252u;
	bool good = true;
	merge_begin(&m, INPUTS);
	for (size_t i = 0; i < INPUTS; i++)
		merge_ready(&m, i, times[i] = (int64_t)i * 7 % 11);
	for (int step = 0; step < STEPS && good; step++) {
		size_t i = 0, least = 0;
		for (size_t j = 1; j < INPUTS; j++)
			least = times[j] < times[least] ? j : least;
		good = merge_next(&m, &i) && times[i] == times[least];
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		size_t changed = x % 5 ? i : x / 8 % INPUTS; /* sometimes another one changes */
		times[changed] =
			times[changed] == INT64_MAX ? (int64_t)(x % 1000) : times[changed] + (int64_t)(x % 50) - 5;
		times[changed] = times[changed] < 0 ? 0 : times[changed];
		if (x % 97 == 0)
			times[changed] = INT64_MAX;
		if (times[changed] == INT64_MAX)
			merge_without(&m, changed, MERGE_AT_END);
		else
			merge_ready(&m, changed, times[changed]);
	}
	CHECK(good);
}

int main(void)
{
	TEST(test_the_least_time_is_taken);
	TEST(test_nothing_is_taken_while_one_is_awaited);
	TEST(test_nobody_waits_for_an_end);
	TEST(test_what_has_no_time_passes);
	TEST(test_order_within_an_input_stays);
	TEST(test_equal_times_take_turns);
	TEST(test_nothing_at_all);
	TEST(test_any_input_may_change);
	TEST(test_as_by_hand);
	merge_release(&m);
	return check_done();
}
