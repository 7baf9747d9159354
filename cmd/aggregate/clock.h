/* The time of a record: what --time says. */
#ifndef WEIR_AGGREGATE_CLOCK_H
#define WEIR_AGGREGATE_CLOCK_H

#include "cmd/aggregate/accum.h"
#include "common/data/expr.h"
#include "common/data/value.h"

struct clock_field {
	int slot;          /* of its value, or -1 */
	struct expr *expr; /* owned, NULL when there is a slot */
	struct time_cache times;
};

/* The time since 1970-01-01T00:00:00Z of a record's values.  0, or -EINVAL, -ERANGE as value_time(). */
int clock_read(struct clock_field *c, const struct value *values, struct accum_time *ret) MUST_CHECK;

#endif
