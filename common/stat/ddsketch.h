/*
 * Quantiles of doubles within 1 % of the value, in bounded memory, whatever the order.
 *
 * Layer: stat (uses bytes).  Source: C. Masson, J. Rim, H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch
 * with relative-error guarantees", PVLDB 12(12), 2019: counts of values in bins that grow geometrically.  A power of
 * two is cut into 35 equal ratios, 2^(1/35) = 1.02 each, and a bin stands for the harmonic mean of its ends.  The bin
 * is found by integers and a table (no logarithm, no rounding), so that every machine finds the same one.
 *
 * The quantile q of n values is the one that DuckDB's quantile_cont and Miller's -i have: with the values in order from
 * x(0) and h = q * (n - 1), it lies between x(floor(h)) and x(floor(h) + 1), at the fraction of h.
 *
 * Error: each of the two is within 1 % (0.9902 %) of the exact one, the least and the greatest value are exact, and no
 * answer lies outside them.  So a quantile is within 1 % of the exact quantile, unless the two have different signs:
 * then within 1 % of the larger magnitude.  Denormal numbers have half of 2^-1074 more.
 *
 * Memory: 8 bytes a bin, for the bins from the smallest to the largest magnitude, for each sign; at most 2048 of them
 * (58 powers of two, 17 of ten).  What is smaller beside the largest magnitude of its sign is counted as the smallest
 * bin kept (as in the paper), where the bound does not hold.  Since only the largest magnitude decides, the state
 * depends neither on the order nor on merges, and equal contents give equal bytes.
 *
 * NaN is counted and otherwise left out; infinities are values, beyond all others.  A zeroed struct is empty.
 */
#ifndef WEIR_STAT_DDSKETCH_H
#define WEIR_STAT_DDSKETCH_H

#include <stdbool.h>

#include "common/stat/bytes.h"

#define DDSKETCH_BINS   2048u
#define DDSKETCH_OCTAVE 35u /* bins from a power of two to the next */

struct ddsketch_store {
	uint64_t *count; /* of bin `base` first */
	uint32_t base, len;
};

struct ddsketch {
	uint64_t n; /* values, NaN not among them */
	uint64_t nans, zeros, infs, minus_infs;
	double min, max;                /* when n > 0 */
	struct ddsketch_store up, down; /* magnitudes of positive and of negative values */
};

void ddsketch_release(struct ddsketch *d);

/* Add X, N times. */
void ddsketch_add_n(struct ddsketch *d, double x, uint64_t n);

static inline void ddsketch_add(struct ddsketch *d, double x)
{
	ddsketch_add_n(d, x, 1);
}

/* The quantile Q, 0 to 1; false, and *ret untouched, when there is no value.  Infinite where the exact one is. */
bool ddsketch_quantile(const struct ddsketch *d, double q, double *ret) MUST_CHECK;

/* Call FN(ARG, value, count) for the bins with something in them, values ascending, infinities included. */
void ddsketch_each(const struct ddsketch *d, void (*fn)(void *arg, double value, uint64_t n), void *arg);

void ddsketch_merge(struct ddsketch *into, const struct ddsketch *from);
void ddsketch_save(const struct ddsketch *d, struct strbuf *out);
int ddsketch_load(struct ddsketch *d, struct stat_in *in) MUST_CHECK;

#endif
