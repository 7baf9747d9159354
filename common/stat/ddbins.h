/*
 * Counts of positive numbers in bins that grow geometrically: the two halves of a ddsketch.
 *
 * Layer: stat (uses bytes).  A power of two is divided into DDBINS_OCTAVE equal ratios of 2^(1/35) = 1.02; the number
 * of a bin is found by integers and a table, without logarithm or rounding, so that every machine finds the same one.
 * A bin represents the harmonic mean of its ends, which is within 0.9902 % of all values between them (denormal
 * numbers: half of 2^-1074 more).
 *
 * Every bin is kept, however far apart they are; so the only error is the width of a bin.  There are 73,430 bins for
 * all doubles that are not 0.  A single value far away from all others costs one bin.
 *
 * Memory: while the lowest and the highest bin are less than DDBINS_ROW apart (17 powers of ten), 2 bytes for each bin
 * between them as long as there are fewer than 65536 values, then 4, and finally 8.  Otherwise 12 to 24 bytes for each
 * bin that is not empty, so that values that fill more powers of ten than measurements do take 700 bytes for each
 * power.
 */
#ifndef WEIR_STAT_DDBINS_H
#define WEIR_STAT_DDBINS_H

#include <stdbool.h>

#include "common/stat/bytes.h"

#define DDBINS_ROW    2048u
#define DDBINS_OCTAVE 35u

struct ddbins {
	union {
		uint16_t *two; /* the counts; `width` says which member holds them */
		uint32_t *four;
		uint64_t *eight;
		void *any;
	};
	uint32_t *bin; /* NULL: count I is that of bin base + I; else of bin[I], ascending, and none is 0 */
	uint64_t n;    /* values */
	uint32_t base;
	uint32_t len;  /* counts */
	uint8_t width; /* bytes of a count; 0: eight, and the bins are listed in `bin` */
};

/* The bin of X, which is positive and finite, and the value that a bin represents. */
uint32_t ddbins_bin(double x);
double ddbins_value(uint32_t bin);

/* The value that BIN represents when no value is below LOW or above HIGH: the middle of the rest of its range. */
double ddbins_value_within(uint32_t bin, double low, double high);

/* Add N values to BIN. */
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

/* The bin whose count is at I, which is less than B->len, and the count. */
static inline uint32_t ddbins_at(const struct ddbins *b, uint32_t i)
{
	return b->bin ? b->bin[i] : b->base + i;
}

static inline uint64_t ddbins_count(const struct ddbins *b, uint32_t i)
{
	return b->width == 2 ? b->two[i] : b->width == 4 ? b->four[i] : b->eight[i];
}

/* The lowest and the highest bin that is not empty; there must be such a bin. */
uint32_t ddbins_lowest(const struct ddbins *b);
uint32_t ddbins_highest(const struct ddbins *b);

void ddbins_release(struct ddbins *b);
void ddbins_merge(struct ddbins *into, const struct ddbins *from);
void ddbins_save(const struct ddbins *b, struct strbuf *out);
int ddbins_load(struct ddbins *b, struct stat_in *in) MUST_CHECK;

#endif
