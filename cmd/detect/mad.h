/*
 * Robust scores: how far a value is from the median, in median absolute deviations.
 *
 * Source: B. Iglewicz, D. Hoaglin, "How to detect and handle outliers" (1993): the modified z-score
 * 0.6745 * (x - median) / MAD, with 3.5 as the usual limit; 0.6745 makes it a standard deviation for normal data.
 *
 * The limits are computed by mad_freeze() from the values added so far and hold until the next call, so that within a
 * batch a score does not depend on the records before.  Values are kept in generations: mad_freeze() ends a generation
 * that has `span` values, and its limits stay until the next one has MAD_LEAST of its own.  So memory is bounded, and a
 * changed level is learnt.  The order matters only because it decides to which generation a value belongs; there is no
 * merge.
 *
 * Error: median and MAD are exact up to QUANTILE_EXACT values of a generation.  Above, a ddsketch of x - centre is
 * kept, where the centre is the median of the generation's first QUANTILE_EXACT values or of the generation before.  So
 * the error of 1 % applies to the deviations and not to the values themselves, and a level of 1e6 with a spread of 1 is
 * handled well.  Values that are not finite are counted and otherwise left out.  A zeroed struct is empty.
 */
#ifndef WEIR_DETECT_MAD_H
#define WEIR_DETECT_MAD_H

#include "common/stat/quantile.h"

#define MAD_LEAST 8u

struct mad {
	struct quantile values; /* values of this generation, minus `centre` */
	uint64_t skipped;
	double centre;
	bool centred; /* `centre` is known */
	bool ready;   /* there are limits, the next two: */
	double median, mad;
};

void mad_release(struct mad *m);

void mad_add(struct mad *m, double x);

/* Compute the limits again, if there are enough values; end the generation when it has SPAN of them. */
void mad_freeze(struct mad *m, uint64_t span);

void mad_save(const struct mad *m, struct strbuf *out);
int mad_load(struct mad *m, struct stat_in *in) MUST_CHECK;

#endif
