/*
 * The ends of sessions: a heap, the earliest first.
 */
#ifndef WEIR_AGGREGATE_SESSION_ENDS_H
#define WEIR_AGGREGATE_SESSION_ENDS_H

#include <stddef.h>
#include <stdint.h>

struct session_window;

struct session_end {
	int64_t end_ms;
	struct session_window
		*session; /* NULL: at this time the key, whose last session was closed a gap before, is forgotten */
	uint32_t slot;    /* of the key */
};

struct session_ends {
	struct session_end *heap; /* heap[0] is the earliest */
	size_t count, room;
};

void session_ends_push(struct session_ends *ends, struct session_end end);

/* Remove the earliest end, which must exist. */
void session_ends_pop(struct session_ends *ends);

/* The session with the earliest end now ends at END_MS, which is later. */
void session_ends_delay(struct session_ends *ends, int64_t end_ms);

void session_ends_release(struct session_ends *ends);

#endif
