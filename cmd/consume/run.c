/* The loop: from Kafka's queue to standard output. */
#include "consume.h"

#include <stdarg.h>

#include "common/base/clock.h"
#include "common/base/sig.h"

enum {
	IDLE_MS = 200,
	LAST_FLUSH_MS = 30000,
	LAST_COMMIT_MS = 30000,
	STOPPED_MS = 1000,
	HOLD_MS = 1000, /* for the answer to a heartbeat */
};

void consume_fail(struct consume *c, enum exit_status status, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list args;
	if (c->status)
		return;
	va_start(args, fmt);
	strbuf_vaddf(&text, fmt, args);
	va_end(args);
	warn("%s", text.s);
	strbuf_release(&text);
	c->status = status;
}

void consume_watch_clock(struct consume *c)
{
	int64_t now = clock_ms(), gap = now - c->served_ms, next = c->group.heartbeat_ms - gap;
	if (c->group.member && c->served_ms && gap >= STOPPED_MS)
		c->hold_ms = now + (next > 0 ? next : 0) + HOLD_MS;
	c->served_ms = now;
}

void consume_serve(struct consume *c)
{
	consume_watch_clock(c);
	rd_kafka_poll(c->client.rk, 0);
	trouble_fatal(c);
	for (rd_kafka_message_t *m;
		c->opt->group && !c->source.stray && (m = rd_kafka_consumer_poll(c->client.rk, 0));) {
		if (!m->err) {
			c->source.stray = m; /* its partition's queue could not be forwarded */
			break;
		}
		trouble_message(c, m);
		rd_kafka_message_destroy(m);
	}
	acks_serve(c);
	group_serve(c);
}

/* Everything up to --to was read. */
static bool finished(const struct consume *c)
{
	const struct group *g = &c->group;
	if (!c->left)
		return true;
	if (!c->opt->to_given)
		return false;
	if (!g->member)
		return !c->positions.open;
	if (g->empty_since)
		return g->others.done;
	return c->positions.assigned && !c->positions.open && !g->gained;
}

bool consume_goes_on(const struct consume *c)
{
	return !c->status && !sig_stop() && !finished(c);
}

/* The partition of M when it is a record to be written, else NULL. */
static struct position *place_of(struct consume *c, const rd_kafka_message_t *m)
{
	if (m->err) {
		trouble_message(c, m);
		return NULL;
	}
	struct position *p = positions_of(&c->positions, m);
	if (p->before.known && p->assigned && p->epoch <= c->batch_epoch && gain_verify(c, p, m))
		return NULL;
	/* A rebalance may have come between the fetch and now. */
	if (!p->assigned || p->epoch > c->batch_epoch)
		return NULL;
	positions_hear(&c->positions, p);
	if (p->ended || m->offset < p->next)
		return NULL;
	if (m->offset >= p->end) {
		positions_advance(&c->positions, p, p->end > p->next ? p->end : p->next);
		return NULL;
	}
	return p;
}

/* One message of librdkafka, which is ours to destroy: at once, while the processor has it at hand. False: stop. */
static bool take(struct consume *c, rd_kafka_message_t *m)
{
	struct position *p = place_of(c, m);
	bool written = p && cut_record(c, p, m);
	if (written) { /* also when P was taken away meanwhile: its batch is yet to be cut */
		positions_advance(&c->positions, p, m->offset + 1);
		p->reached = p->next;
		c->left--;
		batch_count(c, p, m);
	} else {
		rd_kafka_message_destroy(m);
	}
	return written == !!p && c->left && !c->status && !sig_stop();
}

static void write_batch(struct consume *c, rd_kafka_message_t **batch, size_t n)
{
	bool go = true;
	size_t i;
	for (i = 0; i < n && go; i++) {
		go = take(c, batch[i]);
		if (c->sink.out.len >= c->sink.out.chunk && !sink_flush(c, 0))
			go = false;
		if (go && batch_full(c))
			go = batch_cut(c, false);
	}
	batch_settle(c);
	for (; i < n; i++)
		rd_kafka_message_destroy(batch[i]);
}

/* Wait a little longer after the process was stopped. */
static bool held(struct consume *c)
{
	if (!c->hold_ms)
		return false;
	if (clock_ms() < c->hold_ms) {
		source_wait(c, IDLE_MS);
		return true;
	}
	c->hold_ms = 0;
	return false;
}

static void loop(struct consume *c)
{
	rd_kafka_message_t *batch[BATCH_MESSAGES];
	while (consume_goes_on(c)) {
		consume_serve(c);
		if (held(c))
			continue;
		group_act(c);
		range_serve(c);
		group_wait(c);
		trouble_serve(c);
		anew_serve(c);
		others_serve(c);
		discover_serve(c);
		size_t n = c->trouble.unknown ? 0 : source_batch(c, batch, BATCH_MESSAGES);
		if (n)
			write_batch(c, batch, n);
		else if (sink_flush(c, 0) && consume_goes_on(c))
			source_wait(c, batch_wait_ms(c, IDLE_MS));
		if (!c->status && !c->hold_ms)
			batch_serve(c);
	}
}

static bool begin(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = topics_list(c);
	if (!list)
		return false;
	bool ok = begin_look(c, list) && (!c->batch.on || batch_begin(c));
	if (ok && c->group.member)
		ok = group_join(c);
	else if (ok && c->batch.on)
		gain(c, list);
	else if (ok)
		ok = range_resolve(c, list) && source_assign(c, list);
	c->group.others.all = list;
	return ok;
}

/* Write out what is there, then commit it, then leave. */
static void finish(struct consume *c)
{
	bool failed = c->sink.out.err < 0;
	bool closed = c->batch.on && !c->status && batch_finish(c);
	if (!failed && !c->batch.on)
		sink_flush(c, clock_ms() + LAST_FLUSH_MS);
	if (!closed)
		closed = sink_close(c) || c->batch.on;
	if (c->group.commits && closed && !group_commit_wait(c, LAST_COMMIT_MS))
		consume_fail(c, EXIT_TEMP, "the last commit failed: %s; records will be delivered again",
			rd_kafka_err2str(c->group.commit_err));
	group_leave(c);
}

int consume_run(struct consume *c)
{
	sink_open(c);
	joining_init(&c->group.joining);
	if (source_open(c)) {
		if (begin(c))
			loop(c);
		finish(c);
	} else {
		sink_close(c);
	}
	joining_release(&c->group.joining);
	batch_release(c);
	source_close(c);
	kafka_client_release(&c->client);
	positions_release(&c->positions);
	return c->status;
}
