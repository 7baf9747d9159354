/* Events about time: what is due, and waits that last too long.  See loop.h. */
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/stream/recreated.h"
#include "loop.h"
#include "topics.h"

enum {
	LAST_FLUSH_MS = 30000, /* how long the reader of standard output may take after a signal */
	LOOK_EVERY_MS = 3000,
};

/* Print what sinks have not done for too long. */
static void watch_sinks(struct consume *c)
{
	struct strbuf text = STRBUF_INIT;
	source_watch_answer(&c->watch, &c->source.session, clock_ms(), &text);
	if (text.len)
		warn("%s", text.s);
	strbuf_clear(&text);
	source_watch_stall(&c->source, &c->opt->source, clock_ms(), &text);
	if (text.len)
		warn("%s", text.s);
	strbuf_release(&text);
}

/* A commit was not answered, or was refused: print that after a second, and end when the time is over. */
static void watch_commit(struct consume *c)
{
	struct strbuf text = STRBUF_INIT;
	enum patience_state state =
		c->commit.on ? patience_ask(&c->commit, c->opt->timeout_ms, clock_ms()) : PATIENCE_WAIT;
	if (state == PATIENCE_WAIT)
		return;
	kafka_client_explain(
		&c->broker.client, c->source.session.committing ? RD_KAFKA_RESP_ERR__TIMED_OUT : c->commit_err, &text);
	if (state == PATIENCE_TELL)
		warn("cannot commit for the group '%s': %s; trying for %g s (--timeout)", c->opt->group, text.s,
			(double)c->opt->timeout_ms / 1000);
	else
		consume_fail(c, EXIT_TEMP, "cannot commit for the group '%s': %s; records will be delivered again",
			c->opt->group, text.s);
	if (state == PATIENCE_OVER) /* then the end does not wait for it, either */
		consume_step(c, &(struct session_event){.kind = EVENT_COMMITTED, .refusal = REFUSAL_AGAIN});
	strbuf_release(&text);
}

static void watch_joining(struct consume *c)
{
	struct joining *j = &c->broker.joining;
	const char *group = c->opt->group;
	int64_t limit = c->opt->timeout_ms, now = clock_ms();
	switch (joining_ask(j, limit, c->broker.max_poll_ms, now)) {
	case JOINING_GO_ON:
		break;
	case JOINING_TELL:
		warn("waiting for the group '%s': %s; trying for %g s (--timeout)", group, joining_why(j),
			(double)limit / 1000);
		break;
	case JOINING_TELL_HELD:
		warn("waiting for other members of the group '%s', which have not joined again for %lld s", group,
			(long long)(now - j->held.since) / 1000);
		break;
	case JOINING_OVER:
		consume_fail(c, j->err ? (int)kafka_status(j->err) : EXIT_TEMP,
			"the group '%s' has not formed for %g s: %s", group, (double)limit / 1000, joining_why(j));
		break;
	case JOINING_OVER_HELD:
		consume_fail(c, EXIT_TEMP,
			"other members of the group '%s' have not joined again for %g s (max.poll.interval.ms)", group,
			(double)c->broker.max_poll_ms / 1000);
		break;
	}
}

static void watch_health(struct consume *c)
{
	struct strbuf text = STRBUF_INIT;
	int status = 0;
	bool watch = (c->source.policy.marked || c->inputs.wait.told) && c->source.session.cursors.open;
	enum health_step step =
		health_ask(&c->health, &c->broker, &c->source.session.cursors, watch, clock_ms(), &status, &text);
	if (step == HEALTH_OVER)
		consume_fail(c, status, "%s", text.s);
	else if (text.len)
		warn("%s", text.s);
	if (step == HEALTH_RETAKE)
		consume_step_kind(c, EVENT_RETAKE);
	strbuf_release(&text);
}

static void watch_others(struct consume *c)
{
	if (!c->source.policy.bounded || !c->broker.member || others_next(&c->others, clock_ms()) != OTHERS_LOOK)
		return;
	unsigned want = LOOKUP_BOUNDS | LOOKUP_STORED;
	want |= c->opt->from.kind == WHERE_TIME ? LOOKUP_FROM : 0;
	want |= c->opt->to.kind == WHERE_TIME ? LOOKUP_TO : 0;
	c->others_lookup.from_ms = c->opt->from.n;
	c->others_lookup.to_ms = c->opt->to.n;
	if (c->others.count)
		lookup_begin(&c->others_lookup, 0, want, c->others.all, c->others.count);
	else
		consume_step_kind(c, EVENT_OTHERS_DONE);
}

/* Topics may be deleted and created again, also faster than the brokers' answers show. */
static void watch_topics(struct consume *c)
{
	int64_t now = clock_ms();
	if (c->source.session.state != SESSION_READING)
		return;
	recreated_remember(&c->source.session.cursors, true);
	if (now < c->next_look)
		return;
	if (c->next_look && lookup_recreated(c->broker.client.rk, &c->source.session.cursors))
		consume_step_kind(c, EVENT_REFETCH);
	c->next_look = clock_ms() + LOOK_EVERY_MS;
}

/*
 * Without a group: notice partitions that are added to the topics during the run.  Members of a group get them
 * assigned.
 */
static void watch_added(struct consume *c)
{
	const struct consume_options *o = c->opt;
	int64_t now = clock_ms(), every_ms = c->broker.discovery_ms;
	if (o->group || o->partition_count || o->to_given || c->broker.client.err || every_ms <= 0)
		return;
	if (c->source.session.state != SESSION_READING || now < c->next_discovery)
		return;
	bool first = !c->next_discovery;
	c->next_discovery = now + every_ms;
	struct session_event e = {.kind = EVENT_ADDED};
	struct session_part *added =
		first ? NULL : topics_added(o, c->broker.client.rk, &c->source.session.cursors, &e.count);
	e.parts = added;
	if (e.count)
		consume_step(c, &e);
	free(added);
}

void hear_time(struct consume *c)
{
	if (sig_stop() && !c->stop_told) {
		c->stop_told = true;
		if (!c->source.policy.marked) /* with --batch, it waits as long as the sink process lives */
			c->close_by = clock_ms() + LAST_FLUSH_MS;
		consume_step_kind(c, EVENT_STOP);
	}
	if (c->source.session.state > SESSION_GREETING && c->source.session.state < SESSION_FINISHING) {
		watch_health(c);
		watch_topics(c);
		watch_added(c);
		watch_joining(c);
		watch_others(c);
	}
	watch_sinks(c);
	watch_commit(c);
	if (c->status && !c->fail_told) {
		c->fail_told = true;
		consume_step_kind(c, EVENT_FAILED);
	}
	consume_step_kind(c, EVENT_TIME);
}
