/* Whether a record goes on after a step: what its expression, its share or its look-up file says. */
#ifndef WEIR_CMD_MAP_DECIDE_H
#define WEIR_CMD_MAP_DECIDE_H

#include "cmd/map/mapper.h"

/* What follows after a step; NEXT_STOP: with *RET, as from a callback. */
enum next { NEXT_STEP, NEXT_RECORD, NEXT_STOP };

/* WHAT went wrong in S: a fault, which with --strict makes the record bad. */
enum next decide_fault(
	struct mapper *m, const struct map_step *s, const char *what, struct flow *flow, int *ret) MUST_CHECK;

/* The value of S's expression; a fault in it is counted, and with --strict ends the record. */
enum next decide_evaluate(
	struct mapper *m, struct map_step *s, const struct value **ret_v, struct flow *flow, int *ret) MUST_CHECK;

/* Whether V counts as true: anything but false, null and what is missing. */
bool decide_is_true(const struct value *v);

/* Whether the record goes on after where.  The same records go on after sample whenever they are read. */
enum next decide_where(struct mapper *m, struct map_step *s, struct flow *flow, int *ret) MUST_CHECK;
enum next decide_sample(const struct mapper *m, struct map_step *s) MUST_CHECK;

/* What the file of S has for KEY, or null; else drop and else error are applied. */
enum next decide_lookup(struct mapper *m, struct map_step *s, const struct value *key, struct value *ret_found,
	struct flow *flow, int *ret) MUST_CHECK;

#endif
