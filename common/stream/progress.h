/*
 * The batches in flight: they were written, and are not yet acknowledged.
 *
 * Layer: stream (uses base/alloc, cursors).  A batch belongs to the assignment in which it was read: an acknowledgement
 * for an assignment that is over moves no position.
 */
#ifndef WEIR_STREAM_PROGRESS_H
#define WEIR_STREAM_PROGRESS_H

#include "common/stream/cursors.h"

/* A batch whose mark is written. */
struct batch_in_flight {
	uint64_t number;
	unsigned epoch;
	struct batch_end {
		struct cursor *cursor;
		int64_t to;
	} * ends; /* owned */
	size_t count;
	struct batch_in_flight *next;
};

struct progress {
	struct batch_in_flight *first, *last; /* oldest first; owned */
	uint64_t done;                        /* how many batches all sinks have acknowledged */
};

void progress_release(struct progress *p);

/* Batch NUMBER is closed: remember where it ends in each partition that it lists. */
void progress_expect(struct progress *p, const struct cursors *t, uint64_t number);

/*
 * All sinks have acknowledged the first DONE batches: `acked` of their partitions moves on, as far as they are still
 * assigned to us.
 * Returns whether there was something new.
 */
bool progress_acked(struct progress *p, const struct cursors *t, uint64_t done);

/* Whether C has acknowledged records whose position is not yet committed to the group. */
bool progress_due(const struct cursor *c);

#endif
