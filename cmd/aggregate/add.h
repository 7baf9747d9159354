/*
 * Adds records to the open groups; records that can wait are queued until several can be looked up at once.
 *
 * All functions return like the callbacks of filter.h: 0, an exit status after a message, or FLOW_STOP.
 */
#ifndef WEIR_AGGREGATE_ADD_H
#define WEIR_AGGREGATE_ADD_H

#include "cmd/aggregate/aggregate.h"

/* Add the record with VALUES and the time T_MS (0 without windows), or handle it as a late one. */
int add_one(struct aggregate *a, const struct value *values, int64_t t_ms, struct flow *flow) MUST_CHECK;

/* Add the queued records. */
int add_waiting(struct aggregate *a, struct flow *flow) MUST_CHECK;

#endif
