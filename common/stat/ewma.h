/*
 * Exponentially weighted mean and variance.
 *
 * Layer: stat (uses bytes).  Source: T. Finch, "Incremental calculation of weighted mean and variance" (2009), section
 * 9: with the weight alpha of the newest value, 0 < alpha <= 1,
 *	diff = x - mean;  mean += alpha * diff;  var = (1 - alpha) * (var + alpha * diff * diff)
 * The first value is the mean, with variance 0, as EWMA charts start.  Each step rounds, and the order matters, so
 * there is no merge; a loaded state continues with the same bytes.  Values that are not finite, or beyond EWMA_MAX,
 * would make the variance infinite for ever: they are counted and otherwise left out.  A zeroed struct is empty.
 */
#ifndef WEIR_STAT_EWMA_H
#define WEIR_STAT_EWMA_H

#include <stdbool.h>

#include "common/stat/ops.h"

#define EWMA_MAX 1e150

struct ewma {
	uint64_t n, skipped; /* values, and those left out */
	double mean, var;    /* when n > 0 */
};

void ewma_add(struct ewma *e, double x, double alpha);

void ewma_save(const struct ewma *e, struct strbuf *out);
int ewma_load(struct ewma *e, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops ewma_ops;

#endif
