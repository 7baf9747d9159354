#include "common/stat/ddbins.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define DENORMAL  51 /* powers of two of denormal numbers, which have bins, too */
#define ALL_BINS  ((2046u + DENORMAL + 1) * DDBINS_OCTAVE)
#define FIRST_LEN 32u

/* The lower ends of the bins of a power of two, 2^(k/35), as mantissas of 52 bits, rounded up. */
static const uint64_t ends[DDBINS_OCTAVE + 1] = {0x0000000000000, 0x051ed35254d7b, 0x0a57de9c16bc8, 0x0faba81d4e5e0,
	0x151ab8c56eea3, 0x1aa59c4115e7e, 0x204ce10811782, 0x2611186bae675, 0x2bf2d6a54f7db, 0x31f2b2e54f85d,
	0x381147622f887, 0x3e4f316812c30, 0x44ad116889e7c, 0x4b2b8b0aaf3c8, 0x51cb453b9536d, 0x588cea3f093be,
	0x5f7127c0ac32a, 0x6678aee5629f8, 0x6da4345d1e0ae, 0x74f47075017a0, 0x7c6a1f29e2ce7, 0x8406003b2ae5d,
	0x8bc8d73e16610, 0x93b36bb158fff, 0x9bc68911258c0, 0xa402feeb9c533, 0xac69a0f5a241d, 0xb4fb472022b1b,
	0xbdb8cdadbe121, 0xc6a31548e794e, 0xcfbb031a741a5, 0xd90180e09c9e4, 0xe2777d0676771, 0xec1deabbe3c15,
	0xf5f5c20dfe5f3, 0x10000000000000};

/* The bin of the lower end of each of 64 equal parts of a power of two; no part holds two ends. */
static const uint8_t first[64] = {0, 0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8, 8, 9, 9, 10, 11, 11, 12, 13, 13, 14, 14, 15, 16,
	16, 17, 17, 18, 18, 19, 19, 20, 20, 21, 22, 22, 23, 23, 24, 24, 24, 25, 25, 26, 26, 27, 27, 28, 28, 29, 29, 30,
	30, 30, 31, 31, 32, 32, 32, 33, 33, 34, 34};

/* The values that the bins represent: the harmonic mean of their ends, 2 * a * b / (a + b). */
static const double middle[DDBINS_OCTAVE] = {0x1.0288ec48c67eap+0, 0x1.07b4ba5be330bp+0, 0x1.0cfb02dc4a483p+0,
	0x1.125c4d5e5273cp+0, 0x1.17d9242c8b609p+0, 0x1.1d721455a06f2p+0, 0x1.2327adba82811p+0, 0x1.28fa831cda4d8p+0,
	0x1.2eeb2a2dc4adcp+0, 0x1.34fa3b9cda5ddp+0, 0x1.3b28532784b30p+0, 0x1.41760fa8a0d2fp+0, 0x1.47e4132872fc8p+0,
	0x1.4e7302eceb7c7p+0, 0x1.5523878a3ef12p+0, 0x1.5bf64cf3d386ap+0, 0x1.62ec028d84de9p+0, 0x1.6a055b3d40606p+0,
	0x1.71430d7cfbb54p+0, 0x1.78a5d36d073ebp+0, 0x1.802e6ae6be5e1p+0, 0x1.87dd958f976d8p+0, 0x1.8fb418ec95547p+0,
	0x1.97b2be761cab6p+0, 0x1.9fda53ac2e6c9p+0, 0x1.a82baa2b0a39dp+0, 0x1.b0a797c03a49cp+0, 0x1.b94ef6800b198p+0,
	0x1.c222a4db710a8p+0, 0x1.cb2385b65e1f3p+0, 0x1.d452807e8a156p+0, 0x1.ddb08142af271p+0, 0x1.e73e78ca3dc70p+0,
	0x1.f0fd5cad89bb8p+0, 0x1.faee276e7302dp+0};

uint32_t ddbins_bin(double x)
{
	uint64_t bits;
	uint32_t low = DENORMAL;

	if (x < 0x1p-1022) {
		x *= 0x1p52;
		low -= 52;
	}
	memcpy(&bits, &x, sizeof(bits));
	uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
	uint32_t k = first[mantissa >> 46];
	k += mantissa >= ends[k + 1];
	return ((uint32_t)(bits >> 52) + low) * DDBINS_OCTAVE + k;
}

double ddbins_value(uint32_t bin)
{
	return ldexp(middle[bin % DDBINS_OCTAVE], (int)(bin / DDBINS_OCTAVE) - DENORMAL - 1023);
}

static double end_of(uint32_t bin)
{
	return ldexp(1 + (double)ends[bin % DDBINS_OCTAVE] * 0x1p-52, (int)(bin / DDBINS_OCTAVE) - DENORMAL - 1023);
}

double ddbins_value_within(uint32_t bin, double low, double high)
{
	double from = end_of(bin), to = fmin(end_of(bin + 1), __DBL_MAX__);

	if (low <= from && to <= high)
		return ddbins_value(bin);
	from = low > from ? low : from;
	to = high < to ? high : to;
	/* 2 * from * to / (from + to), computed without overflow */
	return from >= to ? to : from / (0.5 + 0.5 * (from / to));
}

void ddbins_release(struct ddbins *b)
{
	free(b->any);
	free(b->bin);
	*b = (struct ddbins){0};
}

uint32_t ddbins_lowest(const struct ddbins *b)
{
	uint32_t i = 0;

	while (ddbins_count(b, i) == 0)
		i++;
	return ddbins_at(b, i);
}

uint32_t ddbins_highest(const struct ddbins *b)
{
	uint32_t i = b->len - 1u;

	while (ddbins_count(b, i) == 0)
		i--;
	return ddbins_at(b, i);
}

static void put(struct ddbins *b, uint32_t i, uint64_t n)
{
	if (b->width == 2)
		b->two[i] = (uint16_t)(b->two[i] + n);
	else if (b->width == 4)
		b->four[i] += (uint32_t)n;
	else
		b->eight[i] += n;
}

/* Make room for the bins BASE to BASE + LEN - 1, which include all that are not empty, with counts up to TOTAL. */
static void move(struct ddbins *b, uint32_t base, uint32_t len, uint64_t total)
{
	struct ddbins moved = {.n = b->n, .base = base, .len = len};

	moved.width = total <= UINT16_MAX ? 2 : total <= UINT32_MAX ? 4 : 8;
	moved.any = xcalloc(len, moved.width);
	for (uint32_t i = 0; i < b->len; i++) {
		uint64_t n = ddbins_count(b, i);
		if (n > 0)
			put(&moved, b->base + i - base, n);
	}
	free(b->any);
	*b = moved;
}

/* Give the list one more place, at I; it has room for 16, 32, 64 … */
static void list_insert(struct ddbins *b, uint32_t i, uint32_t bin, uint64_t n)
{
	if (b->len == 0 || (b->len >= 16 && (b->len & (b->len - 1)) == 0)) {
		b->bin = xreallocarray(b->bin, b->len ? b->len * 2u : 16, sizeof(*b->bin));
		b->eight = xreallocarray(b->eight, b->len ? b->len * 2u : 16, sizeof(*b->eight));
	}
	memmove(b->bin + i + 1, b->bin + i, (b->len - i) * sizeof(*b->bin));
	memmove(b->eight + i + 1, b->eight + i, (b->len - i) * sizeof(*b->eight));
	b->bin[i] = bin;
	b->eight[i] = n;
	b->len++;
}

/* Keep only the bins that are not empty. */
static void to_list(struct ddbins *b)
{
	struct ddbins list = {.n = b->n};

	for (uint32_t i = 0; i < b->len; i++) {
		uint64_t n = ddbins_count(b, i);
		if (n > 0)
			list_insert(&list, list.len, b->base + i, n);
	}
	free(b->any);
	*b = list;
}

/* The index of BIN in the list, or where it belongs. */
static uint32_t list_find(const struct ddbins *b, uint32_t bin)
{
	uint32_t low = 0, n = b->len;

	while (n > 0) {
		uint32_t half = n / 2;
		if (b->bin[low + half] < bin) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

static void list_add(struct ddbins *b, uint32_t bin, uint64_t n)
{
	uint32_t i = list_find(b, bin);

	if (i < b->len && b->bin[i] == bin) {
		b->eight[i] += n;
	} else {
		list_insert(b, i, bin, n);
	}
}

/*
 * Make a place for BIN, with a quarter more than needed, so that this happens rarely; false: the bins are too far
 * apart.
 */
static bool make_room(struct ddbins *b, uint32_t bin, uint64_t total)
{
	if (b->len == 0) {
		move(b, bin < FIRST_LEN / 4 ? 0 : bin - FIRST_LEN / 4, FIRST_LEN, total);
		return true;
	}
	uint32_t low = ddbins_lowest(b), high = ddbins_highest(b);
	bool down = bin < low;
	low = down ? bin : low;
	high = bin > high ? bin : high;
	uint32_t len = high - low + 1, more = len / 4;
	if (len > DDBINS_ROW)
		return false;
	more = more < DDBINS_ROW - len ? more : DDBINS_ROW - len;
	if (down)
		low -= more < low ? more : low;
	move(b, low, len + more, total);
	return true;
}

void ddbins_add_slow(struct ddbins *b, uint32_t bin, uint64_t n)
{
	uint64_t total = b->n + n;

	if (!b->bin && bin - b->base >= b->len && !make_room(b, bin, total))
		to_list(b);
	if (b->bin) {
		list_add(b, bin, n);
	} else {
		if (total > (b->width == 2 ? UINT16_MAX : b->width == 4 ? UINT32_MAX : UINT64_MAX))
			move(b, b->base, b->len, total);
		put(b, bin - b->base, n);
	}
	b->n = total;
}

void ddbins_merge(struct ddbins *into, const struct ddbins *from)
{
	for (uint32_t i = 0; i < from->len; i++) {
		uint64_t n = ddbins_count(from, i);
		if (n > 0)
			ddbins_add_slow(into, ddbins_at(from, i), n);
	}
}

/* The number of bins that are not empty, then for each its distance from the one before and its count. */
void ddbins_save(const struct ddbins *b, struct strbuf *out)
{
	uint64_t bins = 0, last = 0;

	for (uint32_t i = 0; i < b->len; i++)
		bins += ddbins_count(b, i) > 0;
	stat_put_u64(out, bins);
	for (uint32_t i = 0; i < b->len; i++) {
		uint64_t n = ddbins_count(b, i);
		if (n > 0) {
			stat_put_u64(out, ddbins_at(b, i) - last);
			stat_put_u64(out, n);
			last = ddbins_at(b, i);
		}
	}
}

static int load(struct ddbins *b, struct stat_in *in)
{
	uint64_t bins, gap, n, total, bin = 0;

	if (stat_get_u64(in, &bins) < 0 || bins > ALL_BINS)
		return -EBADMSG;
	for (uint64_t i = 0; i < bins; i++) {
		if (stat_get_u64(in, &gap) < 0 || stat_get_u64(in, &n) < 0 || n == 0 || (i > 0 && gap == 0))
			return -EBADMSG;
		if (gap >= ALL_BINS - bin || __builtin_add_overflow(b->n, n, &total))
			return -EBADMSG;
		bin += gap;
		ddbins_add_slow(b, (uint32_t)bin, n);
	}
	return 0;
}

int ddbins_load(struct ddbins *b, struct stat_in *in)
{
	*b = (struct ddbins){0};
	if (load(b, in) < 0) {
		ddbins_release(b);
		return -EBADMSG;
	}
	return 0;
}
