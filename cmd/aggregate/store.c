/* What is open: see store.h. */
#include "cmd/aggregate/store.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void store_init(struct store *s, const struct window *window, struct pane_set *set)
{
	*s = (struct store){.window = window, .set = set};
	if (window->kind == WINDOW_NONE)
		pane_init(&s->batch, set, 0);
	else if (window->kind == WINDOW_SESSION)
		sessions_init(&s->sessions, window->size_ms, set);
	else
		windows_init(&s->windows, window, set);
}

void store_release(struct store *s)
{
	if (!s->window)
		return;
	pane_release(&s->batch);
	windows_release(&s->windows);
	sessions_release(&s->sessions);
	s->window = NULL;
}

enum store_found store_block(struct store *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret)
{
	struct pane *pane = &s->batch;
	bool late = false;

	if (s->window->kind == WINDOW_SESSION) {
		*ret = sessions_block(&s->sessions, key, len, t_ms, at_ms, &late);
	} else {
		if (s->window->kind != WINDOW_NONE)
			pane = windows_pane(&s->windows, t_ms, at_ms);
		late = !pane;
		*ret = pane ? pane_block(pane, key, len) : NULL;
	}
	return late ? STORE_LATE : *ret ? STORE_OK : STORE_FULL;
}

/* Add the groups of PANE, or those that have changed, as those of a window that ends at END_MS. */
static void add_pane(struct store *s, const struct pane *pane, int64_t end_ms, bool changed, struct emit *emit)
{
	struct query *q = s->set->query;
	struct emit_item item = {.start_ms = end_ms - s->window->size_ms, .end_ms = end_ms};
	size_t len;

	for (uint32_t i = 0; i < pane->groups.slots; i++) {
		item.block = groups_state(&pane->groups, i);
		if (changed && !*query_block_changed(q, item.block))
			continue;
		item.key = groups_key(&pane->groups, i, &len);
		item.key_len = (uint32_t)len;
		emit_add(emit, &item);
	}
	item = (struct emit_item){.start_ms = item.start_ms, .end_ms = end_ms, .key = "", .other = true};
	item.block = pane->other;
	if (pane->other && !(changed && !*query_block_changed(q, pane->other)))
		emit_add(emit, &item);
}

static void add_session(struct store *s, struct session *session, struct emit *emit)
{
	struct emit_item item = {.start_ms = session->start_ms,
		.end_ms = session->last_ms + s->window->size_ms,
		.other = session->slot == GROUPS_NONE,
		.key = "",
		.block = session->block};
	size_t len = 0;

	if (!item.other)
		item.key = groups_key(&s->sessions.keys, session->slot, &len);
	item.key_len = (uint32_t)len;
	emit_add(emit, &item);
}

/* The sessions are freed when they are written: until then their keys must stay. */
static int close_sessions(struct store *s, int64_t at_ms, bool late, struct emit *emit, struct flow *flow)
{
	struct session *closed = NULL, *session;

	emit_begin(emit, 0, true, late);
	while ((session = sessions_close(&s->sessions, at_ms))) {
		session->closed = closed;
		closed = session;
		add_session(s, session, emit);
	}
	int r = emit_end(emit, flow);
	for (; closed; closed = session) {
		session = closed->closed;
		session_free(&s->sessions, closed);
	}
	return r;
}

int store_close(struct store *s, int64_t at_ms, bool late, struct emit *emit, struct flow *flow)
{
	struct pane *pane;
	int64_t end_ms;
	int r = 0;

	if (s->window->kind == WINDOW_SESSION)
		return close_sessions(s, at_ms, late, emit, flow);
	while (!r && (pane = windows_close(&s->windows, at_ms, &end_ms))) {
		emit_begin(emit, 0, true, late);
		add_pane(s, pane, end_ms, false, emit);
		r = emit_end(emit, flow);
	}
	return r;
}

/* What was written has not changed since. */
static void forget_changes(struct store *s, const struct pane *pane)
{
	struct query *q = s->set->query;

	for (uint32_t i = 0; i < pane->groups.slots; i++)
		*query_block_changed(q, groups_state(&pane->groups, i)) = 0;
	if (pane->other)
		*query_block_changed(q, pane->other) = 0;
}

static int peek_sessions(struct store *s, bool changed, struct emit *emit, struct flow *flow)
{
	struct query *q = s->set->query;

	emit_begin(emit, 0, false, false);
	for (size_t i = 0; i < s->sessions.count; i++) {
		struct session *session = s->sessions.heap[i].session;
		if (session->dead || (changed && !*query_block_changed(q, session->block)))
			continue;
		add_session(s, session, emit);
		if (changed)
			*query_block_changed(q, session->block) = 0;
	}
	return emit_end(emit, flow);
}

int store_peek(struct store *s, bool changed, struct emit *emit, struct flow *flow)
{
	struct windows *w = &s->windows;
	int r = 0;

	if (s->window->kind == WINDOW_SESSION)
		return peek_sessions(s, changed, emit, flow);
	if (!w->count)
		return 0;
	int64_t last_ms = window_last_end(w->window, w->panes[w->count - 1]->start_ms);
	for (int64_t end_ms = w->next_ms; end_ms <= last_ms && !r; end_ms += w->window->step_ms) {
		struct pane *pane = windows_look(w, end_ms);
		if (!pane)
			continue;
		emit_begin(emit, 0, false, false);
		add_pane(s, pane, end_ms, changed, emit);
		r = emit_end(emit, flow);
	}
	for (size_t i = 0; changed && i < w->count; i++)
		forget_changes(s, w->panes[i]);
	return r;
}

int store_end_batch(struct store *s, double seconds, struct emit *emit, struct flow *flow)
{
	emit_begin(emit, seconds, true, false);
	add_pane(s, &s->batch, 0, false, emit);
	int r = emit_end(emit, flow);
	pane_release(&s->batch);
	pane_init(&s->batch, s->set, 0);
	return r;
}
