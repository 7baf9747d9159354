/*
 * Quantiles of doubles within 1 % of the value, whatever the order and the range.
 *
 * Layer: stat (uses ddbins).  Source: C. Masson, J. Rim, H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch
 * with relative-error guarantees", PVLDB 12(12), 2019: counts of values in bins that grow geometrically (ddbins.h),
 * for positive and for negative values, and of zeros.
 *
 * The quantile q of n values is defined as by DuckDB's quantile_cont and Miller's -i: with the values in order from
 * x(0) and h = q * (n - 1), it lies between x(floor(h)) and x(floor(h) + 1), at the fraction of h.
 *
 * Error: each of the two is within 1 % (0.9902 %) of the exact one; the least and the greatest value are exact, and no
 * answer lies outside them, which also bounds the error when all values share a bin.  So a quantile is within 1 % of
 * the exact quantile, unless the two have different signs: then within 1 % of the larger magnitude.  Denormal numbers
 * have half of 2^-1074 more.
 *
 * Memory: 2 to 12 bytes a bin, usually 1 KB; 700 bytes for each power of ten that has values throughout, for each sign.
 * The state depends neither on the order nor on merges, and equal contents give equal bytes.
 *
 * NaN is counted and otherwise left out; infinities are values, beyond all others.  A zeroed struct is empty.
 */
#ifndef WEIR_STAT_DDSKETCH_H
#define WEIR_STAT_DDSKETCH_H

#include <math.h>
#include <stdbool.h>

#include "common/stat/ddbins.h"

struct ddsketch {
	uint64_t n; /* values, NaN not among them */
	uint64_t nans, zeros, infs, minus_infs;
	double min, max;        /* when n > 0 */
	struct ddbins up, down; /* magnitudes of positive and of negative values */
};

void ddsketch_release(struct ddsketch *d);

/* Add a special value: 0, an infinity, NaN. */
void ddsketch_add_special(struct ddsketch *d, double x);

static inline void ddsketch_add(struct ddsketch *d, double x)
{
	if (x == 0 || !isfinite(x)) {
		ddsketch_add_special(d, x);
		return;
	}
	if (d->n++ == 0)
		d->min = d->max = x;
	d->min = x < d->min ? x : d->min;
	d->max = x > d->max ? x : d->max;
	ddbins_add(x > 0 ? &d->up : &d->down, ddbins_bin(fabs(x)));
}

/* The point at FRACTION, 0 to below 1, of the way from LOW to HIGH; as in DuckDB, exact for equal ones. */
static inline double ddsketch_between(double low, double high, double fraction)
{
	/*
	 * separate statements: otherwise a compiler for a machine with FMA rounds one product fewer, and the bytes
	 * differ
	 */
	double a = low * (1 - fraction);
	double b = high * fraction;

	return low == high || fraction <= 0 ? low : a + b;
}

/* The quantile Q, 0 to 1; false, and *ret untouched, when there is no value.  Infinite where the exact one is. */
bool ddsketch_quantile(const struct ddsketch *d, double q, double *ret) MUST_CHECK;

/* Call FN(ARG, value, count) for the bins that are not empty, in ascending order, infinities included. */
void ddsketch_each(const struct ddsketch *d, void (*fn)(void *arg, double value, uint64_t n), void *arg);

/* Does nothing if both together have more than 2^64 values, which is possible only for forged states. */
void ddsketch_merge(struct ddsketch *into, const struct ddsketch *from);
void ddsketch_save(const struct ddsketch *d, struct strbuf *out);
int ddsketch_load(struct ddsketch *d, struct stat_in *in) MUST_CHECK;

#endif
