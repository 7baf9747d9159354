/*
 * The least and the greatest value of a column.
 *
 * Layer: parquet (uses base, data/schema).  Byte strings are cut to PQ_BOUND_MAX bytes, text at a character: then the
 * minimum is a prefix, the maximum is a prefix whose last character was raised, and neither is exact.
 */
#ifndef WEIR_PARQUET_BOUND_H
#define WEIR_PARQUET_BOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/data/schema.h"

#define PQ_BOUND_MAX 64u

struct pq_bound {
	bool known, exact;
	uint8_t len; /* of bytes */
	union {
		int64_t i;                /* bool, int32, int64, date, timestamps, decimals of up to 18 digits */
		double d;                 /* float, double; -0.0 for a minimum and +0.0 for a maximum of zero */
		char bytes[PQ_BOUND_MAX]; /* string, binary; longer decimals: two's complement, highest byte first */
	} v;
};

struct pq_bounds {
	struct pq_bound min,
		/*
		 * `known` is false for both when there is no value; it is false for max alone when there is no prefix
		 * that is greater than all values
		 */
		max;
};

/* How values are compared. */
enum pq_order {
	PQ_SIGNED,   /* by v.i */
	PQ_FLOATING, /* by v.d; there is no NaN */
	PQ_BYTEWISE, /* by v.bytes, unsigned; a prefix comes first */
	PQ_BIG,      /* by v.bytes, two's complement, all of the same length */
};

enum pq_order pq_order_of(const struct schema_field *field);

/* Less than, equal to or greater than zero as A is less than, equal to or greater than B; both must be known. */
int pq_bound_compare(enum pq_order order, const struct pq_bound *a, const struct pq_bound *b);

/* Widen INTO so that it also bounds the values that FROM bounds. */
void pq_bounds_merge(enum pq_order order, struct pq_bounds *into, const struct pq_bounds *from);

/*
 * The bounds of byte strings of which MIN is the least and MAX the greatest; with TEXT both are UTF-8 and are cut
 * between characters.
 */
void pq_bounds_cut(struct pq_bounds *ret, bool text, const char *min, size_t min_len, const char *max, size_t max_len);

/*
 * Write BOUND in the PLAIN encoding of FIELD, without a length, to TO, which has room for PQ_BOUND_MAX bytes; returns
 * how many.
 */
size_t pq_bound_plain(const struct pq_bound *bound, const struct schema_field *field, unsigned char *to);

#endif
