/*
 * Partial results: --partial writes them, --merge joins them.
 *
 * A partial result is a row with the columns of the key, for readers.  Its columns `query` and `state` hold everything
 * that is needed to join it: the hash of the query, and the group in the form of saved.h, in base64.
 */
#ifndef WEIR_AGGREGATE_MERGE_H
#define WEIR_AGGREGATE_MERGE_H

#include "cmd/aggregate/aggregate.h"

/* From now on read rows of partial results; everything that was compiled for a->rf.records stays.  0 or -ENOMEM. */
int merge_init(struct aggregate *a) MUST_CHECK;
void merge_release(struct aggregate *a);

/* Join the partial result with these VALUES.  Returns like a callback of filter.h. */
int merge_record(struct aggregate *a, const struct value *values, struct flow *flow) MUST_CHECK;

/* Write all groups and begin again.  Returns like a callback of filter.h. */
int merge_batch(struct aggregate *a, struct flow *flow) MUST_CHECK;

#endif
