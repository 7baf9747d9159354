/* The time of a record, by --time. */
#ifndef WEIR_AGGREGATE_CLOCK_H
#define WEIR_AGGREGATE_CLOCK_H

#include "cmd/aggregate/accum.h"
#include "common/data/when.h"

struct clock {
	struct when when;
	int64_t now_ms; /* the present time: in a marked stream, the end of the batch before */
};

/* The time since 1970-01-01T00:00:00Z of a record's values.  0, or -EINVAL, -ERANGE as when_read(). */
int clock_read(struct clock *c, const struct value *values, struct accum_time *ret) MUST_CHECK;

#endif
