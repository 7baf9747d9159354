#include "common/stat/ddsketch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

#define DENORMAL 51 /* powers of two below the normal ones, for which there are bins too */
#define ALL_BINS ((2047u + DENORMAL) * DDSKETCH_OCTAVE)

/* The lower ends of the bins of a power of two, 2^(k/35), as mantissas of 52 bits, rounded up. */
static const uint64_t ends[DDSKETCH_OCTAVE + 1] = {0x0000000000000, 0x051ed35254d7b, 0x0a57de9c16bc8, 0x0faba81d4e5e0,
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

/* What the bins stand for: the harmonic mean of their ends, 2 * a * b / (a + b). */
static const double middle[DDSKETCH_OCTAVE] = {0x1.0288ec48c67eap+0, 0x1.07b4ba5be330bp+0, 0x1.0cfb02dc4a483p+0,
	0x1.125c4d5e5273cp+0, 0x1.17d9242c8b609p+0, 0x1.1d721455a06f2p+0, 0x1.2327adba82811p+0, 0x1.28fa831cda4d8p+0,
	0x1.2eeb2a2dc4adcp+0, 0x1.34fa3b9cda5ddp+0, 0x1.3b28532784b30p+0, 0x1.41760fa8a0d2fp+0, 0x1.47e4132872fc8p+0,
	0x1.4e7302eceb7c7p+0, 0x1.5523878a3ef12p+0, 0x1.5bf64cf3d386ap+0, 0x1.62ec028d84de9p+0, 0x1.6a055b3d40606p+0,
	0x1.71430d7cfbb54p+0, 0x1.78a5d36d073ebp+0, 0x1.802e6ae6be5e1p+0, 0x1.87dd958f976d8p+0, 0x1.8fb418ec95547p+0,
	0x1.97b2be761cab6p+0, 0x1.9fda53ac2e6c9p+0, 0x1.a82baa2b0a39dp+0, 0x1.b0a797c03a49cp+0, 0x1.b94ef6800b198p+0,
	0x1.c222a4db710a8p+0, 0x1.cb2385b65e1f3p+0, 0x1.d452807e8a156p+0, 0x1.ddb08142af271p+0, 0x1.e73e78ca3dc70p+0,
	0x1.f0fd5cad89bb8p+0, 0x1.faee276e7302dp+0};

/* The bin of X, which is positive and finite. */
static uint32_t bin_of(double x)
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
	return ((uint32_t)(bits >> 52) + low) * DDSKETCH_OCTAVE + k;
}

static double value_of(uint32_t bin)
{
	return ldexp(middle[bin % DDSKETCH_OCTAVE], (int)(bin / DDSKETCH_OCTAVE) - DENORMAL - 1023);
}

/* The highest bin with something in it; there is one. */
static uint32_t top_of(const struct ddsketch_store *s)
{
	uint32_t i = s->len - 1;

	while (s->count[i] == 0)
		i--;
	return s->base + i;
}

/* Make room for the bins BASE to BASE + LEN - 1; what lies below is counted as the first. */
static void move(struct ddsketch_store *s, uint32_t base, uint32_t len)
{
	uint64_t *count = xcalloc(len, sizeof(*count));

	for (uint32_t i = 0; i < s->len; i++) {
		if (s->count[i])
			count[s->base + i < base ? 0 : s->base + i - base] += s->count[i];
	}
	free(s->count);
	*s = (struct ddsketch_store){count, base, len};
}

/* Add to a bin for which there is no room yet. */
static void store_far(struct ddsketch_store *s, uint32_t bin, uint64_t n)
{
	if (s->len == 0) {
		move(s, bin < 8 ? 0 : bin - 8, 32);
	} else if (bin >= s->base + s->len) {
		uint32_t lowest = bin + 1 < DDSKETCH_BINS ? 0 : bin + 1 - DDSKETCH_BINS;
		uint32_t base = s->base > lowest ? s->base : lowest;
		uint32_t want = bin + 1 - base + (bin - base) / 4;
		move(s, base, want < DDSKETCH_BINS ? want : DDSKETCH_BINS);
	} else if (s->len == DDSKETCH_BINS && s->count[s->len - 1]) {
		bin = s->base;
	} else {
		uint32_t top = top_of(s), lowest = top + 1 < DDSKETCH_BINS ? 0 : top + 1 - DDSKETCH_BINS;
		bin = bin > lowest ? bin : lowest;
		uint32_t slack = (top - bin) / 4, base = bin > lowest + slack ? bin - slack : lowest;
		move(s, base, top + 1 - base);
	}
	s->count[bin - s->base] += n;
}

static inline void store_add(struct ddsketch_store *s, uint32_t bin, uint64_t n)
{
	uint32_t i = bin - s->base;

	if (__builtin_expect(i < s->len, 1))
		s->count[i] += n;
	else
		store_far(s, bin, n);
}

void ddsketch_release(struct ddsketch *d)
{
	free(d->up.count);
	free(d->down.count);
	*d = (struct ddsketch){0};
}

void ddsketch_add_n(struct ddsketch *d, double x, uint64_t n)
{
	if (isnan(x)) {
		d->nans += n;
		return;
	}
	if (n == 0)
		return;
	if (d->n == 0)
		d->min = d->max = x + 0.0; /* never -0.0 */
	d->min = x < d->min ? x : d->min;
	d->max = x > d->max ? x : d->max;
	d->n += n;
	if (x == 0)
		d->zeros += n;
	else if (isinf(x))
		*(x > 0 ? &d->infs : &d->minus_infs) += n;
	else if (x > 0)
		store_add(&d->up, bin_of(x), n);
	else
		store_add(&d->down, bin_of(-x), n);
}

void ddsketch_each(const struct ddsketch *d, void (*fn)(void *arg, double value, uint64_t n), void *arg)
{
	if (d->minus_infs)
		fn(arg, -INFINITY, d->minus_infs);
	for (uint32_t i = d->down.len; i-- > 0;)
		if (d->down.count[i])
			fn(arg, -value_of(d->down.base + i), d->down.count[i]);
	if (d->zeros)
		fn(arg, 0, d->zeros);
	for (uint32_t i = 0; i < d->up.len; i++)
		if (d->up.count[i])
			fn(arg, value_of(d->up.base + i), d->up.count[i]);
	if (d->infs)
		fn(arg, INFINITY, d->infs);
}

/* The values of two neighbouring ranks. */
struct search {
	uint64_t rank, seen;
	double low, high;
};

static void search_bin(void *arg, double value, uint64_t n)
{
	struct search *s = arg;
	uint64_t before = s->seen;

	s->seen += n;
	if (before <= s->rank && s->rank < s->seen)
		s->low = value;
	if (before <= s->rank + 1 && s->rank + 1 < s->seen)
		s->high = value;
}

/* What is known of the value of RANK beside its bin. */
static double within(const struct ddsketch *d, uint64_t rank, double value)
{
	if (rank == 0 || value < d->min)
		return d->min;
	if (rank + 1 >= d->n || value > d->max)
		return d->max;
	return value;
}

bool ddsketch_quantile(const struct ddsketch *d, double q, double *ret)
{
	struct search s = {0};

	if (d->n == 0)
		return false;
	double h = q * (double)(d->n - 1);
	s.rank = (uint64_t)h;
	if (s.rank > d->n - 1)
		s.rank = d->n - 1;
	ddsketch_each(d, search_bin, &s);
	double fraction = h - (double)s.rank, low = within(d, s.rank, s.low);
	double high = within(d, s.rank + 1, s.high);
	if (fraction <= 0 || low == high)
		*ret = low;
	else
		*ret = low * (1 - fraction) + high * fraction;
	return true;
}

static void store_merge(struct ddsketch_store *into, const struct ddsketch_store *from)
{
	for (uint32_t i = from->len; i-- > 0;) /* from the top, so that what is out of range is so at once */
		if (from->count[i])
			store_add(into, from->base + i, from->count[i]);
}

void ddsketch_merge(struct ddsketch *into, const struct ddsketch *from)
{
	into->nans += from->nans;
	if (from->n == 0)
		return;
	into->min = into->n == 0 || from->min < into->min ? from->min : into->min;
	into->max = into->n == 0 || from->max > into->max ? from->max : into->max;
	into->n += from->n;
	into->zeros += from->zeros;
	into->infs += from->infs;
	into->minus_infs += from->minus_infs;
	store_merge(&into->up, &from->up);
	store_merge(&into->down, &from->down);
}

/* The number of bins with something in them, then of each its distance from the one before and its count. */
static void store_save(const struct ddsketch_store *s, struct strbuf *out)
{
	uint64_t bins = 0, last = 0;

	for (uint32_t i = 0; i < s->len; i++)
		bins += s->count[i] > 0;
	stat_put_u64(out, bins);
	for (uint32_t i = 0; i < s->len; i++) {
		if (s->count[i]) {
			stat_put_u64(out, s->base + i - last);
			stat_put_u64(out, s->count[i]);
			last = s->base + i;
		}
	}
}

void ddsketch_save(const struct ddsketch *d, struct strbuf *out)
{
	stat_put_u64(out, d->n);
	stat_put_u64(out, d->nans);
	if (d->n == 0)
		return;
	stat_put_double(out, d->min);
	stat_put_double(out, d->max);
	stat_put_u64(out, d->minus_infs);
	stat_put_u64(out, d->zeros);
	stat_put_u64(out, d->infs);
	store_save(&d->down, out);
	store_save(&d->up, out);
}

/* Adds what there is to *SUM, which must not overflow. */
static int store_load(struct ddsketch_store *s, struct stat_in *in, uint64_t *sum)
{
	uint64_t bins, gap, n, bin = 0, lowest = 0;

	if (stat_get_u64(in, &bins) < 0 || bins > DDSKETCH_BINS)
		return -EBADMSG;
	for (uint64_t i = 0; i < bins; i++) {
		if (stat_get_u64(in, &gap) < 0 || stat_get_u64(in, &n) < 0 || n == 0 || (i > 0 && gap == 0))
			return -EBADMSG;
		if (gap >= ALL_BINS - bin || __builtin_add_overflow(*sum, n, sum))
			return -EBADMSG;
		bin += gap;
		lowest = i == 0 ? bin : lowest;
		if (bin - lowest >= DDSKETCH_BINS)
			return -EBADMSG;
		store_add(s, (uint32_t)bin, n);
	}
	return 0;
}

static int load(struct ddsketch *d, struct stat_in *in)
{
	uint64_t sum = 0;

	if (stat_get_u64(in, &d->n) < 0 || stat_get_u64(in, &d->nans) < 0)
		return -EBADMSG;
	if (d->n == 0)
		return 0;
	if (stat_get_double(in, &d->min) < 0 || stat_get_double(in, &d->max) < 0 || !(d->min <= d->max))
		return -EBADMSG;
	if (stat_get_u64(in, &d->minus_infs) < 0 || stat_get_u64(in, &d->zeros) < 0 || stat_get_u64(in, &d->infs) < 0)
		return -EBADMSG;
	if (__builtin_add_overflow(sum, d->minus_infs, &sum) || __builtin_add_overflow(sum, d->zeros, &sum) ||
		__builtin_add_overflow(sum, d->infs, &sum))
		return -EBADMSG;
	if (store_load(&d->down, in, &sum) < 0 || store_load(&d->up, in, &sum) < 0 || sum != d->n)
		return -EBADMSG;
	return 0;
}

int ddsketch_load(struct ddsketch *d, struct stat_in *in)
{
	*d = (struct ddsketch){0};
	if (load(d, in) < 0) {
		ddsketch_release(d);
		return -EBADMSG;
	}
	return 0;
}
