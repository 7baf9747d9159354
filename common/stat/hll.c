#include "common/stat/hll.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* bits of a hash that give the rank; a rank is 1 to Q + 1, and 0 for an unused register */
#define Q          (64 - HLL_P)
#define FIRST_ROOM 8u
#define PACKED     (HLL_REGISTERS / 4 * 3) /* bytes of registers of six bits */

void hll_release(struct hll *h)
{
	free(h->reg);
	free(h->set);
	*h = (struct hll){0};
}

/* Put HASH into the set, which must have a free place; returns whether it was missing. */
static bool set_put(uint64_t *set, uint32_t room, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (room - 1);

	for (; set[i]; i = (i + 1) & (room - 1))
		if (set[i] == hash)
			return false;
	set[i] = hash;
	return true;
}

static void grow(struct hll *h)
{
	uint32_t room = h->room ? h->room * 2 : FIRST_ROOM;
	uint64_t *set = xcalloc(room, sizeof(*set));

	for (uint32_t i = 0; i < h->room; i++)
		if (h->set[i])
			(void)set_put(set, room, h->set[i]);
	free(h->set);
	h->set = set;
	h->room = room;
}

static void to_registers(struct hll *h)
{
	uint8_t *reg = xcalloc(HLL_REGISTERS, 1);

	for (uint32_t i = 0; i < h->room; i++)
		if (h->set[i])
			hll_add_register(reg, h->set[i]);
	free(h->set);
	*h = (struct hll){.reg = reg};
}

void hll_add_kept(struct hll *h, uint64_t hash)
{
	if (h->n >= h->room / 2 && h->room < 2 * HLL_EXACT)
		grow(h);
	h->n += set_put(h->set, h->room, hash);
	if (h->n > HLL_EXACT)
		to_registers(h);
}

/* Ertl's sigma: x + sum of x^(2^k) * 2^(k - 1), k from 1. */
static double sigma(double x)
{
	double y = 1, z = x, last;

	if (x == 1)
		return INFINITY;
	do {
		x *= x;
		last = z;
		z += x * y;
		y += y;
	} while (z != last);
	return z;
}

/* Ertl's tau: (1 - x - sum of (1 - x^(2^-k))^2 * 2^-k) / 3, k from 1. */
static double tau(double x)
{
	double y = 1, z = 1 - x, last;

	if (x == 0 || x == 1)
		return 0;
	do {
		x = sqrt(x);
		last = z;
		y *= 0.5;
		z -= (1 - x) * (1 - x) * y;
	} while (z != last);
	return z / 3;
}

uint64_t hll_count(const struct hll *h)
{
	static const double m = HLL_REGISTERS, alpha = 0.72134752044448170368; /* 1 / (2 ln 2) */
	uint32_t number[Q + 2] = {0};

	if (!h->reg)
		return h->n;
	for (uint32_t i = 0; i < HLL_REGISTERS; i++)
		number[h->reg[i]]++;
	double z = m * tau(1 - number[Q + 1] / m);
	for (int k = Q; k > 0; k--)
		z = 0.5 * (z + number[k]);
	z += m * sigma(number[0] / m);
	double count = alpha * m * m / z;
	return count < 0x1p63 ? (uint64_t)(count + 0.5) : UINT64_MAX; /* all registers full: infinite */
}

void hll_merge(struct hll *into, const struct hll *from)
{
	if (!from->reg) {
		for (uint32_t i = 0; i < from->room; i++)
			if (from->set[i])
				hll_add_hash(into, from->set[i]);
		return;
	}
	if (!into->reg)
		to_registers(into);
	for (uint32_t i = 0; i < HLL_REGISTERS; i++)
		into->reg[i] = into->reg[i] > from->reg[i] ? into->reg[i] : from->reg[i];
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Save the number of kept hashes, then the hashes ascending, each as the distance from the one before. */
static void save_kept(const struct hll *h, struct strbuf *out)
{
	uint64_t sorted[HLL_EXACT], last = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->room; i++)
		if (h->set[i])
			sorted[n++] = h->set[i];
	// cppcheck-suppress uninitvar ; N of them are set
	qsort(sorted, n, sizeof(*sorted), compare);
	stat_put_u64(out, n);
	for (uint32_t i = 0; i < n; i++) {
		stat_put_u64(out, sorted[i] - last);
		last = sorted[i];
	}
}

/* Save a number that no number of kept hashes can equal, then the registers, four in three bytes. */
void hll_save(const struct hll *h, struct strbuf *out)
{
	if (!h->reg) {
		save_kept(h, out);
		return;
	}
	stat_put_u64(out, HLL_EXACT + 1);
	unsigned char *s = (unsigned char *)strbuf_grow(out, PACKED);
	for (uint32_t i = 0; i < HLL_REGISTERS; i += 4) {
		const uint8_t *r = h->reg + i;
		*s++ = (unsigned char)(r[0] | r[1] << 6);
		*s++ = (unsigned char)(r[1] >> 2 | r[2] << 4);
		*s++ = (unsigned char)(r[2] >> 4 | r[3] << 2);
	}
	strbuf_extend(out, PACKED);
}

static int load_registers(struct hll *h, struct stat_in *in)
{
	if ((size_t)(in->end - in->s) < PACKED)
		return -EBADMSG;
	h->reg = xcalloc(HLL_REGISTERS, 1);
	for (uint32_t i = 0; i < HLL_REGISTERS; i += 4) {
		uint32_t v = (uint32_t)in->s[0] | (uint32_t)in->s[1] << 8 | (uint32_t)in->s[2] << 16;
		for (uint32_t j = 0; j < 4; j++) {
			h->reg[i + j] = v >> 6 * j & 63;
			if (h->reg[i + j] > Q + 1)
				return -EBADMSG;
		}
		in->s += 3;
	}
	return 0;
}

static int load_kept(struct hll *h, struct stat_in *in, uint64_t n)
{
	uint64_t hash = 0, gap;

	for (uint64_t i = 0; i < n; i++) {
		if (stat_get_u64(in, &gap) < 0 || gap == 0 || __builtin_add_overflow(hash, gap, &hash))
			return -EBADMSG;
		hll_add_kept(h, hash);
	}
	return 0;
}

int hll_load(struct hll *h, struct stat_in *in)
{
	uint64_t n;

	*h = (struct hll){0};
	if (stat_get_u64(in, &n) < 0 || n > HLL_EXACT + 1)
		return -EBADMSG;
	if (n > HLL_EXACT ? load_registers(h, in) < 0 : load_kept(h, in, n) < 0) {
		hll_release(h);
		return -EBADMSG;
	}
	return 0;
}

STAT_OPS(hll);
