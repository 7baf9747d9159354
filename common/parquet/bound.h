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

#endif
