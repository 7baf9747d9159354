/*
 * The inside of session windows, shared by store_sessions.c (open ones) and store_sessions_close.c.
 */
#ifndef WEIR_AGGREGATE_STORE_SESSIONS_H
#define WEIR_AGGREGATE_STORE_SESSIONS_H

#include "cmd/aggregate/store.h"

static inline struct session_key *sessions_key(struct sessions *s, uint32_t slot)
{
	return slot == GROUPS_NONE ? &s->other : groups_state(&s->keys, slot);
}

/* The slot of the key, created if necessary. */
uint32_t sessions_slot(struct sessions *s, const char *key, size_t len);

/* Remove SESSION from its key's list. */
void sessions_unlink(struct sessions *s, struct session_window *session);

/* A session was begun or closed: update next_ms. */
void sessions_find_next(struct pane_store *s);

/* Used by store_sessions, which is in store_sessions_close.c: see store.h. */
void sessions_init(struct pane_store *store);
void sessions_release(struct pane_store *store);
enum store_found sessions_block(
	struct pane_store *store, const char *key, size_t len, int64_t t_ms, int64_t at_ms, void **ret);
void *sessions_put(struct pane_store *store, const struct key_group *group);

#endif
