/*
 * The exact sum of doubles: nothing is rounded until it is read, so the result depends neither on the order nor on
 * merges.
 *
 * Layer: stat (uses bytes).  A fixed-point number in two's complement, as in Kulisch's accumulator and R. Neal, "Fast
 * exact summation using small and large superaccumulators" (arXiv:1505.05571), in two parts: 256 bits for multiples of
 * 2^-160 below 2^84, which suffice for measurements, and, once a number does not fit there, 2240 bits for all doubles.
 * A double is an integer of 53 bits times a power of two, so an addition is a shift and a carry.
 *
 * Error: none in the accumulator; exact_round() gives the double nearest to the exact sum (ties to even).  Neither part
 * can overflow: the second one holds 2^95 times the greatest double.
 */
#ifndef WEIR_STAT_EXACT_H
#define WEIR_STAT_EXACT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/stat/bytes.h"

#if defined(__FAST_MATH__)
#error "common/stat needs IEEE 754 arithmetic: not with -ffast-math"
#endif

enum {
	EXACT_NEAR = 4,      /* limbs of 64 bits */
	EXACT_FAR = 35,      /* limbs */
	EXACT_BASE = -160,   /* bit 0 of `near` counts 2^-160 */
	EXACT_AT = 15,       /* where `near` lies in `far` */
	EXACT_LOWEST = -1120 /* bit 0 of `far` */
};

/* Values that cannot be added up. */
enum exact_special { EXACT_NAN = 1, EXACT_INF = 2, EXACT_MINUS_INF = 4 };

struct exact {
	uint64_t near[EXACT_NEAR];
	uint64_t *far; /* NULL: not in use */
	uint64_t special;
};

void exact_release(struct exact *e);

/* For doubles that do not fit into `near`. */
void exact_add_far(struct exact *e, double x);

/* Move what is in `near` to `far`, before it overflows. */
void exact_spill(struct exact *e);

/* Add A (MINUS is 0), or subtract it (MINUS is all ones). */
static inline void exact_add_near(struct exact *e, const uint64_t a[EXACT_NEAR], uint64_t minus)
{
	__extension__ unsigned __int128 sum = minus & 1;

	for (int i = 0; i < EXACT_NEAR; i++) {
		sum += e->near[i];
		sum += a[i] ^ minus;
		e->near[i] = (uint64_t)sum;
		sum >>= 64;
	}
	if (__builtin_expect((e->near[EXACT_NEAR - 1] + ((uint64_t)1 << 62)) >> 63, 0))
		exact_spill(e);
}

static inline void exact_add(struct exact *e, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	/* x is m * 2^(exponent - 1075), so m goes to bit `at` */
	unsigned at = (unsigned)(bits >> 52 & 0x7ff) - 1075 - EXACT_BASE;
	if (__builtin_expect(at >= 64 * (EXACT_NEAR - 1), 0)) {
		exact_add_far(e, x);
		return;
	}
	uint64_t m = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	uint64_t lo = m << (at & 63), hi = m >> 1 >> (63 - (at & 63));
	unsigned i = at >> 6;
	const uint64_t a[EXACT_NEAR] = {i == 0 ? lo : 0,
		i == 1   ? lo
		: i == 0 ? hi
			 : 0,
		i == 2   ? lo
		: i == 1 ? hi
			 : 0,
		i == 2 ? hi : 0};
	exact_add_near(e, a, 0 - (bits >> 63));
}

/* The sum, without the special values, in two's complement; it counts multiples of 2^EXACT_LOWEST. */
void exact_bits(const struct exact *e, uint64_t ret[EXACT_FAR]);

/*
 * The double nearest to the N limbs at BITS, which are in two's complement and count multiples of 2^LOWEST; BITS is
 * made positive.  Zero is +0; a sum beyond all doubles is infinite.
 */
double exact_bits_round(uint64_t *bits, int n, int lowest);

/* The double nearest to the sum.  NaN when a NaN or both infinities were added; else the infinity if one was added. */
double exact_round(const struct exact *e);

/*
 * Divide BITS, which count multiples of 2^EXACT_LOWEST, by N, and return the double nearest to the quotient (if that is
 * denormal, the result may be off by one more).  N > 0; BITS is destroyed.
 */
double exact_bits_divide(uint64_t bits[EXACT_FAR], uint64_t n);

void exact_merge(struct exact *into, const struct exact *from);
void exact_save(const struct exact *e, struct strbuf *out);
int exact_load(struct exact *e, struct stat_in *in) MUST_CHECK;

#endif
