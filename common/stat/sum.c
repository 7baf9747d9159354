#include "common/stat/sum.h"

#include <errno.h>
#include <math.h>

#include "common/data/number.h"

/* The integers have bit 0 at 2^0, which is 17 limbs and 32 bits above 2^-1120, and 18 limbs up to the sign. */
enum { AT = -EXACT_LOWEST / 64, WHOLE = EXACT_FAR - AT };

void sum_release(struct sum *s)
{
	exact_release(&s->doubles);
	*s = (struct sum){0};
}

/* All of S, in two's complement of multiples of 2^EXACT_LOWEST. */
static void all_bits(const struct sum *s, uint64_t bits[EXACT_FAR])
{
	uint64_t sign = s->hi >> 63 ? UINT64_MAX : 0;
	const uint64_t ints[4] = {s->lo << 32, s->hi << 32 | s->lo >> 32, sign << 32 | s->hi >> 32, sign};
	__extension__ unsigned __int128 sum = 0;

	exact_bits(&s->doubles, bits);
	for (int i = AT; i < EXACT_FAR; i++) {
		sum += bits[i];
		sum += ints[i - AT < 3 ? i - AT : 3];
		bits[i] = (uint64_t)sum;
		sum >>= 64;
	}
}

double sum_double(const struct sum *s)
{
	uint64_t bits[EXACT_FAR];

	if (s->doubles.special)
		return exact_round(&s->doubles);
	all_bits(s, bits);
	return exact_bits_round(bits, EXACT_FAR, EXACT_LOWEST);
}

double sum_mean(const struct sum *s)
{
	uint64_t bits[EXACT_FAR];

	if (s->doubles.special)
		return exact_round(&s->doubles);
	all_bits(s, bits);
	return exact_bits_divide(bits, s->n);
}

/* Add the LEN digits at S, at most the greatest double, in pieces of 32 bits, each of which is a double. */
static void add_digits(struct sum *s, const char *digits, size_t len, bool minus)
{
	uint32_t limbs[WHOLE * 2] = {0};
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		uint64_t carry = (uint64_t)(digits[i] - '0');
		for (int k = 0; k < n || carry; k++) {
			carry += (uint64_t)limbs[k] * 10;
			limbs[k] = (uint32_t)carry;
			carry >>= 32;
			n = k >= n ? k + 1 : n;
		}
	}
	for (int k = 0; k < n; k++) {
		double d = ldexp(limbs[k], 32 * k);
		exact_add(&s->doubles, minus ? -d : d);
	}
}

void sum_add(struct sum *s, const struct value *v, bool minus)
{
	if (v->type == VALUE_INT && !(minus && v->i == INT64_MIN)) {
		sum_add_int(s, minus ? -v->i : v->i);
	} else if (v->type == VALUE_INT) {
		sum_add_int(s, INT64_MAX);
		sum_add_int(s, 1);
		s->n--; /* all pieces were one number */
	} else if (number_is_long(v)) {
		bool negative = *v->s == '-';
		s->n++;
		s->large = true;
		add_digits(s, v->s + negative, v->len - negative, negative != minus);
	} else {
		sum_add_double(s, minus ? -v->d : v->d);
	}
}

/* The whole part in two's complement; when only integers were added, it is the whole sum. */
static void whole_bits(const struct sum *s, uint64_t ret[WHOLE])
{
	uint64_t bits[EXACT_FAR];

	all_bits(s, bits);
	for (int i = 0; i < WHOLE; i++) {
		uint64_t above = i + AT + 1 < EXACT_FAR ? bits[i + AT + 1] : bits[EXACT_FAR - 1] >> 63 ? UINT64_MAX : 0;
		ret[i] = bits[i + AT] >> 32 | above << 32;
	}
}

static void negate(uint64_t *bits, int n)
{
	uint64_t carry = 1;

	for (int i = 0; i < n; i++) {
		bits[i] = ~bits[i] + carry;
		carry = carry && bits[i] == 0;
	}
}

/* BITS /= 10^19; returns the rest. */
static uint64_t divide(uint64_t bits[WHOLE])
{
	const uint64_t by = UINT64_C(10000000000000000000);
	uint64_t rest = 0;

	for (int i = WHOLE; i-- > 0;) {
		__extension__ unsigned __int128 v = (unsigned __int128)rest << 64 | bits[i];
		bits[i] = (uint64_t)(v / by);
		rest = (uint64_t)(v % by);
	}
	return rest;
}

static bool any(const uint64_t bits[WHOLE])
{
	uint64_t all = 0;

	for (int i = 0; i < WHOLE; i++)
		all |= bits[i];
	return all != 0;
}

size_t sum_int_text(const struct sum *s, char ret[SUM_TEXT])
{
	uint64_t bits[WHOLE];
	char digits[SUM_TEXT] = "";
	size_t n = 0, len = 0;

	whole_bits(s, bits);
	bool minus = bits[WHOLE - 1] >> 63;
	if (minus)
		negate(bits, WHOLE);
	do {
		uint64_t rest = divide(bits);
		bool more = any(bits);
		for (int i = 0; more ? i < 19 : i == 0 || rest; i++, rest /= 10)
			digits[n++] = (char)('0' + (int)(rest % 10));
	} while (any(bits));
	if (minus)
		ret[len++] = '-';
	while (n > 0)
		ret[len++] = digits[--n];
	ret[len] = '\0';
	return len;
}

bool sum_int64(const struct sum *s, int64_t *ret)
{
	uint64_t bits[WHOLE];

	if (!s->large) {
		if (s->hi != (s->lo >> 63 ? UINT64_MAX : 0))
			return false;
		*ret = (int64_t)s->lo;
		return true;
	}
	whole_bits(s, bits);
	for (int i = 1; i < WHOLE; i++)
		if (bits[i] != (bits[0] >> 63 ? UINT64_MAX : 0))
			return false;
	*ret = (int64_t)bits[0];
	return true;
}

void sum_merge(struct sum *into, const struct sum *from)
{
	into->n += from->n;
	into->hi += from->hi + __builtin_add_overflow(into->lo, from->lo, &into->lo);
	into->mixed |= from->mixed;
	into->large |= from->large;
	exact_merge(&into->doubles, &from->doubles);
}

enum { HAS_DOUBLES = 1, HAS_LARGE = 2 };

void sum_save(const struct sum *s, struct strbuf *out)
{
	stat_put_u64(out, s->n);
	stat_put_u64(out, s->lo);
	stat_put_i64(out, (int64_t)(s->hi ^ (s->lo >> 63 ? UINT64_MAX : 0))); /* 0 for a sum that fits an int64 */
	stat_put_u64(out, (s->mixed ? HAS_DOUBLES : 0) | (s->large ? HAS_LARGE : 0));
	if (s->mixed || s->large)
		exact_save(&s->doubles, out);
}

int sum_load(struct sum *s, struct stat_in *in)
{
	uint64_t n, lo, has;
	int64_t hi;

	*s = (struct sum){0};
	if (stat_get_u64(in, &n) < 0 || stat_get_u64(in, &lo) < 0 || stat_get_i64(in, &hi) < 0 ||
		stat_get_u64(in, &has) < 0 || has > (HAS_DOUBLES | HAS_LARGE))
		return -EBADMSG;
	if (has && exact_load(&s->doubles, in) < 0)
		return -EBADMSG;
	s->n = n;
	s->lo = lo;
	s->hi = (uint64_t)hi ^ (lo >> 63 ? UINT64_MAX : 0);
	s->mixed = has & HAS_DOUBLES;
	s->large = has & HAS_LARGE;
	return 0;
}

STAT_OPS(sum);
