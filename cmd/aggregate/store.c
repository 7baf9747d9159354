/* The open groups: see store.h. */
#include "cmd/aggregate/store.h"

#include <errno.h>

void store_init(struct pane_store *s, const struct window *window, struct pane_set *set, bool joins)
{
	static const struct store_kind *const kinds[] = {
		[WINDOW_NONE] = &store_batch,
		[WINDOW_TUMBLING] = &store_windows,
		[WINDOW_SLIDING] = &store_windows,
		[WINDOW_SESSION] = &store_sessions,
	};
	bool joined = joins && window->kind != WINDOW_SESSION;

	*s = (struct pane_store){.kind = joined ? &store_joined : kinds[window->kind], .window = window, .set = set};
	s->closed_ms = WINDOW_NOT_BEGUN;
	s->next_ms = INT64_MAX;
	s->kind->init(s);
}

void store_release(struct pane_store *s)
{
	if (s->kind)
		s->kind->release(s);
	s->kind = NULL;
}

enum store_found store_block(struct pane_store *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret)
{
	if (!store_has_panes(s))
		return s->kind->block(s, key, len, t_ms, at_ms, ret);
	struct pane *pane = store_pane(s, t_ms, at_ms);
	if (!pane)
		return STORE_LATE;
	*ret = pane_block(pane, key, len);
	return *ret ? STORE_OK : STORE_FULL;
}

int store_close(struct pane_store *s, int64_t at_ms, bool late, struct emit *emit, struct flow *flow)
{
	emit_begin(emit, 0, true, late, false);
	return s->kind->close(s, at_ms, emit, flow);
}

int store_put_closed(struct pane_store *s, const struct key_group *group)
{
	if (!s->kind->put_closed || group->end_ms < WINDOW_TIME_MIN || group->end_ms > WINDOW_TIME_MAX)
		return -EBADMSG;
	s->kind->put_closed(s, group);
	return 0;
}

/* The row of GROUP was written. */
static void forget_change(void *query, const struct key_group *group)
{
	*query_block_changed(query, group->block) = 0;
}

int store_peek(struct pane_store *s, bool changed, struct emit *emit, struct flow *flow)
{
	emit_begin(emit, 0, false, false, changed);
	int r = s->kind->peek(s, emit, flow);
	if (changed)
		store_each(s, forget_change, s->set->query);
	return r;
}

int store_end_batch(struct pane_store *s, double seconds, struct emit *emit, struct flow *flow)
{
	emit_begin(emit, seconds, true, false, false);
	return s->kind->close(s, INT64_MAX, emit, flow);
}

static void batch_init(struct pane_store *s)
{
	pane_init(&s->batch, s->set, 0, 0);
	s->last = &s->batch;
	s->pane_ms = UINT64_MAX;
}

static void batch_release(struct pane_store *s)
{
	pane_release(&s->batch);
}

static struct pane *batch_pane(struct pane_store *s, int64_t t_ms, int64_t at_ms)
{
	(void)t_ms;
	(void)at_ms;
	return &s->batch;
}

static int batch_close(struct pane_store *s, int64_t at_ms, struct emit *emit, struct flow *flow)
{
	(void)at_ms;
	pane_each(&s->batch, emit_add, emit);
	int r = emit_end(emit, flow);
	batch_release(s);
	batch_init(s);
	return r;
}

/* Without windows nothing is due before the end of a batch, and nothing outlives it. */
const struct store_kind store_batch = {
	.init = batch_init, .release = batch_release, .pane = batch_pane, .close = batch_close};
