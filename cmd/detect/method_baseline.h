/*
 * What is usual for a series: its mean and deviation, exponentially weighted, and the limits frozen from them.
 *
 * The weight of the newest value is 1/(n+1) as long as that is more than ALPHA: mean and deviation of the first 1/ALPHA
 * values are not weighted.  ALPHA a has a memory of about 2/a - 1 values.
 */
#ifndef WEIR_DETECT_METHOD_BASELINE_H
#define WEIR_DETECT_METHOD_BASELINE_H

#include "cmd/detect/method_impl.h"
#include "common/stat/ewma.h"

/* Zeroed: nothing is known. */
struct baseline {
	struct ewma ewma;
	double center, scale; /* mean and standard deviation when it was frozen last; not saved */
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

/* X or, when it is further from the frozen center than MOST, the value at that distance. */
static inline double baseline_clip(const struct baseline *b, double x, double most)
{
	return fmin(fmax(x, b->center - most), b->center + most);
}

#endif
