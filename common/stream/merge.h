/*
 * From which of several inputs the next record comes, so that they all come out by time.
 *
 * Layer: stream (uses base/alloc).  It knows neither records nor queues nor clocks: of each input it is told whether
 * its next record is there, and what time that has.  The input whose next record has the least time is taken from; when
 * times are equal, the one that was longest behind another.  While there is more of an input that is not there yet
 * nobody can know what time that has, so all wait for it; for one that was read up to its end nobody waits.  That is
 * how Kafka Streams chooses between partitions.  Order within an input is never touched: its next record is the only
 * one that is looked at, also when a later one has a lesser time.
 *
 * Tests are scripts of what inputs have, and of what is taken.
 */
#ifndef WEIR_STREAM_MERGE_H
#define WEIR_STREAM_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The time of what has none: it passes at once, and waits for nobody. */
#define MERGE_NO_TIME (-1)

enum merge_state {
	MERGE_AWAITED, /* there is more of it, which is not there yet */
	MERGE_READY,   /* its next record is there */
	MERGE_AT_END,  /* there may be more some day */
	MERGE_OUT,     /* no more of it is wanted */
};

struct merge_input {
	enum merge_state state;
	int64_t ms;    /* READY: the time of its next record */
	uint64_t turn; /* READY: since when that is so, in turns */
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

/* Input I has no record that is there; STATE is any but READY. */
void merge_without(struct merge *m, size_t i, enum merge_state state);

/* True: *ret is the input to take from; it stays so until it is told what comes next of it. */
bool merge_next(const struct merge *m, size_t *ret);

/* True: records are there that wait for others; *ret is the first input that is awaited. */
bool merge_waits(const struct merge *m, size_t *ret);

#endif
