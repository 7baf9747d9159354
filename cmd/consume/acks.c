/* What sinks say, and what may be committed for it.  See batch.h. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "batch.h"
#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "consume.h"

enum { WAIT_MS = 50 };

void acks_expect(struct consume *c, uint64_t number)
{
	struct batch *b = &c->batch;
	struct cut *cut = xcalloc(1, sizeof *cut);
	cut->number = number;
	cut->epoch = c->positions.epoch;
	cut->parts = xcalloc(c->positions.count, sizeof *cut->parts);
	for (size_t i = 0; i < c->positions.count; i++) {
		struct position *p = c->positions.all[i];
		if (p->in_batch && p->assigned)
			cut->parts[cut->count++] = (struct cut_part){p, p->next};
	}
	*b->last = cut;
	b->last = &cut->next;
}

static void forget(struct batch *b)
{
	struct cut *cut = b->first;
	b->first = cut->next;
	if (!b->first)
		b->last = &b->first;
	free(cut->parts);
	free(cut);
}

void acks_release(struct consume *c)
{
	while (c->batch.first)
		forget(&c->batch);
}

/* A batch is durable everywhere: its positions may be committed, if they are still ours. */
static void settle(struct consume *c)
{
	struct batch *b = &c->batch;
	uint64_t done = ackd_done(&b->acks);
	if (done <= b->done)
		return;
	b->done = done < b->mark.batch ? done : b->mark.batch;
	while (b->first && b->first->number < b->done) {
		const struct cut *cut = b->first;
		for (size_t i = 0; i < cut->count && cut->epoch == c->positions.epoch; i++)
			if (cut->parts[i].p->assigned && cut->parts[i].to > cut->parts[i].p->written)
				cut->parts[i].p->written = cut->parts[i].to;
		forget(b);
	}
	c->group.next_commit = 0;
	KILL_POINT("consume-after-ack");
}

/* Nothing lies in the pipe: what was written is in the hands of the command behind it. */
static bool pipe_is_empty(const struct consume *c)
{
	int unread;
	if (c->batch.finishing)
		return true;
	return !c->sink.out.len && ioctl(c->sink.out.fd, FIONREAD, &unread) == 0 && !unread;
}

/* A mark that no sink has seen although the pipe was empty after it: a command keeps it. */
static void watch(struct consume *c)
{
	struct batch *b = &c->batch;
	uint64_t seen = ackd_seen(&b->acks);
	if (seen < b->done)
		seen = b->done;
	if (seen >= b->mark.batch || seen != b->unseen)
		b->unseen_since = 0;
	b->unseen = seen;
	if (seen >= b->mark.batch)
		return;
	if (!b->unseen_since && pipe_is_empty(c))
		b->unseen_since = clock_ms();
	if (!b->unseen_since || b->warned > seen || clock_ms() - b->unseen_since < c->opt->batch.stall_warning_ms)
		return;
	b->warned = seen + 1;
	warn("no sink has seen the mark of batch %" PRIu64
	     " for %g s: a command in between holds it back in its buffer; run "
	     "it with `weir each`",
		seen, (double)c->opt->batch.stall_warning_ms / 1000);
}

void acks_serve(struct consume *c)
{
	struct batch *b = &c->batch;
	struct strbuf err = STRBUF_INIT;
	if (!b->on || b->acks.fd < 0)
		return;
	int r = ackd_serve(&b->acks, &err);
	settle(c);
	if (r < 0)
		consume_fail(c, EXIT_TEMP, "%s; what it has not acknowledged is not committed", err.s);
	else
		watch(c);
	strbuf_release(&err);
}

bool batch_settled(const struct consume *c)
{
	return c->batch.done == c->batch.mark.batch;
}

bool acks_wait(
	struct consume *c, bool (*ready)(const struct consume *c), const char *what, int64_t timeout_ms, bool signals)
{
	struct patience wait = {0};
	unsigned changes = c->group.changes;
	while (!ready(c)) {
		if (c->status || (signals && sig_stop()) || changes != c->group.changes)
			return false;
		enum patience_state state = patience_ask(&wait, timeout_ms, clock_ms());
		if (state == PATIENCE_OVER)
			return false;
		if (state == PATIENCE_TELL)
			warn("waiting for %s, for at most %g s", what, (double)timeout_ms / 1000);
		source_wait(c, WAIT_MS);
		consume_serve(c);
	}
	return true;
}
