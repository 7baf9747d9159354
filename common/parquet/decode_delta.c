/* Values by differences, and in split streams: see decode.h. */
#include <errno.h>
#include <string.h>

#include "common/parquet/decode.h"

static int malformed(struct pq_decode *d)
{
	d->why = "a page of differences is malformed";
	return -EBADMSG;
}

static int too_large(struct pq_decode *d)
{
	d->why = "its values need more memory than is allowed";
	return -EFBIG;
}

static int unknown(struct pq_decode *d)
{
	d->why = "encoding";
	d->unknown = d->encoding;
	return -ENOTSUP;
}

/* Begin numbers that all values of the page have; d->p is after them. */
static int begin(struct pq_decode *d, struct delta_reader *in, bool last)
{
	if (delta_begin(in, d->p, (size_t)(d->end - d->p)) < 0 || in->count != d->all)
		return malformed(d);
	if (last)
		return 0;
	struct delta_reader end = *in;
	return delta_end(&end, &d->p) < 0 ? malformed(d) : 0;
}

int pq_decode_delta_page(struct pq_decode *d)
{
	bool numbers = d->encoding == PQ_DELTA_BINARY_PACKED, prefixes = d->encoding == PQ_DELTA_BYTE_ARRAY;
	bool fits = numbers ? d->physical == PQ_INT32 || d->physical == PQ_INT64
			    : d->physical == PQ_BYTE_ARRAY || (prefixes && d->physical == PQ_FIXED);
	if (!fits)
		return unknown(d);
	if (!d->all && d->p == d->end) /* a page of nulls may have nothing at all */
		return 0;
	if (prefixes && begin(d, &d->prefixes, false) < 0)
		return -EBADMSG;
	if (!d->last.s)
		strbuf_init(&d->last);
	strbuf_clear(&d->last);
	return begin(d, &d->numbers, numbers);
}

static int take_numbers(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (pq_budget_room(d->budget, &d->lengths, &d->lengths_room, n, sizeof *d->lengths, false) < 0 ||
		pq_budget_room(d->budget, &d->fixed, &d->fixed_room, n * d->width, 1, false) < 0)
		return too_large(d);
	if (delta_take(&d->numbers, d->lengths, n) < 0)
		return malformed(d);
	if (d->width == 8)
		memcpy(d->fixed, d->lengths, n * 8);
	for (size_t i = 0; d->width == 4 && i < n; i++) {
		int32_t v = (int32_t)(uint32_t)(uint64_t)d->lengths[i];
		memcpy(d->fixed + 4 * i, &v, 4);
	}
	ret->data = d->fixed;
	return 0;
}

/* The next N byte arrays, or what follows their prefixes, by their lengths. */
static int take_suffixes(struct pq_decode *d, size_t n)
{
	if (pq_budget_room(d->budget, &d->lengths, &d->lengths_room, n, sizeof *d->lengths, false) < 0 ||
		pq_budget_room(d->budget, &d->bytes, &d->bytes_room, n, sizeof *d->bytes, false) < 0)
		return too_large(d);
	if (delta_take(&d->numbers, d->lengths, n) < 0)
		return malformed(d);
	for (size_t i = 0; i < n; i++) {
		if (d->lengths[i] < 0 || d->lengths[i] > d->end - d->p)
			return malformed(d);
		d->bytes[i] = (struct pq_bytes){d->p, (size_t)d->lengths[i]};
		d->p += d->lengths[i];
	}
	return 0;
}

/* A value of which the first LEN bytes are those of BEFORE and the others SUFFIX. */
static int join(struct pq_decode *d, const struct pq_bytes *before, size_t len, struct pq_bytes *suffix)
{
	if (!len)
		return 0;
	size_t size = len + suffix->len, cost = arena_cost(&d->made, size);
	if (pq_budget_take(d->budget, cost) < 0)
		return too_large(d);
	char *made = arena_bytes(&d->made, size);
	memcpy(made, before->s, len);
	memcpy(made + len, suffix->s, suffix->len);
	*suffix = (struct pq_bytes){(const unsigned char *)made, size};
	return 0;
}

static int take_prefixed(struct pq_decode *d, size_t n)
{
	struct pq_bytes before = {(const unsigned char *)d->last.s, d->last.len};
	int r = take_suffixes(d, n);
	if (r < 0)
		return r;
	if (delta_take(&d->prefixes, d->lengths, n) < 0)
		return malformed(d);
	for (size_t i = 0; i < n; i++) {
		if (d->lengths[i] < 0 || (uint64_t)d->lengths[i] > before.len)
			return malformed(d);
		r = join(d, &before, (size_t)d->lengths[i], &d->bytes[i]);
		if (r < 0)
			return r;
		before = d->bytes[i];
	}
	if (n) {
		struct strbuf last = STRBUF_INIT; /* BEFORE may lie in the old one */
		strbuf_add(&last, before.s, before.len);
		strbuf_release(&d->last);
		d->last = last;
	}
	return 0;
}

/* Values of a fixed width that are encoded as byte arrays. */
static int gather(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (pq_budget_room(d->budget, &d->fixed, &d->fixed_room, n * d->width, 1, false) < 0)
		return too_large(d);
	for (size_t i = 0; i < n; i++) {
		if (d->bytes[i].len != d->width)
			return malformed(d);
		memcpy(d->fixed + i * d->width, d->bytes[i].s, d->width);
	}
	ret->data = d->fixed;
	return 0;
}

int pq_decode_delta_take(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (d->encoding == PQ_DELTA_BINARY_PACKED)
		return take_numbers(d, n, ret);
	int r = d->encoding == PQ_DELTA_BYTE_ARRAY ? take_prefixed(d, n) : take_suffixes(d, n);
	if (r == 0 && d->width)
		return gather(d, n, ret);
	ret->bytes = d->bytes;
	return r;
}

int pq_decode_split_take(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (pq_budget_room(d->budget, &d->fixed, &d->fixed_room, n * d->width, 1, false) < 0)
		return too_large(d);
	for (size_t k = 0; k < d->width; k++) {
		const unsigned char *stream = d->p + k * d->all + d->done;
		for (size_t i = 0; i < n; i++)
			d->fixed[i * d->width + k] = stream[i];
	}
	ret->data = d->fixed;
	return 0;
}
