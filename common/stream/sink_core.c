/* The sink's half of the protocol: see sink_core.h. */
#include "common/stream/sink_core.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"

void sink_core_init(struct sink_core *core, const struct sink_policy *policy)
{
	*core = (struct sink_core){.policy = *policy, .figures.oldest_ms = -1};
}

void sink_core_release(struct sink_core *core)
{
	chain_release(&core->chain);
}

void sink_core_read(struct sink_core *core, uint64_t records, uint64_t bytes)
{
	core->records += records;
	core->bytes += bytes;
}

static void act(struct sink_actions *actions, enum sink_action action)
{
	actions->items[actions->count++] = action;
}

/* Whether a commit would change anything: there are records in hand, or a position moves. */
static bool commits(const struct sink_core *core)
{
	struct position *moves;
	size_t stay, n = chain_moves(&core->chain, core->records, &moves, &stay);
	free(moves);
	return n || core->records;
}

/* Everything in hand is durable, or nothing was to be stored. */
static void acknowledge(struct sink_core *core, struct sink_actions *ret)
{
	/*
	 * otherwise only rows after the last batch were committed; that batch is acknowledged already, and the source
	 * may have ended
	 */
	if (core->in_hand)
		act(ret, SINK_ACK);
	core->in_hand = false;
	core->figures.oldest_ms = -1;
	act(ret, SINK_FIGURES);
}

static void commit(struct sink_core *core, struct sink_actions *ret)
{
	if (commits(core))
		act(ret, SINK_COMMIT);
	else
		acknowledge(core, ret);
}

static int on_start(struct sink_core *core, const struct sink_event *ev, struct sink_actions *ret, struct strbuf *err)
{
	if (!ev->group) {
		strbuf_addstr(err, "the stream does not name a group");
		return -EBADMSG;
	}
	core->chain.group = xstrdup(ev->group);
	act(ret, SINK_HELLO);
	return 0;
}

static bool due(const struct sink_core *core, const struct sink_event *ev)
{
	bool full = core->bytes >= core->policy.bytes || core->records >= core->policy.records;
	/* Tolerance: a batch of one second may last only 999 ms, and its records would then wait for another batch. */
	int64_t slack = (ev->end_ms - ev->start_ms) / 16;
	return ev->flush || full || ev->end_ms - core->began_ms + slack >= core->policy.every_ms;
}

static int on_batch(struct sink_core *core, const struct sink_event *ev, struct sink_actions *ret, struct strbuf *err)
{
	int r = chain_extend(&core->chain, &ev->ranges, ev->n, err);
	if (r < 0)
		return r;
	if (!core->in_hand || ev->start_ms < core->began_ms) /* the clock may go back */
		core->began_ms = ev->start_ms;
	core->in_hand = true;
	core->batch = ev->batch;
	int64_t *oldest = &core->figures.oldest_ms;
	if (ev->oldest_ms >= 0 && (*oldest < 0 || ev->oldest_ms < *oldest))
		*oldest = ev->oldest_ms;
	act(ret, SINK_SEEN);
	if (due(core, ev))
		commit(core, ret);
	else
		act(ret, SINK_FIGURES);
	return 0;
}

/* Q and R are about what the table has, so what is in hand must be committed first. */
static bool is_first(struct sink_core *core, struct sink_actions *ret)
{
	if (!core->in_hand)
		return true;
	commit(core, ret);
	if (ret->items[0] == SINK_COMMIT)
		act(ret, SINK_AGAIN);
	return ret->items[0] != SINK_COMMIT;
}

static void on_committed(struct sink_core *core, const struct sink_event *ev, struct sink_actions *ret)
{
	core->figures.commits++;
	core->figures.records += core->records - ev->refused;
	core->figures.bytes += ev->bytes;
	core->records = core->bytes = 0;
	chain_committed(&core->chain);
	acknowledge(core, ret);
}

static void on_end(struct sink_core *core, struct sink_actions *ret)
{
	if (core->in_hand || core->records)
		commit(core, ret);
	act(ret, SINK_DONE);
}

int sink_core_step(struct sink_core *core, const struct sink_event *event, struct sink_actions *ret, struct strbuf *err)
{
	*ret = (struct sink_actions){0};
	/* rows that belong to no batch, such as those at the end of the stream */
	if (event->kind != SINK_BATCH && event->n)
		core->chain.changed = true;
	switch (event->kind) {
	case SINK_START:
		return on_start(core, event, ret, err);
	case SINK_BATCH:
		return on_batch(core, event, ret, err);
	case SINK_QUERY:
		if (is_first(core, ret))
			act(ret, SINK_ANSWER);
		break;
	case SINK_RESUME:
		if (is_first(core, ret)) {
			chain_resume(&core->chain, &event->ranges);
			act(ret, SINK_RESUMED);
			act(ret, SINK_FIGURES);
		}
		break;
	case SINK_FINAL:
	case SINK_END:
		on_end(core, ret);
		break;
	case SINK_COMMITTED:
		on_committed(core, event, ret);
		break;
	case SINK_CONFLICT:
		core->figures.conflicts++;
		act(ret, SINK_FIGURES);
		break;
	}
	return 0;
}
