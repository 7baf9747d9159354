/* The decisions of `run`: see core.h. */
#include "cmd/run/core.h"

#include <signal.h>

static void begin_try(struct core *c, int64_t now, struct core_actions *ret)
{
	c->state = CORE_RUNNING;
	c->killing = false;
	c->since = c->started = now;
	ret->start = true;
}

void core_begin(struct core *c, int64_t now, struct core_actions *ret)
{
	begin_try(c, now, ret);
}

static void over(struct core *c, int64_t now, struct core_actions *ret)
{
	c->state = CORE_OVER;
	c->since = now;
	ret->end = true;
}

static void kill_all(struct core *c, struct core_actions *ret)
{
	c->killing = true;
	ret->kill = true;
}

void core_signal(struct core *c, int signal, int64_t now, struct core_actions *ret)
{
	if (c->state == CORE_OVER || (c->asked && now - c->asked_ms < CORE_SAME_MS))
		return;
	c->asked++;
	c->asked_ms = now;
	c->signal = signal;
	if (c->state == CORE_WAITING) {
		over(c, now, ret);
	} else if (c->asked == 1) {
		bool early = c->state == CORE_RUNNING && now - c->started < CORE_LOOK_MS;
		ret->sources = early ? 0 : signal;
		c->look = (early ? c->started : now) + CORE_LOOK_MS;
		c->tell = now + CORE_TELL_MS;
		c->grace_end = c->grace_ms < 0 ? 0 : now + c->grace_ms;
	} else if (c->asked == 2) {
		ret->all = signal;
	} else {
		kill_all(c, ret);
	}
}

void core_ended(struct core *c, const struct outcome *outcome, int64_t now)
{
	c->verdict = judge(outcome, c->asked == 1 && !c->killing ? c->signal : 0);
	c->state = CORE_REST;
	c->since = now;
	if (!c->asked)
		c->tell = now + CORE_TELL_MS;
}

static void conclude(struct core *c, int64_t now, struct core_actions *ret)
{
	c->tell = c->look = 0;
	if (!c->restart || c->asked || c->verdict.kind != VERDICT_AGAIN) {
		over(c, now, ret);
		return;
	}
	bool good = c->since - c->started >= CORE_GOOD_MS;
	c->pause_ms = !c->pause_ms || good ? CORE_PAUSE_MS : 2 * c->pause_ms;
	if (c->pause_ms > CORE_LONGEST_PAUSE_MS)
		c->pause_ms = CORE_LONGEST_PAUSE_MS;
	c->state = CORE_WAITING;
	c->since = now;
	ret->again = true;
}

void core_rest(struct core *c, bool left, int64_t now, struct core_actions *ret)
{
	if (c->state == CORE_REST && !left)
		conclude(c, now, ret);
}

/* Do what is due while something runs. */
static void run_time(struct core *c, int64_t now, struct core_actions *ret)
{
	if (c->tell && now >= c->tell) {
		ret->tell = true;
		c->tell = 0;
		if (!c->asked) { /* the rest of the pipeline has had its time to end by itself */
			c->signal = SIGTERM;
			c->look = now;
		}
	}
	if (c->look && now >= c->look) {
		ret->sources = c->asked < 2 ? c->signal : 0;
		c->look = now + CORE_LOOK_MS;
		if (c->killing)
			ret->kill = true;
	}
	bool late = c->state == CORE_REST && now - c->since >= CORE_REST_MS;
	if (!c->killing && (late || (c->grace_end && now >= c->grace_end)))
		kill_all(c, ret);
}

void core_time(struct core *c, int64_t now, struct core_actions *ret)
{
	if (c->state == CORE_RUNNING || c->state == CORE_REST) {
		run_time(c, now, ret);
	} else if (c->state == CORE_WAITING && now - c->since >= c->pause_ms) {
		c->restarts++;
		begin_try(c, now, ret);
	}
}

static int64_t sooner(int64_t a, int64_t b)
{
	return b && b < a ? b : a;
}

int64_t core_due(const struct core *c)
{
	int64_t due = INT64_MAX;
	if (c->state == CORE_WAITING)
		return c->since + c->pause_ms;
	if (c->state == CORE_OVER)
		return due;
	due = sooner(sooner(due, c->look), c->tell);
	if (!c->killing)
		due = sooner(due, c->grace_end);
	if (!c->killing && c->state == CORE_REST)
		due = sooner(due, c->since + CORE_REST_MS);
	return due;
}
