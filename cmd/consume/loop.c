/* The loop: see loop.h. */
#include "loop.h"
#include "notes.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/checking.h"
#include "common/base/clock.h"
#include "common/base/sig.h"
#include "topics.h"

enum {
	IDLE_MS = 200,
	TAIL_MS = 50, /* how long the group may be left unserved while the pipe is full */
	STOPPED_MS = 1000,
	HOLD_MS = 1000, /* how long to wait for the answer to a heartbeat */
	GIVE_BACK_MS = 5000,
	LAST_COMMIT_MS = 30000,
	SHARES_MIN = 16,
	CLUSTER_MS = 2000, /* the id is there as soon as any metadata is */
};

/*
 * Called after everything that may have taken long, to notice that the process was stopped.  In that time the group may
 * have given our partitions to another member.  So nothing is read and no batch is ended until the next heartbeat has
 * had time to show it; otherwise our sink might commit instead of the new owner.
 */
static void watch_clock(struct consume *c)
{
	int64_t now = clock_ms(), gap = now - c->turned_ms, next = c->broker.heartbeat_ms - gap;
	if (c->broker.member && c->turned_ms && gap >= STOPPED_MS)
		c->hold_ms = now + (next > 0 ? next : 0) + HOLD_MS;
	c->turned_ms = now;
	if (now >= c->hold_ms)
		c->hold_ms = 0;
}

/* The only wait: for records, rebalances, room in the pipe, lines from the sinks, a signal. */
static void wait_for_news(struct consume *c, int timeout_ms)
{
	uint64_t count;
	sigset_t old;
	struct pollfd fds[1 + SOURCE_FDS_MAX] = {{.fd = c->broker.wake_fd, .events = POLLIN}};
	nfds_t n = 1 + source_poll(&c->source, fds + 1);
	struct timespec t = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	sig_block(&old);
	if (!sig_stop() || c->stop_told)
		ppoll(fds, n, &t, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	source_polled(&c->source, fds + 1);
	while (read(c->broker.wake_fd, &count, sizeof count) > 0)
		;
	watch_clock(c);
}

static void report_named(struct consume *c)
{
	if (!c->join_named)
		return;
	c->join_named = false;
	consume_step(
		c, &(struct session_event){.kind = EVENT_ASSIGNED, .parts = c->others.all, .count = c->others.count});
}

static void turn(struct consume *c)
{
	watch_clock(c);
	hear_brokers(c);
	if (c->hold_ms) {
		wait_for_news(c, IDLE_MS);
		return;
	}
	hear_sinks(c);
	report_named(c);
	hear_lookups(c);
	hear_output(c);
	hear_time(c);
	bool can_take = c->source.session.state == SESSION_READING && !c->status && !c->health.unknown &&
			(!c->source.output.out.len || !output_full(&c->source.output));
	if (c->source.session.state == SESSION_ENDED)
		return;
	if (can_take && (c->opt->by_time ? take_by_time(c) : take_records(c)))
		return;
	if (c->lookup.on || c->others_lookup.on)
		return;
	hear_output(c);
	wait_for_news(c, session_wait_ms(&c->source.session, clock_ms(), c->source.output.out.len ? TAIL_MS : IDLE_MS));
}

/* --- the beginning --------------------------------------------------------------------------------------------------
 */

static void set_policy(struct consume *c)
{
	const struct consume_options *o = c->opt;
	int64_t half_poll_ms = c->broker.max_poll_ms / 2, drain_ms = o->source.drain_timeout_ms;
	c->source.policy = (struct session_policy){
		.marked = o->batch.on && !isatty(STDOUT_FILENO),
		.member = c->broker.member,
		.commits = o->group,
		.named = o->partition_count,
		.bounded = o->to_given,
		.reset = o->reset,
		.adopt = o->batch.adopt,
		.skip_lost = o->batch.skip_lost,
		.single = c->others.count == 1,
		.from_start = o->from_given && o->from.kind == WHERE_START,
		.from = o->from,
		.to = o->to,
		.count = o->count,
		.batch_records = o->batch.records,
		.batch_bytes = o->batch.bytes,
		.batch_ms = o->batch.interval_ms,
		.answer_ms = o->source.sink_timeout_ms,
		.drain_ms = drain_ms < half_poll_ms ? drain_ms : half_poll_ms,
		.give_back_ms = GIVE_BACK_MS,
		.last_ack_ms = drain_ms,
		.commit_every_ms = c->broker.commit_ms,
		.last_commit_ms = LAST_COMMIT_MS,
	};
}

/*
 * Look up the group's positions before anything is read: if other partitions of a topic have positions, one without
 * came later.
 */
static bool look_at_group(struct consume *c)
{
	const struct consume_options *o = c->opt;
	bool matters = checking() || (!o->reset && o->from.kind != WHERE_START); /* a check is also one of rights */
	if (!o->group || !matters || !c->others.count)
		return true;
	lookup_begin(&c->lookup, c->source.session.question, LOOKUP_STORED, c->others.all, c->others.count);
	while (c->lookup.on && !c->status && !sig_stop()) {
		hear_lookups(c);
		kafka_client_poll(&c->broker.client, 0);
	}
	for (size_t i = 0; i < c->others.count; i++) {
		struct cursor *cursor = c->others.all[i].cursor;
		cursor->topic->stored |= cursor->stored >= 0;
		c->source.session.cursors.stored |= cursor->stored >= 0;
	}
	return !c->status && !sig_stop();
}

static bool open_source(struct consume *c)
{
	struct strbuf err = STRBUF_INIT;
	if (c->source.policy.marked)
		c->cluster = rd_kafka_clusterid(c->broker.client.rk, CLUSTER_MS);
	c->source.start =
		(struct source_start){.group = c->opt->group, .topics = c->opt->topics, .cluster = c->cluster};
	c->source.delim = c->encoder.frame.delim;
	if (source_open(&c->source, "consume", c->opt->source.sinks, &err) < 0)
		consume_fail(c, EXIT_TEMP, "%s", err.s);
	strbuf_release(&err);
	return !c->status;
}

/* Partitions with queues of their own share the memory, and their number is known only once a handle exists. */
static int open_again(struct consume *c, struct strbuf *err)
{
	size_t shares = c->others.count;
	if (topics_has_regex(c->opt) && shares < SHARES_MIN)
		shares = SHARES_MIN; /* more partitions may be added */
	if (!c->opt->by_time || shares < 2)
		return EXIT_OK;
	broker_close(&c->broker);
	return broker_open(&c->broker, c->opt, shares, err);
}

static bool begin(struct consume *c)
{
	struct strbuf err = STRBUF_INIT;
	int status = broker_open(&c->broker, c->opt, 1, &err);
	if (status == 0) {
		session_init(&c->source.session, &c->source.policy);
		status = topics_list(
			c->opt, &c->broker.client, &c->source.session.cursors, &c->others.all, &c->others.count, &err);
	}
	if (status == 0)
		status = open_again(c, &err);
	if (status == 0) {
		set_policy(c);
		c->source.session.left = c->source.policy.count;
		c->encoder.marked = c->source.policy.marked;
	}
	if (status > 0)
		consume_fail(c, status, "%s", err.s);
	strbuf_release(&err);
	return status == 0 && look_at_group(c) && !checking() && open_source(c);
}

int consume_run(struct consume *c)
{
	source_init(&c->source);
	strbuf_init(&c->member);
	if (begin(c)) {
		notes_start(c->opt, &c->source.policy);
		consume_step_kind(c, EVENT_BEGIN);
		while (c->source.session.state != SESSION_ENDED)
			turn(c);
	}
	if (source_close(&c->source) < 0 && !c->status)
		consume_fail(c, EXIT_TEMP, "cannot close standard output");
	if (!c->status && !checking())
		notes_done(&c->source.session);
	broker_leave(&c->broker, c->status);
	ackd_close(&c->source.sinks.acks);
	take_release(c);
	lookup_release(&c->lookup);
	lookup_release(&c->others_lookup);
	if (c->cluster)
		rd_kafka_mem_free(c->broker.client.rk, c->cluster);
	strbuf_release(&c->member);
	broker_close(&c->broker);
	source_release(&c->source);
	free(c->others.all);
	return c->status;
}
