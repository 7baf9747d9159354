/*
 * Session windows: runs of records of one key (common/stat/window.h).  See store.h for what can be done with them.
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
	struct session *closed; /* the one that was closed before */
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

#endif
