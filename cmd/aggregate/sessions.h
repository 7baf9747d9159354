/*
 * Session windows: runs of records of one key (common/stat/window.h).  See store.h for the operations.
 *
 * Sessions are found by key; a heap of their ends tells which to close next.  An end in the heap may be earlier than
 * the session really ends; that is noticed only when it comes to the top, so a record that extends a session leaves the
 * heap alone.
 *
 * Sessions of a key never overlap.  A record before the end of a key's last closed session is late, even if the
 * watermark alone would admit it, and even if it touches an open session.  So that end is remembered as long as such a
 * record is possible: until the watermark is a gap past it, and as long as the key has an open session.
 */
#ifndef WEIR_AGGREGATE_SESSIONS_H
#define WEIR_AGGREGATE_SESSIONS_H

#include "cmd/aggregate/pane.h"
#include "cmd/aggregate/session_ends.h"

struct session_window {
	struct session_window *next;   /* of the same key */
	uint32_t slot;                 /* slot of the key; GROUPS_NONE: of the groups beyond --max-groups */
	struct session_window *closed; /* the session that was closed before this one */
	bool dead;                     /* it was joined to another session, but is still in the heap */
	int64_t start_ms, last_ms;
	uint64_t block[];
};

struct session_key {
	struct session_window *first; /* the first open session */
	int64_t closed_ms;            /* the end of the last closed session; WINDOW_NOT_BEGUN: none is remembered */
};

struct sessions {
	int64_t gap_ms;
	struct pane_set *set;
	struct groups keys; /* state: struct session_key */
	struct session_key other;
	struct session_ends ends;
};

#endif
