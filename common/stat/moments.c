#include "common/stat/moments.h"

#include <errno.h>
#include <math.h>

/* Of n * sum(x * x) and sum(x)^2, as multiples of 2^(2 * EXACT_LOWEST). */
#define LIMBS (2 * EXACT_FAR + 2)

void moments_release(struct moments *m)
{
	exact_release(&m->x);
	exact_release(&m->square);
	m->n = 0;
}

void moments_square_far(struct exact *e, double x)
{
	double square = x * x;

	exact_add(e, square);
	if (isfinite(square))
		exact_add(e, fma(x, x, -square)); /* what was rounded off */
}

bool moments_mean(const struct moments *m, double *ret)
{
	uint64_t bits[EXACT_FAR];

	if (m->n == 0)
		return false;
	exact_bits(&m->x, bits);
	*ret = m->x.special ? exact_round(&m->x) : exact_bits_divide(bits, m->n);
	return true;
}

/* RET = BITS^2, of 35 limbs that are made positive. */
static void square_bits(uint64_t *bits, uint64_t ret[LIMBS])
{
	int n = EXACT_FAR;

	if (bits[n - 1] >> 63) {
		uint64_t carry = 1;
		for (int i = 0; i < n; i++) {
			bits[i] = ~bits[i] + carry;
			carry = carry && bits[i] == 0;
		}
	}
	while (n > 0 && bits[n - 1] == 0)
		n--;
	memset(ret, 0, LIMBS * sizeof(*ret));
	for (int i = 0; i < n; i++) {
		__extension__ unsigned __int128 sum = 0;
		for (int j = 0; bits[i] && j < n; j++) {
			sum += ret[i + j];
			sum += (unsigned __int128)bits[i] * bits[j];
			ret[i + j] = (uint64_t)sum;
			sum >>= 64;
		}
		ret[i + n] += (uint64_t)sum;
	}
}

/* RET = N * SQUARES * 2^-EXACT_LOWEST - RET; both are positive, and so is the difference (Cauchy-Schwarz). */
static void subtract_from(const uint64_t *squares, uint64_t n, uint64_t ret[LIMBS])
{
	enum { AT = -EXACT_LOWEST / 64, BITS = -EXACT_LOWEST % 64 };
	__extension__ unsigned __int128 product = 0;
	uint64_t before = 0, borrow = 0;

	for (int i = 0; i < LIMBS; i++) {
		uint64_t limb = 0;
		if (i >= AT) {
			if (i - AT < EXACT_FAR)
				product += (unsigned __int128)squares[i - AT] * n;
			limb = (uint64_t)product;
			product >>= 64;
		}
		uint64_t shifted = limb << BITS | before >> (64 - BITS);
		before = limb;
		uint64_t less = __builtin_sub_overflow(shifted, ret[i], &ret[i]);
		less += __builtin_sub_overflow(ret[i], borrow, &ret[i]);
		borrow = less;
	}
}

bool moments_var(const struct moments *m, double *ret)
{
	uint64_t x[EXACT_FAR], squares[EXACT_FAR], bits[LIMBS];
	int top = LIMBS - 1;

	if (m->n < 2)
		return false;
	if (m->x.special || m->square.special) {
		*ret = m->x.special ? NAN : INFINITY;
		return true;
	}
	exact_bits(&m->x, x);
	exact_bits(&m->square, squares);
	square_bits(x, bits);
	subtract_from(squares, m->n, bits);
	while (top > 0 && bits[top] == 0)
		top--;
	/* divided where it is neither too large nor too small for a double; underflow of squares may leave it negative
	 */
	double d = bits[LIMBS - 1] >> 63 ? 0 : exact_bits_round(bits, LIMBS, -64 * top);
	*ret = ldexp(d / (double)m->n / (double)(m->n - 1), 64 * top + 2 * EXACT_LOWEST);
	return true;
}

bool moments_stddev(const struct moments *m, double *ret)
{
	double var;

	if (!moments_var(m, &var))
		return false;
	*ret = sqrt(var);
	return true;
}

void moments_merge(struct moments *into, const struct moments *from)
{
	into->n += from->n;
	exact_merge(&into->x, &from->x);
	exact_merge(&into->square, &from->square);
}

void moments_save(const struct moments *m, struct strbuf *out)
{
	stat_put_u64(out, m->n);
	exact_save(&m->x, out);
	exact_save(&m->square, out);
}

/* Can a sum of N values and one of their squares be these? */
static bool possible(const struct moments *m)
{
	if (m->square.special & EXACT_MINUS_INF || exact_round(&m->square) < 0)
		return false;
	return m->n > 0 || (exact_round(&m->x) == 0 && exact_round(&m->square) == 0);
}

int moments_load(struct moments *m, struct stat_in *in)
{
	*m = (struct moments){0};
	if (stat_get_u64(in, &m->n) < 0 || exact_load(&m->x, in) < 0 || exact_load(&m->square, in) < 0 ||
		!possible(m)) {
		moments_release(m);
		return -EBADMSG;
	}
	return 0;
}
