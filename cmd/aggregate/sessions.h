/*
 * Session windows: runs of records of one key (common/stat/window.h).  See store.h for what can be done with them.
 *
 * A session is found by its key, and closed by a heap of ends.  An end in the heap may be earlier than the session's,
 * which is seen when its turn comes: so a record costs nothing there.
 *
 * No session of a key overlaps another one of it.  What lies before the end of a key's last closed session is late,
 * even if the watermark alone, or an open session that it touches, would let it in; so that end is remembered while
 * such a record can come: until the watermark is a gap behind it, and as long as the key has an open session.
 */
#ifndef WEIR_AGGREGATE_SESSIONS_H
#define WEIR_AGGREGATE_SESSIONS_H

#include "cmd/aggregate/pane.h"
#include "cmd/aggregate/session_ends.h"

struct session_window {
	struct session_window *next;   /* of the same key */
	uint32_t slot;                 /* of the key; GROUPS_NONE: of what is beyond --max-groups */
	struct session_window *closed; /* the one that was closed before */
	bool dead;                     /* it was joined to another one, and is in the heap only */
	int64_t start_ms, last_ms;
	uint64_t block[];
};

struct session_key {
	struct session_window *first; /* that is open */
	int64_t closed_ms; /* the end of the last one that was closed; WINDOW_NOT_BEGUN: none is remembered */
};

struct sessions {
	int64_t gap_ms;
	struct pane_set *set;
	struct groups keys; /* state: struct session_key */
	struct session_key other;
	struct session_ends ends;
};

#endif
