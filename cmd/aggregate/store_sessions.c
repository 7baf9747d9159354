/*
 * Session windows: those that are open.  See sessions.h and store.h.  Closing, and the store_kind, are in
 * store_sessions_close.c.
 */
#include "cmd/aggregate/store_sessions.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void sessions_init(struct pane_store *store)
{
	struct sessions *s = &store->sessions;

	*s = (struct sessions){.gap_ms = store->window->size_ms, .set = store->set};
	s->other.closed_ms = WINDOW_NOT_BEGUN;
	groups_init(&s->keys, &s->set->seed, sizeof(struct session_key), 0);
}

void sessions_release(struct pane_store *store)
{
	struct sessions *s = &store->sessions;

	for (size_t i = 0; i < s->ends.count; i++) {
		struct session_window *session = s->ends.heap[i].session;
		if (session && !session->dead)
			query_block_release(s->set->query, session->block);
		free(session);
	}
	session_ends_release(&s->ends);
	groups_release(&s->keys);
}

static struct session_window *make(struct sessions *s, uint32_t slot, int64_t start_ms, int64_t last_ms)
{
	struct session_key *key = sessions_key(s, slot);
	struct session_window *session = xcalloc(1, sizeof *session + s->set->query->block_size);

	session->slot = slot;
	session->start_ms = start_ms;
	session->last_ms = last_ms;
	session->next = key->first;
	key->first = session;
	query_block_init(s->set->query, session->block);
	s->set->groups++;
	struct session_end end = {.end_ms = last_ms + s->gap_ms, .session = session, .slot = slot};
	session_ends_push(&s->ends, end);
	return session;
}

void sessions_unlink(struct sessions *s, struct session_window *session)
{
	struct session_window **link = &sessions_key(s, session->slot)->first;

	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	s->set->groups--;
}

static bool touches(const struct sessions *s, const struct session_window *session, int64_t from_ms, int64_t to_ms)
{
	return to_ms > session->start_ms - s->gap_ms && from_ms < session->last_ms + s->gap_ms;
}

/* A record belongs to both sessions, so they are joined into the earlier one. */
static struct session_window *join(struct sessions *s, struct session_window *a, struct session_window *b)
{
	if (b->start_ms < a->start_ms) {
		struct session_window *t = a;
		a = b;
		b = t;
	}
	query_block_merge(s->set->query, a->block, b->block);
	query_block_release(s->set->query, b->block);
	if (b->last_ms > a->last_ms)
		a->last_ms = b->last_ms;
	sessions_unlink(s, b);
	b->dead = true;
	return a;
}

/* The session of SLOT's list that overlaps [FROM, TO], extended to include it; NULL: none. */
static struct session_window *find(struct sessions *s, uint32_t slot, int64_t from_ms, int64_t to_ms)
{
	struct session_window *found = NULL, *next;

	for (struct session_window *i = sessions_key(s, slot)->first; i; i = next) {
		next = i->next;
		if (touches(s, i, from_ms, to_ms))
			found = found ? join(s, found, i) : i;
	}
	if (found && from_ms < found->start_ms)
		found->start_ms = from_ms;
	if (found && to_ms > found->last_ms)
		found->last_ms = to_ms;
	return found;
}

uint32_t sessions_slot(struct sessions *s, const char *key, size_t len)
{
	bool is_new;
	uint32_t slot = groups_get(&s->keys, key, len, &is_new);

	if (is_new)
		sessions_key(s, slot)->closed_ms = WINDOW_NOT_BEGUN;
	return slot;
}

/* Begin a session of the key or, with OTHER, of the groups beyond --max-groups. */
static struct session_window *begin(
	struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms)
{
	return make(s, other ? GROUPS_NONE : sessions_slot(s, key, len), start_ms, last_ms);
}

static bool is_full(const struct sessions *s)
{
	return s->set->max_groups && s->set->groups >= s->set->max_groups;
}

void sessions_find_next(struct pane_store *s)
{
	s->next_ms = s->sessions.ends.count ? s->sessions.ends.heap[0].end_ms : INT64_MAX;
}

enum store_found sessions_block(
	struct pane_store *store, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret)
{
	struct sessions *s = &store->sessions;
	uint32_t slot = groups_find(&s->keys, key, len);

	if (slot != GROUPS_NONE && t_ms < sessions_key(s, slot)->closed_ms)
		return STORE_LATE;
	struct session_window *session = slot == GROUPS_NONE ? NULL : find(s, slot, t_ms, t_ms);
	if (!session) {
		bool full = is_full(s);
		if (full && s->set->other && t_ms < s->other.closed_ms)
			return STORE_LATE;
		if (full && s->set->other)
			session = find(s, GROUPS_NONE, t_ms, t_ms);
		if (!session && at_ms != INT64_MIN && t_ms + s->gap_ms <= at_ms)
			return STORE_LATE;
		s->set->overflowed += full;
		if (!session && full && !s->set->other)
			return STORE_FULL;
		if (!session)
			session = begin(s, key, len, full, t_ms, t_ms);
		sessions_find_next(store);
	}
	*ret = session->block;
	return STORE_OK;
}

void *sessions_put(struct pane_store *store, const struct key_group *group)
{
	struct sessions *s = &store->sessions;
	int64_t start_ms = group->start_ms, last_ms = group->end_ms - s->gap_ms;
	bool other = group->other;
	uint32_t slot = other ? GROUPS_NONE : groups_find(&s->keys, group->key, group->key_len);
	struct session_window *session = other || slot != GROUPS_NONE ? find(s, slot, start_ms, last_ms) : NULL;

	if (!session && !other && is_full(s)) {
		s->set->overflowed++;
		if (!s->set->other)
			return NULL;
		other = true;
		session = find(s, GROUPS_NONE, start_ms, last_ms);
	}
	if (!session)
		session = begin(s, group->key, group->key_len, other, start_ms, last_ms);
	sessions_find_next(store);
	return session->block;
}
