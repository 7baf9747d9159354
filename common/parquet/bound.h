/*
 * The least and the greatest value of a column.
 *
 * Layer: parquet (uses base, data/schema).  Byte strings are cut to PQ_BOUND_MAX bytes, text at a character: the
 * minimum is then a prefix, the maximum a prefix whose last character was raised, and neither is exact.
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
		char bytes[PQ_BOUND_MAX]; /* string, binary; decimals beyond: two's complement, highest byte first */
	} v;
};

struct pq_bounds {
	struct pq_bound min,
		max; /* `known` of both is false without a value; of max alone: nothing greater can be named */
};

/* How values are compared. */
enum pq_order {
	PQ_SIGNED,   /* v.i */
	PQ_FLOATING, /* v.d; there is no NaN */
	PQ_BYTEWISE, /* v.bytes, unsigned, a prefix first */
	PQ_BIG,      /* v.bytes, two's complement, all of one length */
};

enum pq_order pq_order_of(const struct schema_field *field);

/* Below, at or above zero as A is less than, equal to or greater than B; both are known. */
int pq_bound_compare(enum pq_order order, const struct pq_bound *a, const struct pq_bound *b);

/* Make INTO the bounds of what it and FROM bound. */
void pq_bounds_merge(enum pq_order order, struct pq_bounds *into, const struct pq_bounds *from);

/* The bounds of byte strings of which MIN is the least and MAX the greatest; TEXT: both are UTF-8 and are cut as such.
 */
void pq_bounds_cut(struct pq_bounds *ret, bool text, const char *min, size_t min_len, const char *max, size_t max_len);

/* Write BOUND as PLAIN has it for FIELD, without a length, to TO, which has PQ_BOUND_MAX bytes; returns how many. */
size_t pq_bound_plain(const struct pq_bound *bound, const struct schema_field *field, unsigned char *to);

#endif
