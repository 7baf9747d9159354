/*
 * The usual values of a series: mean and deviation, exponentially weighted, and the limits frozen from them.
 *
 * The weight of the newest value is 1/(n+1) as long as that is more than ALPHA, so the mean and deviation of the first
 * 1/ALPHA values are unweighted.  With ALPHA a the memory is about 2/a - 1 values.
 */
#ifndef WEIR_DETECT_METHOD_BASELINE_H
#define WEIR_DETECT_METHOD_BASELINE_H

#include "cmd/detect/method_impl.h"
#include "common/stat/ewma.h"

/* A zeroed struct has no values yet. */
struct baseline {
	struct ewma ewma;
	double center, scale; /* mean and standard deviation when last frozen; not saved */
};

static inline void baseline_freeze(struct baseline *b)
{
	b->center = b->ewma.mean;
	b->scale = sqrt(b->ewma.var);
}

static inline void baseline_learn(struct baseline *b, double x, double alpha)
{
	double plain = 1 / ((double)b->ewma.n + 1);

	ewma_add(&b->ewma, x, plain > alpha ? plain : alpha);
}

/* X; or, if X is further than MOST from the frozen center, the value at that distance. */
static inline double baseline_clip(const struct baseline *b, double x, double most)
{
	return fmin(fmax(x, b->center - most), b->center + most);
}

#endif
