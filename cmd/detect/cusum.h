/*
 * Cumulative sums that notice a small lasting shift: the two-sided tabular CUSUM.
 *
 * Sources: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954); D. Montgomery, "Introduction to
 * Statistical Quality Control", chapter 9.  For a value z in standard deviations from the target, with the slack K
 * (half the shift to be found, usually 0.5): up = max(0, up + z - K);  down = max(0, down - z - K) and a shift is found
 * when one of them exceeds H (usually 4 or 5: then there is a false alarm every 168 or 465 values on average).  The
 * order of values matters, so there is no merge.  A zeroed struct is at its start.
 */
#ifndef WEIR_DETECT_CUSUM_H
#define WEIR_DETECT_CUSUM_H

#include "common/stat/bytes.h"

struct cusum {
	double up, down;       /* at least 0 */
	uint64_t up_n, down_n; /* for each sum, how many values ago it was last 0; a shift began that many values ago */
};

/* Z must not be NaN; beyond +-1e6 it counts as +-1e6, so that no sum stays infinite. */
void cusum_add(struct cusum *c, double z, double k);

/* The larger of the two sums, negative when it is the downward one. */
double cusum_score(const struct cusum *c);

/* Start again, as after an alarm. */
void cusum_reset(struct cusum *c);

void cusum_save(const struct cusum *c, struct strbuf *out);
int cusum_load(struct cusum *c, struct stat_in *in) MUST_CHECK;

#endif
