/*
 * Number, variance and standard deviation of doubles, exact until they are read.
 *
 * Layer: stat (uses exact).  The sums of x and of x * x are kept without rounding, so they do not depend on the order
 * or on merges, equal contents have equal bytes, and no digits cancel when the mean is large compared with the
 * deviation.  The variance is (n * sum(x * x) - sum(x)^2) / (n * (n - 1)); its numerator is computed as an integer of
 * up to 4608 bits and rounded once (Welford's update, the usual remedy, rounds at each value, and its result depends on
 * the order).
 *
 * Error: variance 2 ulp, standard deviation 2 ulp, for any doubles: squares that would overflow a double are kept at
 * another scale.  A variance beyond all doubles is infinite, its root is not.  The variance is that of a sample (n -
 * 1), like DuckDB's var_samp and Miller's var.  With NaN or an infinity among the values it follows IEEE 754: infinite
 * or NaN.  A zeroed struct is empty.
 */
#ifndef WEIR_STAT_MOMENTS_H
#define WEIR_STAT_MOMENTS_H

#include "common/stat/exact.h"
#include "common/stat/ops.h"

struct moments {
	uint64_t n;
	struct exact x, square;
	struct moments_wide *wide; /* squares of very large or very small values; owned, NULL: there were none */
};

void moments_release(struct moments *m);

/* Add the square of X when it does not fit into `near`. */
void moments_square_far(struct moments *m, double x);

/* The square of a mantissa has 106 bits: one multiplication, and it goes to three limbs without any rounding. */
static inline void moments_square(struct moments *m, double x)
{
	uint64_t bits;

	memcpy(&bits, &x, sizeof(bits));
	unsigned at = 2 * (unsigned)(bits >> 52 & 0x7ff) - 2150 - EXACT_BASE;
	if (__builtin_expect(at >= 128, 0)) {
		moments_square_far(m, x);
		return;
	}
	uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
	__extension__ unsigned __int128 square = (unsigned __int128)mantissa * mantissa;
	__extension__ unsigned __int128 low = square << (at & 63);
	uint64_t a0 = (uint64_t)low, a1 = (uint64_t)(low >> 64), a2 = (uint64_t)(square >> 64) >> 1 >> (63 - (at & 63));
	bool up = at >> 6;
	const uint64_t a[EXACT_NEAR] = {up ? 0 : a0, up ? a0 : a1, up ? a1 : a2, up ? a2 : 0};
	exact_add_near(&m->square, a, 0);
}

static inline void moments_add(struct moments *m, double x)
{
	m->n++;
	exact_add(&m->x, x);
	moments_square(m, x);
}

/* The variance and the standard deviation of a sample: false, and *ret untouched, when there are fewer than two values.
 */
bool moments_var(const struct moments *m, double *ret) MUST_CHECK;
bool moments_stddev(const struct moments *m, double *ret) MUST_CHECK;

void moments_merge(struct moments *into, const struct moments *from);
void moments_save(const struct moments *m, struct strbuf *out);
int moments_load(struct moments *m, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops moments_ops;

#endif
