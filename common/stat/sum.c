#include "common/stat/sum.h"

#include <errno.h>

void sum_release(struct sum *s)
{
	exact_release(&s->doubles);
	*s = (struct sum){0};
}

/* All of S, in two's complement of multiples of 2^EXACT_LOWEST. */
static void all_bits(const struct sum *s, uint64_t bits[EXACT_FAR])
{
	/* the integers have bit 0 at 2^0, which is 17 limbs and 32 bits above 2^-1120 */
	enum { AT = -EXACT_LOWEST / 64 };
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

double sum_mean(const struct sum *s, uint64_t n)
{
	uint64_t bits[EXACT_FAR];

	if (s->doubles.special)
		return exact_round(&s->doubles);
	all_bits(s, bits);
	return exact_bits_divide(bits, n);
}

size_t sum_int_text(const struct sum *s, char ret[SUM_TEXT])
{
	__extension__ unsigned __int128 v = (unsigned __int128)s->hi << 64 | s->lo;
	bool minus = s->hi >> 63;
	char digits[SUM_TEXT];
	size_t n = 0, len = 0;

	if (minus)
		v = -v;
	do
		digits[n++] = (char)('0' + (int)(v % 10));
	while ((v /= 10) > 0);
	if (minus)
		ret[len++] = '-';
	while (n > 0)
		ret[len++] = digits[--n];
	ret[len] = '\0';
	return len;
}

bool sum_int64(const struct sum *s, int64_t *ret)
{
	if (s->hi != (s->lo >> 63 ? UINT64_MAX : 0))
		return false;
	*ret = (int64_t)s->lo;
	return true;
}

void sum_merge(struct sum *into, const struct sum *from)
{
	into->hi += from->hi + __builtin_add_overflow(into->lo, from->lo, &into->lo);
	into->mixed |= from->mixed;
	exact_merge(&into->doubles, &from->doubles);
}

void sum_save(const struct sum *s, struct strbuf *out)
{
	stat_put_u64(out, s->lo);
	stat_put_i64(out, (int64_t)(s->hi ^ (s->lo >> 63 ? UINT64_MAX : 0))); /* 0 for what fits an int64 */
	stat_put_u64(out, s->mixed);
	if (s->mixed)
		exact_save(&s->doubles, out);
}

int sum_load(struct sum *s, struct stat_in *in)
{
	uint64_t lo, mixed;
	int64_t hi;

	*s = (struct sum){0};
	if (stat_get_u64(in, &lo) < 0 || stat_get_i64(in, &hi) < 0 || stat_get_u64(in, &mixed) < 0 || mixed > 1)
		return -EBADMSG;
	if (mixed && exact_load(&s->doubles, in) < 0)
		return -EBADMSG;
	s->lo = lo;
	s->hi = (uint64_t)hi ^ (lo >> 63 ? UINT64_MAX : 0);
	s->mixed = mixed;
	return 0;
}
