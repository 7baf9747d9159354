/*
 * Groups of partial results: all are in one table, however many windows they belong to, and in whatever order they
 * arrive.  The window precedes the key.
 */
#include <string.h>

#include "cmd/aggregate/store.h"

struct joined_frame {
	int64_t start_ms, end_ms;
	int64_t other;
};

static void init(struct pane_store *s)
{
	pane_init(&s->batch, s->set, 0, 0);
}

static void release(struct pane_store *s)
{
	pane_release(&s->batch);
}

static void *put(struct pane_store *s, const struct key_group *group)
{
	struct joined_frame frame = {.start_ms = group->start_ms, .end_ms = group->end_ms, .other = group->other};
	struct strbuf *key = &s->set->query->key;
	uint64_t limit = s->set->max_groups;

	strbuf_clear(key);
	strbuf_add(key, &frame, sizeof frame);
	strbuf_add(key, group->key, group->key_len);
	if (group->other) /* it is not a group, and is ignored */
		s->set->max_groups = 0;
	void *block = pane_block(&s->batch, key->s, key->len);
	s->set->max_groups = limit;
	return block;
}

static void add(void *emit, const struct key_group *joined)
{
	struct key_group group = *joined;
	struct joined_frame frame;

	memcpy(&frame, group.key, sizeof frame);
	group.key += sizeof frame;
	group.key_len -= sizeof frame;
	group.start_ms = frame.start_ms;
	group.end_ms = frame.end_ms;
	group.other = frame.other;
	emit_add(emit, &group);
}

static int close_all(struct pane_store *s, int64_t at_ms, struct emit *emit, struct flow *flow)
{
	(void)at_ms;
	pane_each(&s->batch, add, emit);
	int r = emit_end(emit, flow);
	release(s);
	init(s);
	return r;
}

const struct store_kind store_joined = {.init = init, .release = release, .close = close_all, .put = put};
