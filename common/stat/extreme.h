/*
 * The least and the greatest of numbers that are integers or doubles, compared exactly.
 *
 * Layer: stat (uses bytes, data's value and number).  Numbers are compared as number.h describes, and keep all their
 * digits, however many.  Of 1 and 1.0 the integer is kept, and -0.0 becomes 0.0, so that the result does not depend on
 * the order.  NaN is counted and otherwise left out.  A zeroed struct is empty.  The result is exact.
 */
#ifndef WEIR_STAT_EXTREME_H
#define WEIR_STAT_EXTREME_H

#include <stdbool.h>

#include "common/data/value.h"
#include "common/stat/ops.h"

struct extreme_number {
	bool is_int;
	/*
	 * Owned: an integer beyond int64, by its digits; another number that is not a double, in the form of
	 * number_canonical().
	 */
	char *text;
	size_t len; /* of the text */
	union {     /* without one */
		int64_t i;
		double d;
	};
};

struct extreme {
	uint64_t n, nans; /* numbers, and values that are NaN */
	struct extreme_number min, max;
};

/* <0, 0 or >0 as A is less than, equal to or greater than B in the order of numbers; neither is NaN. */
int extreme_compare(const struct extreme_number *a, const struct extreme_number *b);

/*
 * Operations on one number: set *N to V, a VALUE_INT or VALUE_DOUBLE of value_number(); copy; free; save and load as in
 * bytes.h.
 */
void extreme_number_set(struct extreme_number *n, const struct value *v);
void extreme_number_copy(struct extreme_number *n, const struct extreme_number *from);
void extreme_number_release(struct extreme_number *n);
void extreme_number_save(const struct extreme_number *n, struct strbuf *out);
int extreme_number_load(struct extreme_number *n, struct stat_in *in) MUST_CHECK;

/* N as a value. */
void extreme_add(struct extreme *e, const struct value *v);
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

void extreme_release(struct extreme *e);
void extreme_merge(struct extreme *into, const struct extreme *from);
void extreme_save(const struct extreme *e, struct strbuf *out);
int extreme_load(struct extreme *e, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops extreme_ops;

#endif
