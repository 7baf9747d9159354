/*
 * Saved states: any bytes are refused or accepted.  An accepted state is saved as the same bytes, and can be merged
 * with itself, read, and added to.  The first byte selects the accumulator.
 */
#include <stdint.h>
#include <stdlib.h>

#include "common/stat/ewma.h"
#include "common/stat/extreme.h"
#include "common/stat/histogram.h"
#include "common/stat/hll.h"
#include "common/stat/moments.h"
#include "common/stat/quantile.h"
#include "common/stat/spacesaving.h"
#include "common/stat/sum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Load X, which is empty; if that succeeds, saving must give the bytes that were read.  True: go on with it. */
#define LOADED(type, x) (type##_load(x, &in) == 0 && (type##_save(x, &out), same(data, (size_t)(in.s - data), &out)))

static bool same(const uint8_t *data, size_t len, struct strbuf *out)
{
	if (out->len != len || memcmp(data, out->s, len) != 0)
		abort();
	strbuf_release(out);
	return true;
}

/* A second one from the same bytes is merged into the first. */
#define MERGE(type, x, y)                            \
	do {                                         \
		struct stat_in twice = {data, in.s}; \
		if (type##_load(y, &twice) < 0)      \
			abort();                     \
		type##_merge(x, y);                  \
		type##_release(y);                   \
	} while (0)

static void numbers(int kind, const uint8_t *data, struct stat_in in)
{
	struct strbuf out = STRBUF_INIT;
	double v = 0;

	if (kind == 0) {
		struct sum s = {0}, other;
		char text[SUM_TEXT];
		if (LOADED(sum, &s)) {
			MERGE(sum, &s, &other);
			sum_add_double(&s, sum_double(&s) + (double)sum_int_text(&s, text));
			(void)(s.n && isnan(sum_mean(&s)));
		}
		sum_release(&s);
	} else if (kind == 1) {
		struct moments m = {0}, other;
		if (LOADED(moments, &m)) {
			MERGE(moments, &m, &other);
			moments_add(&m, 0.5);
			if (moments_var(&m, &v) && v < 0)
				abort();
		}
		moments_release(&m);
	} else if (kind == 2) {
		struct extreme e = {0};
		if (LOADED(extreme, &e))
			extreme_merge(&e, &(struct extreme){.n = 1});
		extreme_release(&e);
	} else {
		static const double bounds[] = {-1, 0, 10};
		struct histogram h, other;
		histogram_init(&h, bounds, 3);
		histogram_init(&other, bounds, 3);
		if (LOADED(histogram, &h))
			MERGE(histogram, &h, &other);
		else
			histogram_release(&other);
		histogram_release(&h);
	}
}

static void sketches(int kind, const uint8_t *data, struct stat_in in)
{
	struct strbuf out = STRBUF_INIT;
	double v = 0;

	if (kind == 4) {
		struct quantile q = {0}, other;
		if (LOADED(quantile, &q)) {
			MERGE(quantile, &q, &other);
			quantile_add(&q, -1e-300);
			quantile_add(&q, 1e300);
			if (!quantile_get(&q, 0, &v) || !quantile_get(&q, 0.5, &v) || !quantile_get(&q, 1, &v))
				abort();
		}
		quantile_release(&q);
	} else if (kind == 5) {
		struct hll h = {0}, other;
		if (LOADED(hll, &h)) {
			uint64_t before = hll_count(&h);
			MERGE(hll, &h, &other);
			if (hll_count(&h) != before)
				abort();
			hll_add(&h, "x", 1);
		}
		hll_release(&h);
	} else if (kind == 6) {
		struct spacesaving s, other;
		const struct spacesaving_entry *top[5];
		spacesaving_init(&s, 4);
		spacesaving_init(&other, 4);
		if (LOADED(spacesaving, &s)) {
			MERGE(spacesaving, &s, &other);
			for (const char *key = "abcdefgh"; *key; key++)
				if (spacesaving_add(&s, key, 1, 3) < 0)
					abort();
			if (spacesaving_top(&s, 5, top) != 4)
				abort();
		}
		spacesaving_release(&s);
	} else {
		struct ewma e = {0};
		if (LOADED(ewma, &e))
			ewma_add(&e, e.mean, 0.1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	int kind = data[0] % 8;
	struct stat_in in = {data + 1, data + size};
	(kind < 4 ? numbers : sketches)(kind, data + 1, in);
	return 0;
}
