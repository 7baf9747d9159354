/* Session windows: see sessions.h. */
#include "cmd/aggregate/sessions.h"

#include <stdlib.h>

#include "common/base/alloc.h"

void sessions_init(struct sessions *s, int64_t gap_ms, struct pane_set *set)
{
	*s = (struct sessions){.gap_ms = gap_ms, .set = set};
	groups_init(&s->keys, &set->seed, sizeof(struct session *), 0);
}

void sessions_release(struct sessions *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct session *session = s->heap[i].session;
		if (!session->dead)
			query_block_release(s->set->query, session->block);
		free(session);
	}
	free(s->heap);
	groups_release(&s->keys);
	*s = (struct sessions){0};
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

/* Take SESSION out of its key's list; a key without any is forgotten. */
static void unlink_session(struct sessions *s, struct session *session)
{
	struct session **link = list_of(s, session->slot);

	while (*link != session)
		link = &(*link)->next;
	*link = session->next;
	s->set->groups--;
}

static void forget_key(struct sessions *s, uint32_t slot)
{
	if (slot != GROUPS_NONE && !*list_of(s, slot))
		groups_remove(&s->keys, slot);
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

void *sessions_block(struct sessions *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, bool *ret_late)
{
	struct pane_set *set = s->set;
	uint32_t slot = groups_find(&s->keys, key, len);
	struct session *session = slot == GROUPS_NONE ? NULL : find(s, slot, t_ms, t_ms);
	bool is_new;

	*ret_late = false;
	if (session)
		return session->block;
	bool full = set->max_groups && set->groups >= set->max_groups;
	if (full && set->other)
		session = find(s, GROUPS_NONE, t_ms, t_ms);
	*ret_late = !session && at_ms != INT64_MIN && t_ms + s->gap_ms <= at_ms;
	set->overflowed += full && !*ret_late;
	if (session || *ret_late || (full && !set->other))
		return session ? session->block : NULL;
	slot = full ? GROUPS_NONE : groups_get(&s->keys, key, len, &is_new);
	return make(s, slot, t_ms, t_ms)->block;
}

void *sessions_join(struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms)
{
	uint32_t slot = other ? GROUPS_NONE : groups_find(&s->keys, key, len);
	struct session *session = other || slot != GROUPS_NONE ? find(s, slot, start_ms, last_ms) : NULL;

	if (session)
		return session->block;
	if (!other && s->set->max_groups && s->set->groups >= s->set->max_groups) {
		s->set->overflowed++;
		if (!s->set->other)
			return NULL;
		return sessions_join(s, "", 0, true, start_ms, last_ms);
	}
	return session_new(s, key, len, other, start_ms, last_ms)->block;
}

struct session *sessions_close(struct sessions *s, int64_t at_ms)
{
	while (sessions_due(s, at_ms)) {
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

void session_free(struct sessions *s, struct session *session)
{
	unlink_session(s, session);
	forget_key(s, session->slot);
	query_block_release(s->set->query, session->block);
	free(session);
}

struct session *session_new(
	struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms)
{
	bool is_new;

	return make(s, other ? GROUPS_NONE : groups_get(&s->keys, key, len, &is_new), start_ms, last_ms);
}
