/*
 * Event time goes on, and closes windows: on a plain stream with each record, on a marked one at the end of a batch,
 * when the source says how far the slowest of its partitions is (--watermark event: with each record there, too).
 */
#ifndef WEIR_AGGREGATE_ADVANCE_H
#define WEIR_AGGREGATE_ADVANCE_H

#include "cmd/aggregate/aggregate.h"

/*
 * Take the time of the record with VALUES into a->query.now, and close what that closes.  1; or 0: the record is left
 * out, or *RET is what the callback is to return.
 */
int advance_by_record(struct aggregate *a, const struct value *values, int *ret, struct flow *flow) MUST_CHECK;

/* A batch has ended; returns as a callback. */
int advance_by_mark(struct aggregate *a, struct flow *flow) MUST_CHECK;

#endif
