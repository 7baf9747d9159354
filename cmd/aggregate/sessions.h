/*
 * Session windows: runs of records of one key (common/stat/window.h).
 *
 * A session is found by its key, and closed by a heap of ends.  An end in the heap may be earlier than the session's,
 * which is seen when its turn comes: so a record costs nothing there.
 */
#ifndef WEIR_AGGREGATE_SESSIONS_H
#define WEIR_AGGREGATE_SESSIONS_H

#include "cmd/aggregate/pane.h"

struct session {
	struct session *next;   /* of the same key */
	uint32_t slot;          /* of the key; GROUPS_NONE: of what is beyond --max-groups */
	struct session *closed; /* for whoever closed it: the one before */
	bool dead;              /* it was joined to another one, and is in the heap only */
	int64_t start_ms, last_ms;
	uint64_t block[];
};

struct session_end {
	int64_t end_ms;
	struct session *session;
};

struct sessions {
	int64_t gap_ms;
	struct pane_set *set;
	struct groups keys; /* state: struct session *, the first one */
	struct session *other;
	struct session_end *heap;
	size_t count, room;
};

void sessions_init(struct sessions *s, int64_t gap_ms, struct pane_set *set);
void sessions_release(struct sessions *s);

/* The block of the session of KEY that T is in or begins; NULL: it is one too many, or it ended before AT_MS
 * (*RET_LATE). */
void *sessions_block(struct sessions *s, const char *key, size_t len, int64_t t_ms, int64_t at_ms, bool *ret_late);

/* The block of the session of KEY that has anything of [START_MS, LAST_MS] in it, or is made for it; NULL: one too
 * many. */
void *sessions_join(struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms);

/* Whether a session may have ended at or before AT_MS. */
static inline bool sessions_due(const struct sessions *s, int64_t at_ms)
{
	return s->count && s->heap[0].end_ms <= at_ms;
}

/* Take a session that ended at or before AT_MS, the earliest first; NULL: there is none.  Then session_free it. */
struct session *sessions_close(struct sessions *s, int64_t at_ms);
void session_free(struct sessions *s, struct session *session);

/* Add SESSION, made with session_new, as it was saved. */
struct session *session_new(
	struct sessions *s, const char *key, size_t len, bool other, int64_t start_ms, int64_t last_ms);

#endif
