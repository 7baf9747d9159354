#include "common/stat/moments.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* Of n * sum(x * x) and sum(x)^2, as multiples of 2^(2 * EXACT_LOWEST). */
#define LIMBS (2 * EXACT_FAR + 2)

/* A state with more values is refused, so that two of them can be merged. */
#define MANY (UINT64_MAX >> 2)

/* For magnitudes beyond these, a square or its rounding error cannot be a double. */
#define LARGE 0x1p500
#define SMALL 0x1p-480

/* x is scaled by 2^-SCALE, or 2^SCALE, and its square by 2^EXACT_LOWEST, or the reverse. */
enum { SCALE = -EXACT_LOWEST / 2 };

struct moments_wide {
	struct exact large, small;
};

static void release_wide(struct moments_wide *w)
{
	if (!w)
		return;
	exact_release(&w->large);
	exact_release(&w->small);
	free(w);
}

void moments_release(struct moments *m)
{
	exact_release(&m->x);
	exact_release(&m->square);
	release_wide(m->wide);
	*m = (struct moments){0};
}

static struct moments_wide *wide_of(struct moments *m)
{
	if (!m->wide)
		m->wide = xcalloc(1, sizeof(*m->wide));
	return m->wide;
}

void moments_square_far(struct moments *m, double x)
{
	struct exact *e = &m->square;

	if (isfinite(x) && fabs(x) >= LARGE) {
		e = &wide_of(m)->large;
		x = ldexp(x, -SCALE);
	} else if (x != 0 && fabs(x) < SMALL) {
		e = &wide_of(m)->small;
		x = ldexp(x, SCALE);
	}
	double square = x * x;
	exact_add(e, square);
	if (isfinite(square))
		exact_add(e, fma(x, x, -square)); /* the rounding error */
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

/* RET += E's limbs, the lowest of which is limb AT and bit BIT of RET; E is positive. */
static void add_at(const struct exact *e, int at, unsigned bit, uint64_t ret[LIMBS])
{
	uint64_t limbs[EXACT_FAR], before = 0;
	__extension__ unsigned __int128 sum = 0;

	exact_bits(e, limbs);
	for (int i = at; i < LIMBS; i++) {
		uint64_t limb = i - at < EXACT_FAR ? limbs[i - at] : 0;
		sum += ret[i];
		sum += bit ? limb << bit | before >> (64 - bit) : limb;
		ret[i] = (uint64_t)sum;
		sum >>= 64;
		before = limb;
	}
}

/* RET = the sum of the squares of M. */
static void all_squares(const struct moments *m, uint64_t ret[LIMBS])
{
	memset(ret, 0, LIMBS * sizeof(*ret));
	add_at(&m->square, -EXACT_LOWEST / 64, -EXACT_LOWEST % 64, ret);
	if (m->wide) {
		add_at(&m->wide->small, 0, 0, ret);
		add_at(&m->wide->large, -2 * EXACT_LOWEST / 64, 0, ret);
	}
}

/*
 * RET = N * SQUARES - RET, where both are positive.  Returns whether the difference is not negative and fits into
 * LIMBS.
 */
static bool subtract_from(const uint64_t squares[LIMBS], uint64_t n, uint64_t ret[LIMBS])
{
	__extension__ unsigned __int128 product = 0;
	uint64_t borrow = 0;

	for (int i = 0; i < LIMBS; i++) {
		product += (unsigned __int128)squares[i] * n;
		uint64_t less = __builtin_sub_overflow((uint64_t)product, ret[i], &ret[i]);
		less += __builtin_sub_overflow(ret[i], borrow, &ret[i]);
		borrow = less;
		product >>= 64;
	}
	return product == borrow && !(ret[LIMBS - 1] >> 63);
}

/* RET = n * sum(x * x) - sum(x)^2.  False: that is negative, which is impossible (Cauchy-Schwarz). */
static bool spread(const struct moments *m, uint64_t ret[LIMBS])
{
	uint64_t x[EXACT_FAR], squares[LIMBS];

	exact_bits(&m->x, x);
	all_squares(m, squares);
	square_bits(x, ret);
	return subtract_from(squares, m->n, ret);
}

/* The variance by 2^*RET_POWER, which is even: divided where it is neither too large nor too small for a double. */
static double scaled_var(const struct moments *m, int *ret_power)
{
	uint64_t bits[LIMBS];
	int top = LIMBS - 1;

	spread(m, bits);
	while (top > 0 && bits[top] == 0)
		top--;
	*ret_power = 64 * top + 2 * EXACT_LOWEST;
	return exact_bits_round(bits, LIMBS, -64 * top) / (double)m->n / (double)(m->n - 1);
}

static bool is_special(const struct moments *m, double *ret)
{
	if (!m->x.special && !m->square.special)
		return false;
	*ret = m->x.special ? NAN : INFINITY;
	return true;
}

bool moments_var(const struct moments *m, double *ret)
{
	int power;

	if (m->n < 2)
		return false;
	if (!is_special(m, ret)) {
		double var = scaled_var(m, &power);
		*ret = ldexp(var, power);
	}
	return true;
}

bool moments_stddev(const struct moments *m, double *ret)
{
	int power;

	if (m->n < 2)
		return false;
	if (!is_special(m, ret)) {
		double root = sqrt(scaled_var(m, &power));
		*ret = ldexp(root, power / 2);
	}
	return true;
}

void moments_merge(struct moments *into, const struct moments *from)
{
	into->n += from->n;
	exact_merge(&into->x, &from->x);
	exact_merge(&into->square, &from->square);
	if (from->wide) {
		exact_merge(&wide_of(into)->large, &from->wide->large);
		exact_merge(&wide_of(into)->small, &from->wide->small);
	}
}

void moments_save(const struct moments *m, struct strbuf *out)
{
	stat_put_u64(out, m->n);
	exact_save(&m->x, out);
	exact_save(&m->square, out);
	stat_put_u64(out, m->wide != NULL);
	if (m->wide) {
		exact_save(&m->wide->large, out);
		exact_save(&m->wide->small, out);
	}
}

static bool no_square(const struct exact *e)
{
	return e->special & EXACT_MINUS_INF || exact_round(e) < 0;
}

/* Whether these can be the sum of N values and the sum of their squares. */
static bool possible(const struct moments *m)
{
	const struct moments_wide *w = m->wide;
	uint64_t bits[LIMBS];

	if (m->n > MANY || no_square(&m->square))
		return false;
	if (w && (w->large.special || w->small.special || no_square(&w->large) || no_square(&w->small)))
		return false;
	/* an empty one would not have been saved */
	if (w && exact_round(&w->large) == 0 && exact_round(&w->small) == 0)
		return false;
	if (m->n == 0)
		return exact_round(&m->x) == 0 && exact_round(&m->square) == 0 && !w;
	return m->x.special || m->square.special || spread(m, bits);
}

static int load(struct moments *m, struct stat_in *in)
{
	uint64_t wide;

	if (stat_get_u64(in, &m->n) < 0 || exact_load(&m->x, in) < 0 || exact_load(&m->square, in) < 0 ||
		stat_get_u64(in, &wide) < 0 || wide > 1)
		return -EBADMSG;
	if (wide && (exact_load(&wide_of(m)->large, in) < 0 || exact_load(&wide_of(m)->small, in) < 0))
		return -EBADMSG;
	return possible(m) ? 0 : -EBADMSG;
}

int moments_load(struct moments *m, struct stat_in *in)
{
	*m = (struct moments){0};
	if (load(m, in) < 0) {
		moments_release(m);
		return -EBADMSG;
	}
	return 0;
}

STAT_OPS(moments);
