/*
 * The sum of integers and doubles, exact until it is read.
 *
 * Layer: stat (uses exact, data's value and number).  Integers of 64 bits are added in 128: an overflow would take 2^64
 * additions of the least int64, or five hundred years at a thousand million a second, so it is not checked for.  Longer
 * ones, up to the greatest double, and doubles are added without rounding (exact.h).  So the sum depends only on what
 * was added, not on the order or on how partial sums were merged, and equal sums have equal bytes.  A zeroed struct is
 * the empty sum.
 */
#ifndef WEIR_STAT_SUM_H
#define WEIR_STAT_SUM_H

#include "common/data/value.h"
#include "common/stat/exact.h"
#include "common/stat/ops.h"

#define SUM_TEXT 352 /* the longest integer with its sign and NUL: 1120 bits */

struct sum {
	uint64_t n;  /* numbers added */
	uint64_t lo; /* the integers, in two's complement of 128 bits */
	uint64_t hi;
	bool mixed; /* a double was added, even if it was 0.0 */
	bool large; /* an integer beyond int64 was added, to the doubles */
	struct exact doubles;
};

void sum_release(struct sum *s);

static inline void sum_add_int(struct sum *s, int64_t v)
{
	s->n++;
	s->hi += (v < 0 ? UINT64_MAX : 0) + __builtin_add_overflow(s->lo, (uint64_t)v, &s->lo);
}

/* Add any double; exact_round() describes what NaN and infinities do. */
static inline void sum_add_double(struct sum *s, double v)
{
	s->n++;
	s->mixed = true;
	exact_add(&s->doubles, v);
}

/* Add V, a VALUE_INT or VALUE_DOUBLE of value_number(), with all digits of a long integer; with MINUS subtract it. */
void sum_add(struct sum *s, const struct value *v, bool minus);

/* Whether only integers were added (or nothing). */
static inline bool sum_is_int(const struct sum *s)
{
	return !s->mixed;
}

/* The sum of all, correctly rounded (ties to even). */
double sum_double(const struct sum *s);

/* The sum of all divided by their number, which is not 0, correctly rounded. */
double sum_mean(const struct sum *s);

/* The sum, when it is one of integers, in decimal, with a NUL; returns its length. */
size_t sum_int_text(const struct sum *s, char ret[SUM_TEXT]);

/* The same when it fits an int64: returns whether it does. */
bool sum_int64(const struct sum *s, int64_t *ret) MUST_CHECK;

void sum_merge(struct sum *into, const struct sum *from);
void sum_save(const struct sum *s, struct strbuf *out);
int sum_load(struct sum *s, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops sum_ops;

#endif
