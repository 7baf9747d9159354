/* run: scripts of events for its core, and what statuses amount to. */
#include <signal.h>

#include "cmd/run/core.h"
#include "tests/unit/check.h"

static struct outcome ended(int shell, size_t count, const int *statuses)
{
	struct outcome o = {.shell = shell, .count = count};
	memcpy(o.statuses, statuses, count * sizeof *statuses);
	return o;
}
#define STATUSES(shell, ...) ended(shell, sizeof((int[]){__VA_ARGS__}) / sizeof(int), (int[]){__VA_ARGS__})

static void expect(int line, struct outcome o, int stopped, enum verdict_kind kind, int status)
{
	outcome_reduce(&o);
	struct run_verdict v = judge(&o, stopped);
	if (v.kind != kind || v.status != status)
		printf("# line %d: kind %d, status %d\n", line, (int)v.kind, v.status);
	CHECK(v.kind == kind && v.status == status);
}
#define EXPECT(...) expect(__LINE__, __VA_ARGS__)

static void test_judge(void)
{
	EXPECT(STATUSES(0, 0, 0, 0), 0, VERDICT_WELL, 0);
	EXPECT(STATUSES(1, 0, 1, 0), 0, VERDICT_WELL, 1);
	EXPECT(STATUSES(75, 0, 1, 75), 0, VERDICT_AGAIN, 75);
	EXPECT(STATUSES(75, 75, 137, 75), 0, VERDICT_AGAIN, 75);
	EXPECT(STATUSES(137, 0, 137, 0), 0, VERDICT_AGAIN, 75);
	EXPECT(STATUSES(75, 75, 65, 75), 0, VERDICT_FAILED, 65);
	EXPECT(STATUSES(78, 75, 65, 78), 0, VERDICT_FAILED, 65);
	EXPECT(STATUSES(75, 2, 0, 75), 0, VERDICT_FAILED, 2);
	EXPECT(STATUSES(127, 0, 127), 0, VERDICT_FAILED, 127);
	EXPECT(STATUSES(255, 255, 0), 0, VERDICT_FAILED, 255);
	EXPECT(STATUSES(70, 70), 0, VERDICT_FAILED, 70);
}

static void test_sigpipe(void)
{
	EXPECT(STATUSES(141, 141, 0), 0, VERDICT_WELL, 0); /* yes | head */
	EXPECT(STATUSES(78, 141, 78), 0, VERDICT_FAILED, 78);
	EXPECT(STATUSES(75, 141, 75), 0, VERDICT_AGAIN, 75);
	EXPECT(STATUSES(141, 0, 141), 0, VERDICT_FAILED, 141); /* nobody reads what it prints */
}

static void test_stopped(void)
{
	EXPECT(STATUSES(143, 143, 0), SIGTERM, VERDICT_WELL, 0);
	EXPECT(STATUSES(143, 143, 0), SIGINT, VERDICT_AGAIN, 75);
	EXPECT(STATUSES(75, 143, 75), SIGTERM, VERDICT_AGAIN, 75);
	EXPECT((struct outcome){.shell = 143}, SIGTERM, VERDICT_WELL, 0);
}

static void test_a_text_that_ends_otherwise(void)
{
	EXPECT(STATUSES(5, 0, 75), 0, VERDICT_FAILED, 5); /* a | b; exit 5 */
	EXPECT(STATUSES(0, 0, 75), 0, VERDICT_WELL, 0);   /* a | b || true */
	EXPECT((struct outcome){.shell = 137}, 0, VERDICT_AGAIN, 75);
	EXPECT((struct outcome){.shell = 66}, 0, VERDICT_FAILED, 66);
}

static const struct outcome well = {.count = 1}, again = {75, 1, {75}}, failed = {78, 1, {78}};

/* The pipeline ends like this, and nothing of it is left. */
static struct core_actions end(struct core *c, const struct outcome *o, int64_t now)
{
	struct core_actions a = {0};
	core_ended(c, o, now);
	core_rest(c, false, now, &a);
	return a;
}

static struct core_actions at(struct core *c, int64_t now)
{
	struct core_actions a = {0};
	CHECK_INT(core_due(c), now);
	core_time(c, now, &a);
	return a;
}

static struct core_actions signalled(struct core *c, int signal, int64_t now)
{
	struct core_actions a = {0};
	core_signal(c, signal, now, &a);
	return a;
}

static struct core begun(bool restart, int64_t grace_ms)
{
	struct core c = {.restart = restart, .grace_ms = grace_ms};
	struct core_actions a = {0};
	core_begin(&c, 1000, &a);
	CHECK(a.start);
	CHECK(core_due(&c) == INT64_MAX);
	return c;
}

static void test_ends(void)
{
	struct core c = begun(false, -1);
	CHECK(end(&c, &again, 1500).end);
	CHECK_INT(c.verdict.status, 75);
	c = begun(true, -1);
	CHECK(end(&c, &failed, 1500).end);
	CHECK_INT(c.verdict.status, 78);
	c = begun(true, -1);
	CHECK(end(&c, &well, 1500).end);
	CHECK_INT(c.verdict.status, 0);
	CHECK(!signalled(&c, SIGTERM, 1600).sources);
}

static void test_pauses(void)
{
	static const int64_t pauses[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
	struct core c = begun(true, -1);
	int64_t now = 1500;
	for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
		CHECK(end(&c, &again, now).again);
		CHECK_INT(c.pause_ms, pauses[i]);
		now += pauses[i];
		CHECK(at(&c, now).start);
		CHECK_INT(c.restarts, i + 1);
	}
	now += 60000; /* it ran well for a minute */
	CHECK(end(&c, &again, now).again);
	CHECK_INT(c.pause_ms, 1000);
}

static void test_a_signal_in_the_pause(void)
{
	struct core c = begun(true, -1);
	CHECK(end(&c, &again, 1500).again);
	CHECK(signalled(&c, SIGTERM, 1600).end);
	CHECK_INT(c.verdict.status, 75);
}

static void test_signals(void)
{
	struct core c = begun(true, -1);
	CHECK_INT(signalled(&c, SIGINT, 2000).sources, SIGINT);
	CHECK_INT(signalled(&c, SIGINT, 2999).all, 0); /* the same one */
	CHECK_INT(at(&c, 2200).sources, SIGINT);       /* for processes started meanwhile */
	for (int64_t now = 2400; now < 3000; now += 200)
		CHECK(!at(&c, now).tell);
	CHECK(at(&c, 3000).tell);
	CHECK_INT(signalled(&c, SIGINT, 3050).all, SIGINT);
	CHECK(!at(&c, 3200).sources);
	CHECK(!signalled(&c, SIGINT, 4049).kill);
	CHECK(signalled(&c, SIGINT, 4050).kill);
	CHECK(at(&c, 3400).kill); /* what happened between the snapshot and the signal */
	CHECK(end(&c, &again, 5000).end);
}

static void test_a_signal_right_after_the_start(void)
{
	struct core c = begun(false, -1);
	CHECK_INT(signalled(&c, SIGTERM, 1050).sources, 0);
	CHECK_INT(at(&c, 1200).sources, SIGTERM);
}

static void test_stopped_is_never_started_again(void)
{
	struct core c = begun(true, -1);
	const struct outcome by_term = {143, 2, {143, 0}};
	CHECK_INT(signalled(&c, SIGTERM, 2000).sources, SIGTERM);
	CHECK(end(&c, &again, 2500).end);
	CHECK_INT(c.verdict.status, 75);
	c = begun(true, -1);
	CHECK_INT(signalled(&c, SIGTERM, 2000).sources, SIGTERM);
	CHECK(end(&c, &by_term, 2500).end);
	CHECK_INT(c.verdict.status, 0);
	c = begun(true, -1); /* killed by a second signal: not a success */
	CHECK_INT(signalled(&c, SIGTERM, 2000).sources, SIGTERM);
	CHECK_INT(signalled(&c, SIGTERM, 3000).all, SIGTERM);
	CHECK(end(&c, &by_term, 3500).end);
	CHECK_INT(c.verdict.status, 75);
}

static void test_grace(void)
{
	struct core c = begun(false, 500);
	CHECK_INT(signalled(&c, SIGTERM, 2000).sources, SIGTERM);
	CHECK(!at(&c, 2200).kill);
	CHECK(!at(&c, 2400).kill);
	CHECK(at(&c, 2500).kill);
	CHECK(at(&c, 2600).kill);
	c = begun(false, 0);
	CHECK_INT(signalled(&c, SIGTERM, 2000).sources, SIGTERM);
	CHECK(at(&c, 2000).kill);
}

static void test_what_is_left(void)
{
	struct core c = begun(true, -1);
	struct core_actions a = {0};
	core_ended(&c, &again, 2000);
	core_rest(&c, true, 2000, &a);
	CHECK(!a.again && !a.end);
	a = at(&c, 3000);
	CHECK(a.tell);
	CHECK_INT(a.sources, SIGTERM);
	for (int64_t now = 3200; now < 32000; now += 200)
		CHECK(!at(&c, now).kill);
	CHECK(at(&c, 32000).kill);
	CHECK(at(&c, 32200).kill);
	core_rest(&c, false, 32300, &a);
	CHECK(a.again);
	CHECK(at(&c, 33300).start);
	CHECK(!c.killing);
	CHECK(core_due(&c) == INT64_MAX);
}

int main(void)
{
	TEST(test_judge);
	TEST(test_sigpipe);
	TEST(test_stopped);
	TEST(test_a_text_that_ends_otherwise);
	TEST(test_ends);
	TEST(test_pauses);
	TEST(test_a_signal_in_the_pause);
	TEST(test_signals);
	TEST(test_a_signal_right_after_the_start);
	TEST(test_stopped_is_never_started_again);
	TEST(test_grace);
	TEST(test_what_is_left);
	return check_done();
}
