/* Session windows: see sessions.h and store.h. */
#include "cmd/aggregate/store.h"

#include <stdlib.h>

#include "common/base/alloc.h"

static void init(struct store *store)
{
	struct sessions *s = &store->sessions;

	*s = (struct sessions){.gap_ms = store->window->size_ms, .set = store->set};
	groups_init(&s->keys, &s->set->seed, sizeof(struct session *), 0);
}

static void release(struct store *store)
{
	struct sessions *s = &store->sessions;

	for (size_t i = 0; i < s->count; i++) {
		struct session *session = s->heap[i].session;
		if (!session->dead)
			query_block_release(s->set->query, session->block);
		free(session);
	}
	free(s->heap);
	groups_release(&s->keys);
}

/* Move the end at I down to where it belongs. */
static void sift_down(struct sessions *s, size_t i)
{
	struct session_end end = s->heap[i];

	for (size_t child; (child = 2 * i + 1) < s->count; i = child) {
		if (child + 1 < s->count && s->heap[child + 1].end_ms < s->heap[child].end_ms)
			child++;
		if (s->heap[child].end_ms >= end.end_ms)
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = end;
}

static void push(struct sessions *s, struct session *session)
{
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->heap = xreallocarray(s->heap, s->room, sizeof *s->heap);
	}
	struct session_end end = {.end_ms = session->last_ms + s->gap_ms, .session = session};
	size_t i = s->count++;
	for (; i && s->heap[(i - 1) / 2].end_ms > end.end_ms; i = (i - 1) / 2)
		s->heap[i] = s->heap[(i - 1) / 2];
	s->heap[i] = end;
}

static void pop(struct sessions *s)
{
	s->heap[0] = s->heap[--s->count];
	if (s->count)
		sift_down(s, 0);
}

/* Where the list of the key of SLOT begins. */
static struct session **list_of(struct sessions *s, uint32_t slot)
{
	return slot == GROUPS_NONE ? &s->other : groups_state(&s->keys, slot);
}

static struct session *make(struct sessions *s, uint32_t slot, int64_t start_ms, int64_t last_ms)
{
	struct session **list = list_of(s, slot);
	struct session *session = xcalloc(1, sizeof *session + s->set->query->block_size);

	session->slot = slot;
	session->start_ms = start_ms;
	session->last_ms = last_ms;
	session->next = *list;
	*list = session;
	query_block_init(s->set->query, session->block);
	s->set->groups++;
	push(s, session);
	return session;
}

/* Take SESSION out of its key's list. */
static void unlink_session(struct sessions *s, struct session *session)
{
	struct session **link = list_of(s, session->slot);

	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	s->set->groups--;
}

static bool touches(const struct sessions *s, const struct session *session, int64_t from_ms, int64_t to_ms)
{
	return to_ms > session->start_ms - s->gap_ms && from_ms < session->last_ms + s->gap_ms;
}

/* Something lies in both sessions: they are one.  The earlier one goes on. */
static struct session *join(struct sessions *s, struct session *a, struct session *b)
{
	if (b->start_ms < a->start_ms) {
		struct session *t = a;
		a = b;
		b = t;
	}
	query_block_merge(s->set->query, a->block, b->block);
	query_block_release(s->set->query, b->block);
	if (b->last_ms > a->last_ms)
		a->last_ms = b->last_ms;
	unlink_session(s, b);
	b->dead = true;
	return a;
}

/* The session of the list of SLOT that something of [FROM, TO] is in, extended to all of it; NULL: none. */
static struct session *find(struct sessions *s, uint32_t slot, int64_t from_ms, int64_t to_ms)
{
	struct session *found = NULL, *next;

	for (struct session *i = *list_of(s, slot); i; i = next) {
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

/* A session of the key, or (OTHER) of what is beyond --max-groups. */
static struct session *begin(
	struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms)
{
	bool is_new;

	return make(s, other ? GROUPS_NONE : groups_get(&s->keys, key, len, &is_new), start_ms, last_ms);
}

static bool is_full(const struct sessions *s)
{
	return s->set->max_groups && s->set->groups >= s->set->max_groups;
}

/* A session was begun or closed. */
static void find_next(struct store *s)
{
	s->next_ms = s->sessions.count ? s->sessions.heap[0].end_ms : INT64_MAX;
}

static enum store_found block(struct store *store, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret)
{
	struct sessions *s = &store->sessions;
	uint32_t slot = groups_find(&s->keys, key, len);
	struct session *session = slot == GROUPS_NONE ? NULL : find(s, slot, t_ms, t_ms);

	if (!session) {
		bool full = is_full(s);
		if (full && s->set->other)
			session = find(s, GROUPS_NONE, t_ms, t_ms);
		if (!session && at_ms != INT64_MIN && t_ms + s->gap_ms <= at_ms)
			return STORE_LATE;
		s->set->overflowed += full;
		if (!session && full && !s->set->other)
			return STORE_FULL;
		if (!session)
			session = begin(s, key, len, full, t_ms, t_ms);
		find_next(store);
	}
	*ret = session->block;
	return STORE_OK;
}

static void *put(struct store *store, const struct group *group)
{
	struct sessions *s = &store->sessions;
	int64_t start_ms = group->start_ms, last_ms = group->end_ms - s->gap_ms;
	bool other = group->other;
	uint32_t slot = other ? GROUPS_NONE : groups_find(&s->keys, group->key, group->key_len);
	struct session *session = other || slot != GROUPS_NONE ? find(s, slot, start_ms, last_ms) : NULL;

	if (!session && !other && is_full(s)) {
		s->set->overflowed++;
		if (!s->set->other)
			return NULL;
		other = true;
		session = find(s, GROUPS_NONE, start_ms, last_ms);
	}
	if (!session)
		session = begin(s, group->key, group->key_len, other, start_ms, last_ms);
	find_next(store);
	return session->block;
}

/* Take a session that ended at or before AT_MS, the earliest first; NULL: there is none. */
static struct session *take_closed(struct sessions *s, int64_t at_ms)
{
	while (s->count && s->heap[0].end_ms <= at_ms) {
		struct session *session = s->heap[0].session;
		if (session->dead) {
			pop(s);
			free(session);
		} else if (session->last_ms + s->gap_ms > s->heap[0].end_ms) {
			/* It has grown: another one may be before it. */
			s->heap[0].end_ms = session->last_ms + s->gap_ms;
			sift_down(s, 0);
		} else {
			pop(s);
			return session;
		}
	}
	return NULL;
}

static void forget(struct sessions *s, struct session *session)
{
	unlink_session(s, session);
	if (session->slot != GROUPS_NONE && !*list_of(s, session->slot)) /* a key without any is forgotten */
		groups_remove(&s->keys, session->slot);
	query_block_release(s->set->query, session->block);
	free(session);
}

static struct group group_of(const struct sessions *s, struct session *session)
{
	struct group group = {.other = session->slot == GROUPS_NONE,
		.start_ms = session->start_ms,
		.end_ms = session->last_ms + s->gap_ms,
		.key = "",
		.block = session->block};

	if (!group.other)
		group.key = groups_key(&s->keys, session->slot, &group.key_len);
	return group;
}

/* The sessions are freed when they are written: until then their keys must stay. */
static int close_sessions(struct store *store, int64_t at_ms, struct emit *emit, struct flow *flow)
{
	struct sessions *s = &store->sessions;
	struct session *closed = NULL, *session;

	while ((session = take_closed(s, at_ms))) {
		session->closed = closed;
		closed = session;
		struct group group = group_of(s, session);
		emit_add(emit, &group);
	}
	find_next(store);
	int r = emit_end(emit, flow);
	for (; closed; closed = session) {
		session = closed->closed;
		forget(s, closed);
	}
	return r;
}

static void each(const struct store *store, void (*on_group)(void *self, const struct group *group), void *self)
{
	const struct sessions *s = &store->sessions;

	for (size_t i = 0; i < s->count; i++) {
		if (s->heap[i].session->dead)
			continue;
		struct group group = group_of(s, s->heap[i].session);
		on_group(self, &group);
	}
}

static int peek(struct store *s, struct emit *emit, struct flow *flow)
{
	each(s, emit_add, emit);
	return emit_end(emit, flow);
}

const struct store_kind store_sessions = {
	.init = init,
	.release = release,
	.block = block,
	.close = close_sessions,
	.peek = peek,
	.each = each,
	.put = put,
};
