/*
 * The progress of a marked stream whose end is known.
 *
 * A mark R may have `"end":{topic:{partition:offset}}` beside `start`: where reading will stop.  Each B then shows the
 * progress.
 */
#ifndef WEIR_CMD_METER_PROGRESS_H
#define WEIR_CMD_METER_PROGRESS_H

#include "common/stream/mark_offsets.h"

struct progress_bar {
	struct mark_ranges parts; /* of the last R; `to` is the next offset to be read */
	int64_t *ends;            /* the end of each; RANGE_NONE: not known; owned */
};

/* MARK is an R: from now on count its partitions. */
void progress_begin(struct progress_bar *p, const struct mark *mark);

/* MARK is a B: note the progress of each partition. */
void progress_batch(struct progress_bar *p, const struct mark *mark);

/*
 * How many offsets have been read, and how many there are; false (and the outputs untouched) when an end is not known.
 */
bool progress_get(const struct progress_bar *p, uint64_t *ret_done, uint64_t *ret_all);

void progress_release(struct progress_bar *p);

#endif
