/*
 * Records are added to what is open; those that can wait do so until several can be looked up at once.
 *
 * All return as the callbacks of filter.h do: 0, an exit status after a message, or FLOW_STOP.
 */
#ifndef WEIR_AGGREGATE_ADD_H
#define WEIR_AGGREGATE_ADD_H

#include "cmd/aggregate/aggregate.h"

/* Add the record with VALUES and the time T_MS (0 without windows), or put it where late ones go. */
int add_one(struct aggregate *a, const struct value *values, int64_t t_ms, struct flow *flow) MUST_CHECK;

/* Add what waits. */
int add_waiting(struct aggregate *a, struct flow *flow) MUST_CHECK;

#endif
