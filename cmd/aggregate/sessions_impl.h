/*
 * The inside of session windows, shared by sessions.c (what is open) and sessions_close.c.
 */
#ifndef WEIR_AGGREGATE_SESSIONS_IMPL_H
#define WEIR_AGGREGATE_SESSIONS_IMPL_H

#include "cmd/aggregate/store.h"

static inline struct session_key *sessions_key(struct sessions *s, uint32_t slot)
{
	return slot == GROUPS_NONE ? &s->other : groups_state(&s->keys, slot);
}

/* The slot of the key, which is made if there is none. */
uint32_t sessions_slot(struct sessions *s, const char *key, size_t len);

/* Take SESSION out of its key's list. */
void sessions_unlink(struct sessions *s, struct session *session);

/* A session was begun or closed. */
void sessions_find_next(struct store *s);

/* Of store_sessions: see store.h. */
int sessions_close(struct store *store, int64_t at_ms, struct emit *emit, struct flow *flow) MUST_CHECK;
int sessions_peek(struct store *s, struct emit *emit, struct flow *flow) MUST_CHECK;
void sessions_each(const struct store *store, void (*on_group)(void *self, const struct group *group), void *self);
void sessions_each_closed(
	const struct store *store, void (*on_group)(void *self, const struct group *group), void *self);
void sessions_put_closed(struct store *store, const struct group *group);

#endif
