/*
 * The least and the greatest of numbers that are integers or doubles, compared exactly.
 *
 * Layer: stat (uses bytes).  An integer beyond 2^53 keeps all its digits.  Of 1 and 1.0 the integer is kept, and -0.0
 * is 0.0, so that the result does not depend on the order.  NaN is counted and otherwise left out.  A zeroed struct is
 * empty.  No error.
 */
#ifndef WEIR_STAT_EXTREME_H
#define WEIR_STAT_EXTREME_H

#include <stdbool.h>

#include "common/stat/bytes.h"

struct extreme_number {
	bool is_int;
	union {
		int64_t i;
		double d;
	};
};

struct extreme {
	uint64_t n, nans; /* numbers, and what was none */
	struct extreme_number min, max;
};

/* <0, 0 or >0 as A is less than, equal to or greater than B in the order of numbers; no NaN. */
int extreme_compare(const struct extreme_number *a, const struct extreme_number *b);

void extreme_add_int(struct extreme *e, int64_t v);
void extreme_add_double(struct extreme *e, double v);

/* NULL when there is no number. */
static inline const struct extreme_number *extreme_min(const struct extreme *e)
{
	return e->n ? &e->min : NULL;
}

static inline const struct extreme_number *extreme_max(const struct extreme *e)
{
	return e->n ? &e->max : NULL;
}

void extreme_merge(struct extreme *into, const struct extreme *from);
void extreme_save(const struct extreme *e, struct strbuf *out);
int extreme_load(struct extreme *e, struct stat_in *in) MUST_CHECK;

#endif
