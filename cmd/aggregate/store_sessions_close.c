/* Closing session windows, and remembering their ends: see sessions.h and store.h. */
#include "cmd/aggregate/store_sessions.h"

#include <stdlib.h>

/* The end of the key's last closed session is no longer needed, unless the key has a newer one by now. */
static void forget_key(struct sessions *s, const struct session_end *end)
{
	const struct session_key *key = sessions_key(s, end->slot);

	if (!key->first && key->closed_ms + s->gap_ms == end->end_ms)
		groups_remove(&s->keys, end->slot);
}

/* Remember that no session of the key of SLOT may begin before CLOSED_MS. */
static void remember(struct sessions *s, uint32_t slot, int64_t closed_ms)
{
	struct session_key *key = sessions_key(s, slot);

	if (closed_ms <= key->closed_ms)
		return;
	key->closed_ms = closed_ms;
	if (slot != GROUPS_NONE)
		session_ends_push(&s->ends, (struct session_end){.end_ms = closed_ms + s->gap_ms, .slot = slot});
}

/* Remove a session that ended at or before AT_MS, the earliest first; NULL: there is none. */
static struct session_window *take_closed(struct sessions *s, int64_t at_ms)
{
	while (s->ends.count && s->ends.heap[0].end_ms <= at_ms) {
		struct session_end end = s->ends.heap[0];
		struct session_window *session = end.session;
		if (session && !session->dead && session->last_ms + s->gap_ms > end.end_ms) {
			/* It has grown, so another one may end before it. */
			session_ends_delay(&s->ends, session->last_ms + s->gap_ms);
			continue;
		}
		session_ends_pop(&s->ends);
		if (!session)
			forget_key(s, &end);
		else if (!session->dead)
			return session;
		else
			free(session);
	}
	return NULL;
}

/* SESSION was closed; LAST: the stream ends. */
static void forget(struct sessions *s, struct session_window *session, bool last)
{
	sessions_unlink(s, session);
	if (!last)
		remember(s, session->slot, session->last_ms + s->gap_ms);
	else if (session->slot != GROUPS_NONE && !sessions_key(s, session->slot)->first)
		groups_remove(&s->keys, session->slot);
	query_block_release(s->set->query, session->block);
	free(session);
}

static struct key_group group_of(const struct sessions *s, struct session_window *session)
{
	struct key_group group = {.other = session->slot == GROUPS_NONE,
		.start_ms = session->start_ms,
		.end_ms = session->last_ms + s->gap_ms,
		.key = "",
		.block = session->block};

	if (!group.other)
		group.key = groups_key(&s->keys, session->slot, &group.key_len);
	return group;
}

/* Sessions are freed after they are written: until then their keys must stay. */
static int close_until(struct pane_store *store, int64_t at_ms, struct emit *emit, struct flow *flow)
{
	struct sessions *s = &store->sessions;
	struct session_window *closed = NULL, *session;

	while ((session = take_closed(s, at_ms))) {
		session->closed = closed;
		closed = session;
		struct key_group group = group_of(s, session);
		emit_add(emit, &group);
	}
	/* if none was closed, and perhaps keys were forgotten, no header is written */
	int r = closed || at_ms == INT64_MAX ? emit_end(emit, flow) : 0;
	for (; closed; closed = session) {
		session = closed->closed;
		forget(s, closed, at_ms == INT64_MAX);
	}
	sessions_find_next(store);
	return r;
}

static void each(
	const struct pane_store *store, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	const struct sessions *s = &store->sessions;

	for (size_t i = 0; i < s->ends.count; i++) {
		struct session_window *session = s->ends.heap[i].session;
		if (!session || session->dead)
			continue;
		struct key_group group = group_of(s, session);
		on_group(self, &group);
	}
}

static void each_closed(
	const struct pane_store *store, void (*on_group)(void *self, const struct key_group *group), void *self)
{
	const struct sessions *s = &store->sessions;
	struct key_group group = {.closed = true, .other = true, .key = "", .end_ms = s->other.closed_ms};

	if (group.end_ms != WINDOW_NOT_BEGUN)
		on_group(self, &group);
	group.other = false;
	for (uint32_t i = 0; i < s->keys.slots; i++) {
		if (!groups_used(&s->keys, i))
			continue;
		const struct session_key *key = groups_state(&s->keys, i);
		group.end_ms = key->closed_ms;
		group.key = groups_key(&s->keys, i, &group.key_len);
		if (group.end_ms != WINDOW_NOT_BEGUN)
			on_group(self, &group);
	}
}

static void put_closed(struct pane_store *store, const struct key_group *group)
{
	struct sessions *s = &store->sessions;

	remember(s, group->other ? GROUPS_NONE : sessions_slot(s, group->key, group->key_len), group->end_ms);
	sessions_find_next(store);
}

static int peek(struct pane_store *s, struct emit *emit, struct flow *flow)
{
	each(s, emit_add, emit);
	return emit_end(emit, flow);
}

const struct store_kind store_sessions = {
	.init = sessions_init,
	.release = sessions_release,
	.block = sessions_block,
	.close = close_until,
	.peek = peek,
	.each = each,
	.put = sessions_put,
	.each_closed = each_closed,
	.put_closed = put_closed,
};
