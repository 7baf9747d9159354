#include "common/stat/exact.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "common/base/alloc.h"

#define TOP_BIT ((uint64_t)1 << 63)

void exact_release(struct exact *e)
{
	free(e->far);
	*e = (struct exact){0};
}

/* Add A, extended by its sign, to the limbs of FAR from AT on. */
static void far_add(uint64_t *far, int at, const uint64_t *a, int n)
{
	uint64_t sign = a[n - 1] >> 63 ? UINT64_MAX : 0;
	__extension__ unsigned __int128 sum = 0;

	for (int i = at; i < EXACT_FAR; i++) {
		sum += far[i];
		sum += i - at < n ? a[i - at] : sign;
		far[i] = (uint64_t)sum;
		sum >>= 64;
	}
}

static uint64_t *far_of(struct exact *e)
{
	if (!e->far)
		e->far = xcalloc(EXACT_FAR, sizeof(*e->far));
	return e->far;
}

static void negate(uint64_t *a, int n)
{
	uint64_t carry = 1;

	for (int i = 0; i < n; i++) {
		a[i] = ~a[i] + carry;
		carry = carry && a[i] == 0;
	}
}

void exact_spill(struct exact *e)
{
	far_add(far_of(e), EXACT_AT, e->near, EXACT_NEAR);
	memset(e->near, 0, sizeof(e->near));
}

void exact_add_far(struct exact *e, double x)
{
	uint64_t bits;

	if (isnan(x)) {
		e->special |= EXACT_NAN;
	} else if (isinf(x)) {
		e->special |= x > 0 ? EXACT_INF : EXACT_MINUS_INF;
	} else if (x != 0) {
		memcpy(&bits, &x, sizeof(bits));
		uint64_t exponent = bits >> 52 & 0x7ff, m = bits & (((uint64_t)1 << 52) - 1);
		if (exponent > 0)
			m |= (uint64_t)1 << 52;
		else
			exponent = 1; /* denormal */
		unsigned at = (unsigned)exponent - 1075 - EXACT_LOWEST;
		uint64_t a[3] = {m << (at & 63), m >> 1 >> (63 - (at & 63)), 0};
		if (x < 0)
			negate(a, 3);
		far_add(far_of(e), (int)(at >> 6), a, 3);
	}
}

void exact_bits(const struct exact *e, uint64_t ret[EXACT_FAR])
{
	if (e->far)
		memcpy(ret, e->far, EXACT_FAR * sizeof(*ret));
	else
		memset(ret, 0, EXACT_FAR * sizeof(*ret));
	far_add(ret, EXACT_AT, e->near, EXACT_NEAR);
}

double exact_bits_round(uint64_t *bits, int n, int lowest)
{
	bool minus = bits[n - 1] >> 63;
	int top = n - 1;

	if (minus)
		negate(bits, n);
	while (top > 0 && bits[top] == 0)
		top--;
	if (bits[top] == 0)
		return 0;
	/*
	 * 64 bits from the highest one on; the bits after them matter only for a tie, so if any is set, the last bit is
	 * set
	 */
	int zeros = __builtin_clzll(bits[top]);
	uint64_t m = bits[top] << zeros, rest = 0;
	if (top > 0 && zeros > 0) {
		m |= bits[top - 1] >> (64 - zeros);
		rest = bits[top - 1] << zeros;
	} else if (top > 0) {
		rest = bits[top - 1];
	}
	for (int i = top - 2; i >= 0 && !rest; i--)
		rest = bits[i];
	double d = ldexp((double)(m | (rest != 0)), 64 * top - zeros + lowest);
	return minus ? -d : d;
}

double exact_bits_divide(uint64_t bits[EXACT_FAR], uint64_t n)
{
	bool minus = bits[EXACT_FAR - 1] >> 63;
	__extension__ unsigned __int128 rest = 0;

	if (minus)
		negate(bits, EXACT_FAR);
	for (int i = EXACT_FAR - 1; i >= 0; i--) {
		rest = rest << 64 | bits[i];
		bits[i] = (uint64_t)(rest / n);
		rest %= n;
	}
	bits[0] |= rest != 0; /* far below the last bit of any double: this only decides a tie */
	double d = exact_bits_round(bits, EXACT_FAR, EXACT_LOWEST);
	return minus ? -d : d;
}

double exact_round(const struct exact *e)
{
	uint64_t bits[EXACT_FAR];

	if (e->special & EXACT_NAN || (e->special & EXACT_INF && e->special & EXACT_MINUS_INF))
		return NAN;
	if (e->special)
		return e->special & EXACT_INF ? INFINITY : -INFINITY;
	exact_bits(e, bits);
	return exact_bits_round(bits, EXACT_FAR, EXACT_LOWEST);
}

void exact_merge(struct exact *into, const struct exact *from)
{
	if (from->far)
		far_add(far_of(into), 0, from->far, EXACT_FAR);
	exact_add_near(into, from->near, 0);
	into->special |= from->special;
}

/*
 * The bytes are: special, limbs * 2 + sign and, if there are limbs, the place of the first one and the limbs of the
 * magnitude.
 */
void exact_save(const struct exact *e, struct strbuf *out)
{
	uint64_t bits[EXACT_FAR];
	int first = 0, n = EXACT_FAR;

	exact_bits(e, bits);
	bool minus = bits[EXACT_FAR - 1] >> 63;
	if (minus)
		negate(bits, EXACT_FAR);
	while (n > 0 && bits[n - 1] == 0)
		n--;
	while (first < n && bits[first] == 0)
		first++;
	stat_put_u64(out, e->special);
	stat_put_u64(out, (uint64_t)(n - first) * 2 + minus);
	if (first < n)
		stat_put_u64(out, (uint64_t)first);
	for (int i = first; i < n; i++)
		stat_put_u64(out, bits[i]);
}

/* Put BITS, which exact_save() wrote as limbs from FIRST on, into the empty E. */
static void place(struct exact *e, uint64_t *bits, uint64_t first, uint64_t n, bool minus)
{
	if (minus)
		negate(bits, EXACT_FAR);
	if (first >= EXACT_AT && first + n < EXACT_AT + EXACT_NEAR) /* one limb is free, so it cannot overflow soon */
		memcpy(e->near, bits + EXACT_AT, sizeof(e->near));
	else
		memcpy(far_of(e), bits, EXACT_FAR * sizeof(*bits));
}

int exact_load(struct exact *e, struct stat_in *in)
{
	uint64_t bits[EXACT_FAR] = {0}, special, head, first;

	*e = (struct exact){0};
	if (stat_get_u64(in, &special) < 0 || special > (EXACT_NAN | EXACT_INF | EXACT_MINUS_INF) ||
		stat_get_u64(in, &head) < 0)
		return -EBADMSG;
	uint64_t n = head >> 1;
	if (n == 0) {
		e->special = special;
		return head ? -EBADMSG : 0; /* there is no minus zero */
	}
	if (n > EXACT_FAR || stat_get_u64(in, &first) < 0 || first + n > EXACT_FAR || first > EXACT_FAR)
		return -EBADMSG;
	for (uint64_t i = first; i < first + n; i++)
		if (stat_get_u64(in, &bits[i]) < 0)
			return -EBADMSG;
	if (bits[first] == 0 || bits[first + n - 1] == 0 || bits[EXACT_FAR - 1] & TOP_BIT)
		return -EBADMSG;
	e->special = special;
	place(e, bits, first, n, head & 1);
	return 0;
}
