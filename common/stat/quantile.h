/*
 * Quantiles: exact while there are few values, then by a sketch of all of them.
 *
 * Layer: stat (uses ddsketch).  Up to QUANTILE_EXACT values are kept as they are; with one more, all of them go into a
 * ddsketch, with its error of 1 % and the same definition of a quantile (that of DuckDB's quantile_cont and Miller's
 * -i).  Only the number of values decides which of the two is used, so neither the order nor merges matter, and equal
 * contents give equal bytes.  NaN is counted and otherwise left out.  A zeroed struct is empty; it takes 40 bytes more
 * with the first value, up to 1 KB with the last that is kept.
 */
#ifndef WEIR_STAT_QUANTILE_H
#define WEIR_STAT_QUANTILE_H

#include "common/stat/ddsketch.h"
#include "common/stat/ops.h"

#define QUANTILE_EXACT 128u

struct quantile {
	uint64_t n; /* values, NaN not among them */
	uint64_t nans;
	union {
		double *values;          /* n is at most QUANTILE_EXACT: in any order */
		struct ddsketch *sketch; /* n is greater */
	};
};

void quantile_release(struct quantile *s);

/* Add X when something must be allocated, or when it is NaN. */
void quantile_add_slow(struct quantile *s, double x);

static inline bool quantile_is_exact(const struct quantile *s)
{
	return s->n <= QUANTILE_EXACT;
}

static inline void quantile_add(struct quantile *s, double x)
{
	if (s->n > QUANTILE_EXACT && !isnan(x)) {
		ddsketch_add(s->sketch, x);
		s->n++;
	} else {
		quantile_add_slow(s, x);
	}
}

/* The quantile Q, 0 to 1; false, and *ret untouched, when there is no value.  May sort the values. */
bool quantile_get(struct quantile *s, double q, double *ret) MUST_CHECK;

void quantile_merge(struct quantile *into, const struct quantile *from);
void quantile_save(const struct quantile *s, struct strbuf *out);
int quantile_load(struct quantile *s, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops quantile_ops;

#endif
