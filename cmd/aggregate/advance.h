/*
 * Advances event time, which closes windows: on a plain stream with each record; on a marked one at the end of a batch,
 * whose mark tells how far the slowest partition is (with --watermark event, also with each record).
 */
#ifndef WEIR_AGGREGATE_ADVANCE_H
#define WEIR_AGGREGATE_ADVANCE_H

#include "cmd/aggregate/aggregate.h"

/*
 * Store the time of the record with VALUES in a->query.now, and close the windows that end by it.  Returns 1; or 0: the
 * record is left out, or *RET is what the callback must return.
 */
int advance_by_record(struct aggregate *a, const struct value *values, int *ret, struct flow *flow) MUST_CHECK;

/* A batch has ended; returns as a callback. */
int advance_by_mark(struct aggregate *a, struct flow *flow) MUST_CHECK;

#endif
