/*
 * Counts of positive numbers in bins that grow geometrically: the two halves of a ddsketch.
 *
 * Layer: stat (uses bytes).  A power of two is cut into DDBINS_OCTAVE equal ratios of 2^(1/35) = 1.02; the number of a
 * bin is found by integers and a table, without logarithm or rounding, so that every machine finds the same one.  A bin
 * stands for the harmonic mean of its ends, which is within 0.9902 % of all between them (denormal numbers: half of
 * 2^-1074 more).
 *
 * At most DDBINS_MAX bins, counted from the highest that has something in it, are kept; what is lower is counted in the
 * lowest of these.  Since only the highest decides, the state depends neither on the order nor on merges.
 * Memory: 2 bytes a bin between the lowest and the highest while there are less than 65536 values, then 4, at last 8.
 */
#ifndef WEIR_STAT_DDBINS_H
#define WEIR_STAT_DDBINS_H

#include <stdbool.h>

#include "common/stat/bytes.h"

#define DDBINS_MAX    2048u
#define DDBINS_OCTAVE 35u

struct ddbins {
	union {
		uint16_t *two; /* the bytes of a count, as `width` says */
		uint32_t *four;
		uint64_t *eight;
		void *any;
	};
	uint64_t n;    /* values */
	uint32_t base; /* the bin of the first count */
	uint16_t len;  /* counts */
	uint8_t width; /* bytes of a count; 0: there are none */
};

/* The bin of X, which is positive and finite, and what a bin stands for. */
uint32_t ddbins_bin(double x);
double ddbins_value(uint32_t bin);

/* Add to BIN where there is no room for it yet. */
void ddbins_add_slow(struct ddbins *b, uint32_t bin, uint64_t n);

static inline void ddbins_add(struct ddbins *b, uint32_t bin)
{
	uint32_t i = bin - b->base;

	if (i < b->len && b->width == 2 && b->n < UINT16_MAX)
		b->two[i]++;
	else if (i < b->len && b->width == 4 && b->n < UINT32_MAX)
		b->four[i]++;
	else if (i < b->len && b->width == 8)
		b->eight[i]++;
	else {
		ddbins_add_slow(b, bin, 1);
		return;
	}
	b->n++;
}

/* The count at I, which is less than B->len, of bin B->base + I. */
static inline uint64_t ddbins_count(const struct ddbins *b, uint32_t i)
{
	return b->width == 2 ? b->two[i] : b->width == 4 ? b->four[i] : b->eight[i];
}

/* The highest bin with something in it; there is one. */
uint32_t ddbins_highest(const struct ddbins *b);

/* Can BIN be that of the least value in B, which is not empty: the lowest one, or one that is counted there? */
bool ddbins_lowest_is(const struct ddbins *b, uint32_t bin);

void ddbins_release(struct ddbins *b);
void ddbins_merge(struct ddbins *into, const struct ddbins *from);
void ddbins_save(const struct ddbins *b, struct strbuf *out);
int ddbins_load(struct ddbins *b, struct stat_in *in) MUST_CHECK;

#endif
