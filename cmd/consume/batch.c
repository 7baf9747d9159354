/* The life of a marked stream: its limits, its beginning, its end.  See batch.h. */
#include "batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/num.h"
#include "common/base/sig.h"
#include "common/io/parts.h"
#include "common/kafka/identity.h"
#include "consume.h"

/* One of RECORDS (a plain number) and BYTES (with a unit). */
static int parse_limit(const char *word, struct batch_options *o)
{
	bool unit = *word && strspn(word, "0123456789") != strlen(word);
	uint64_t *to = unit ? &o->bytes : &o->records;
	if (*to != UINT64_MAX)
		return -EINVAL;
	return unit ? num_size(word, to) : num_u64(word, to);
}

int batch_parse(const char *value, void *dest, struct strbuf *err)
{
	struct batch_options *o = dest;
	char *copy = xstrdup(value), *rest = copy, *word = strsep(&rest, ",");
	int r = num_duration(word, &o->interval_ms);
	o->on = true;
	o->records = o->bytes = UINT64_MAX;
	while (r == 0 && (word = strsep(&rest, ",")))
		r = parse_limit(word, o);
	free(copy);
	if (r == 0 && (o->interval_ms < 1 || !o->records || !o->bytes))
		r = -EINVAL;
	if (r < 0)
		strbuf_addstr(err, "is not TIME[,RECORDS][,BYTES], such as 10s,1000000,64M");
	return r;
}

static bool all_there(const struct consume *c)
{
	return ackd_ready(&c->batch.acks);
}

const char *batch_table(const struct consume *c, const char *wanted)
{
	const struct ackd *acks = &c->batch.acks;
	const char *found = NULL;
	for (size_t i = 0; i < acks->count; i++) {
		const char *table = acks->sinks[i].table;
		if (table && wanted && strcmp(table, wanted) == 0)
			return table;
		if (table && !found)
			found = table;
	}
	return found;
}

/* Wait until all sinks said hello; false after consume_fail(), or when SIGNALS count and one came. */
static bool await_sinks(struct consume *c, bool signals)
{
	if (acks_wait(c, all_there, "the sinks to say hello", c->opt->batch.sink_timeout_ms, signals))
		return true;
	if (!c->status && !(signals && sig_stop()))
		consume_fail(c, EXIT_TEMP,
			"%zu of %" PRIu64
			" sinks said hello within %g s: there is none at the end of the pipeline, or a "
			"command in between holds marks back or damages them (run it with `weir each`)",
			c->batch.acks.count, c->opt->batch.sinks, (double)c->opt->batch.sink_timeout_ms / 1000);
	return false;
}

bool batch_begin(struct consume *c)
{
	struct batch *b = &c->batch;
	struct strbuf err = STRBUF_INIT;
	strbuf_init(&b->text);
	b->last = &b->first;
	b->ts_min = b->ts_max = b->watermark = -1;
	snprintf(b->mark.by, sizeof b->mark.by, "consume");
	b->mark.start_ms = clock_epoch_ms();
	if (getrandom(&b->mark.run, sizeof b->mark.run, 0) != sizeof b->mark.run)
		consume_fail(c, EXIT_TEMP, "cannot get random bytes: %s", diag_strerror(errno));
	else if (ackd_open(&b->acks, b->mark.run, c->opt->batch.sinks, &err) < 0)
		consume_fail(c, EXIT_TEMP, "%s", err.s);
	strbuf_release(&err);
	if (c->status || !batch_start(c))
		return false;
	return await_sinks(c, true);
}

void batch_release(struct consume *c)
{
	if (!c->batch.on)
		return;
	ackd_close(&c->batch.acks);
	strbuf_release(&c->batch.text);
	acks_release(c);
}

struct identity record_identity(const rd_kafka_message_t *m)
{
	return (struct identity){.known = true, .offset = m->offset, .ms = message_ms(m), .crc = message_crc(m)};
}

void batch_count(struct consume *c, struct position *p, rd_kafka_message_t *m)
{
	struct batch *b = &c->batch;
	rd_kafka_timestamp_type_t type;
	int64_t ms = rd_kafka_message_timestamp(m, &type);
	if (p->newest)
		rd_kafka_message_destroy(p->newest);
	else
		b->touched[b->touched_count++] = p;
	p->newest = m;
	if (ms > p->max_ms)
		p->max_ms = ms;
	if (!b->on)
		return;
	b->mark.n++;
	b->bytes += m->len + m->key_len;
	p->records++;
	if (ms < 0)
		return;
	if (b->ts_min < 0 || ms < b->ts_min)
		b->ts_min = ms;
	if (ms > b->ts_max)
		b->ts_max = ms;
	if (ms > b->watermark)
		b->watermark = ms;
}

/* A CRC of each record would cost more than all else that is done with it: only the last one of a partition has one. */
void batch_settle(struct consume *c)
{
	struct batch *b = &c->batch;
	for (size_t i = 0; i < b->touched_count; i++) {
		struct position *p = b->touched[i];
		p->last = record_identity(p->newest);
		rd_kafka_message_destroy(p->newest);
		p->newest = NULL;
	}
	b->touched_count = 0;
}

bool batch_full(const struct consume *c)
{
	const struct batch *b = &c->batch;
	return b->on && !c->hold_ms && (b->mark.n >= c->opt->batch.records || b->bytes >= c->opt->batch.bytes);
}

bool batch_serve(struct consume *c)
{
	const struct batch *b = &c->batch;
	if (!b->resumed || clock_ms() < b->due)
		return true;
	return batch_cut(c, false);
}

int batch_wait_ms(const struct consume *c, int timeout_ms)
{
	if (!c->batch.resumed)
		return timeout_ms;
	int64_t left = c->batch.due - clock_ms();
	return left < 0 ? 0 : left < timeout_ms ? (int)left : timeout_ms;
}

/* The last acknowledgement.  Sinks that get on, however slowly, may take their time. */
static bool await_end(struct consume *c)
{
	int64_t limit = c->opt->batch.drain_timeout_ms;
	for (;;) {
		unsigned changes = c->group.changes;
		uint64_t done = c->batch.done, seen = ackd_seen(&c->batch.acks);
		if (acks_wait(c, batch_settled, "the sinks to acknowledge the last batch", limit, false))
			return true;
		if (c->status)
			return false;
		/* A rebalance is answered by leaving the group. */
		if (changes != c->group.changes || done != c->batch.done || seen != ackd_seen(&c->batch.acks))
			continue;
		consume_fail(c, EXIT_TEMP,
			"the sinks have not acknowledged the last batch within %g s (--drain-timeout); it is not "
			"committed",
			(double)limit / 1000);
		return false;
	}
}

bool batch_finish(struct consume *c)
{
	if (!c->batch.last) /* ended by a signal before S was written */
		return true;
	/* Nobody acknowledges F who has not said hello. */
	if (!await_sinks(c, false) || !batch_cut(c, true))
		return false;
	if (!batch_final(c) || !sink_close(c))
		return false;
	KILL_POINT("consume-after-F");
	return await_end(c);
}
