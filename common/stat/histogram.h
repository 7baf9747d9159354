/*
 * Counts of numbers between fixed bounds.
 *
 * Layer: stat (uses bytes).  N ascending bounds make N + 1 buckets: below the first, from each bound up to but not
 * including the next, and from the last on; as in numpy and Miller, a value on a bound belongs to the bucket above.
 * There is no error, and the order does not matter.  The bounds are the caller's, the same for all histograms that are
 * merged or loaded, and must outlive them.
 */
#ifndef WEIR_STAT_HISTOGRAM_H
#define WEIR_STAT_HISTOGRAM_H

#include <stdbool.h>

#include "common/stat/ops.h"

#define HISTOGRAM_BOUNDS 4096 /* limit for the number of bounds */

struct histogram {
	const double *bounds;
	size_t n;        /* bounds */
	uint64_t *count; /* n + 1 */
	uint64_t nans;   /* values that are NaN, and in no bucket */
};

/*
 * Whether the N bounds at BOUNDS are 1 to HISTOGRAM_BOUNDS numbers, each greater than the one before.  Infinity is
 * allowed.
 */
bool histogram_valid(const double *bounds, size_t n) MUST_CHECK;

/* BOUNDS are valid, and borrowed. */
void histogram_init(struct histogram *h, const double *bounds, size_t n);
void histogram_release(struct histogram *h);
/* Empty all buckets. */
void histogram_clear(struct histogram *h);

void histogram_add(struct histogram *h, double x);

/* Both must have the same bounds. */
void histogram_merge(struct histogram *into, const struct histogram *from);
void histogram_save(const struct histogram *h, struct strbuf *out);
/* H must be initialised; if this fails, it is empty and still initialised. */
int histogram_load(struct histogram *h, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops histogram_ops;

#endif
