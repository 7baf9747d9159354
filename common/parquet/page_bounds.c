/* The bounds of a page's values: see page_bounds.h. */
#include <math.h>
#include <string.h>

#include "common/parquet/page_bounds.h"

/* A byte string, with its first 8 bytes as a number that sorts in the same order. */
struct pq_span {
	const char *s;
	size_t len;
	uint64_t first;
};

static inline struct pq_span span(const char *s, size_t len)
{
	uint64_t word = 0;
	memcpy(&word, s, len < 8 ? len : 8);
	return (struct pq_span){s, len, __builtin_bswap64(word)};
}

/* Whether A comes before B. Zeros that pad a short string may equal bytes of a longer one; then memcmp() decides. */
static inline bool before(const struct pq_span *a, const struct pq_span *b)
{
	if (a->first != b->first)
		return a->first < b->first;
	int r = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
	return r ? r < 0 : a->len < b->len;
}

struct pq_extent {
	struct pq_span min, max;
	bool any;
};

static inline void take_span(struct pq_extent *e, const char *s, size_t len)
{
	struct pq_span v = span(s, len);
	if (!e->any)
		*e = (struct pq_extent){v, v, true};
	else if (before(&v, &e->min))
		e->min = v;
	else if (before(&e->max, &v))
		e->max = v;
}

/* The dictionary of the page in the making. */
static inline const struct pq_dict *dict_of(const struct pq_leaf *leaf)
{
	return leaf->chunk->coded ? leaf->chunk->dict : NULL;
}

static void bytes_bounds(const struct pq_leaf *leaf, const unsigned char *used, struct pq_bounds *bounds)
{
	struct pq_extent e = {0};
	const struct pq_dict *dict = dict_of(leaf);
	for (size_t i = 0; dict && i < dict->count; i++)
		if (used[i])
			take_span(&e, pq_dict_bytes(dict, i), dict->lens[i]);
	for (size_t i = 0; !dict && i < leaf->values; i++) {
		uint32_t len;
		memcpy(&len, leaf->plain + leaf->at[i], 4);
		take_span(&e, (const char *)leaf->plain + leaf->at[i] + 4, len);
	}
	pq_bounds_cut(bounds, leaf->field->type == SCHEMA_STRING, e.min.s, e.min.len, e.max.s, e.max.len);
}

/* Compare numbers in two's complement, the highest byte first, of the same length. */
static void big_bounds(const struct pq_leaf *leaf, const unsigned char *used, struct pq_bounds *bounds)
{
	const struct pq_dict *dict = dict_of(leaf);
	size_t n = dict ? dict->count : leaf->values;
	for (size_t i = 0; i < n; i++) {
		struct pq_bounds one = {{.known = true, .exact = true, .len = (uint8_t)leaf->width}, {0}};
		if (dict && !used[i])
			continue;
		memcpy(one.min.v.bytes,
			dict ? (const unsigned char *)pq_dict_bytes(dict, i) : leaf->plain + i * leaf->width,
			leaf->width);
		one.max = one.min;
		pq_bounds_merge(PQ_BIG, bounds, &one);
	}
}

/* Numbers of `width` bytes, `stride` bytes apart; only those that are `used` count (NULL: all). */
struct pq_numbers {
	const unsigned char *p, *used;
	size_t n;
	uint32_t stride, width;
};

static inline int64_t whole_at(const unsigned char *p, uint32_t width)
{
	int32_t narrow;
	int64_t wide;
	if (width == 1)
		return *p;
	if (width == 4) {
		memcpy(&narrow, p, 4);
		return narrow;
	}
	memcpy(&wide, p, 8);
	return wide;
}

static inline double real_at(const unsigned char *p, uint32_t width)
{
	float narrow;
	double wide;
	if (width == 4) {
		memcpy(&narrow, p, 4);
		return (double)narrow;
	}
	memcpy(&wide, p, 8);
	return wide;
}

static void whole_bounds(const struct pq_numbers *in, struct pq_bounds *bounds)
{
	int64_t min = INT64_MAX, max = INT64_MIN;
	for (size_t i = 0; i < in->n; i++) {
		int64_t v = whole_at(in->p + i * in->stride, in->width);
		if (in->used && !in->used[i])
			continue;
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	bounds->min.v.i = min;
	bounds->max.v.i = max;
}

/* A page with a NaN has no bounds: engines do not agree on whether it is greater than all numbers. */
static void real_bounds(const struct pq_numbers *in, struct pq_page *page)
{
	double min = INFINITY, max = -INFINITY;
	for (size_t i = 0; i < in->n; i++) {
		double v = real_at(in->p + i * in->stride, in->width);
		if (in->used && !in->used[i])
			continue;
		page->has_nan |= v != v;
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	page->bounds.min.v.d = min == 0 ? -0.0 : min;
	page->bounds.max.v.d = max == 0 ? 0.0 : max;
	page->bounds.min.known = page->bounds.max.known = !page->has_nan;
}

void pq_page_bounds(const struct pq_leaf *leaf, const unsigned char *used, struct pq_page *page)
{
	struct pq_bounds *bounds = &page->bounds;
	const struct pq_dict *dict = dict_of(leaf);
	enum pq_order order = pq_order_of(leaf->field);
	if (!page->values)
		return;
	if (order == PQ_BYTEWISE) {
		bytes_bounds(leaf, used, bounds);
		return;
	}
	if (order == PQ_BIG) {
		big_bounds(leaf, used, bounds);
		return;
	}
	struct pq_numbers in = {leaf->plain, NULL, leaf->values, leaf->width, leaf->width};
	if (dict)
		in = (struct pq_numbers){(const unsigned char *)dict->numbers, used, dict->count, 8, leaf->width};
	bounds->min.known = bounds->max.known = bounds->min.exact = bounds->max.exact = true;
	if (order == PQ_FLOATING)
		real_bounds(&in, page);
	else
		whole_bounds(&in, bounds);
}
