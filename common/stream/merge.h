/*
 * Chooses from which of several inputs the next record comes, so that all records come out in order of time.
 *
 * Layer: stream (uses base/alloc).  It knows nothing of records, queues or clocks: for each input the caller reports
 * whether its next record is there, and the time of that record.  The input whose next record has the least time is
 * chosen; among equal times, the one that has been waiting longest.  While an input has more records, but none of them
 * is here yet, the time of its next record is unknown, so all others wait for it; an input that was read to its end
 * holds up no other.  Kafka Streams chooses between partitions in the same way.  The order within an input is never
 * changed: only its next record is considered, even when a later one has a lesser time.
 *
 * Tests are scripts of the states of inputs and of the inputs that must be chosen.
 */
#ifndef WEIR_STREAM_MERGE_H
#define WEIR_STREAM_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The time of a record without one: it comes out at once, without waiting for other inputs. */
#define MERGE_NO_TIME (-1)

enum merge_state {
	MERGE_AWAITED, /* there are more records of it, but none is here yet */
	MERGE_READY,   /* its next record is there */
	MERGE_AT_END,  /* it was read to its end, but may grow */
	MERGE_OUT,     /* read nothing more from it */
};

struct merge_input {
	enum merge_state state;
	int64_t ms;    /* READY: the time of its next record */
	uint64_t turn; /* READY: the turn since which it has been ready */
};

struct merge {
	struct merge_input *inputs; /* owned */
	size_t count;
	size_t *heap; /* those that are ready, the least first; owned */
	size_t ready, awaited;
	uint64_t turns;
};

/* COUNT inputs, all of them awaited; what M had before is freed.  A zeroed M has none. */
void merge_begin(struct merge *m, size_t count);
void merge_release(struct merge *m);

/* The next record of input I is there, and has the time MS, or MERGE_NO_TIME. */
void merge_ready(struct merge *m, size_t i, int64_t ms);

/* The next record of input I is not there; STATE is any but READY. */
void merge_without(struct merge *m, size_t i, enum merge_state state);

/*
 * True: *ret is the input to take the next record from.  The answer stays the same until the caller reports that
 * input's next state.
 */
bool merge_next(const struct merge *m, size_t *ret);

/* True: there are records, but they must wait for another input; *ret is the first such input. */
bool merge_waits(const struct merge *m, size_t *ret);

#endif
