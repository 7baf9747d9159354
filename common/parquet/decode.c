/* The values of a page: see decode.h. */
#include "common/parquet/decode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/parquet/bits.h"

static int malformed(struct pq_decode *d, const char *why)
{
	d->why = why;
	return -EBADMSG;
}

static int too_large(struct pq_decode *d)
{
	d->why = "its values need more memory than is allowed";
	return -EFBIG;
}

void pq_decode_release(struct pq_decode *d)
{
	pq_decode_forget(d);
	pq_budget_free(d->budget, &d->fixed, &d->fixed_room, 1);
	pq_budget_free(d->budget, &d->bytes, &d->bytes_room, sizeof *d->bytes);
	pq_budget_free(d->budget, &d->index, &d->index_room, sizeof *d->index);
	pq_budget_free(d->budget, &d->lengths, &d->lengths_room, sizeof *d->lengths);
	if (d->last.s)
		strbuf_release(&d->last);
}

void pq_decode_forget(struct pq_decode *d)
{
	pq_budget_give(d->budget, d->made.bytes);
	arena_release(&d->made);
}

bool pq_decode_is_indexed(const struct pq_decode *d)
{
	return d->encoding == PQ_PLAIN_DICTIONARY || d->encoding == PQ_RLE_DICTIONARY;
}

static int indexed_page(struct pq_decode *d, size_t len)
{
	if (d->physical == PQ_BOOLEAN)
		return malformed(d, "booleans have a dictionary");
	if (d->all && (!len || *d->p > 32))
		return malformed(d, "the indexes of a page have no width");
	hybrid_begin(&d->runs, d->p + (len > 0), len - (len > 0), len ? *d->p : 0);
	return 0;
}

/* Booleans as runs, after their length. */
static int runs_page(struct pq_decode *d, size_t len)
{
	uint32_t size;
	if (len < 4)
		return d->all ? malformed(d, "a page of booleans is cut") : 0;
	memcpy(&size, d->p, 4);
	if (size > len - 4)
		return malformed(d, "a page of booleans is cut");
	hybrid_begin(&d->runs, d->p + 4, size, 1);
	return 0;
}

static int plain_page(struct pq_decode *d, size_t len)
{
	bool bits = d->physical == PQ_BOOLEAN;
	if (d->all > (bits ? 8 * len : len / (d->width ? d->width : 4)))
		return malformed(d, "a page has fewer values than it says");
	return 0;
}

static int unknown(struct pq_decode *d, int encoding)
{
	d->why = "encoding";
	d->unknown = encoding;
	return -ENOTSUP;
}

int pq_decode_page(struct pq_decode *d, int encoding, const unsigned char *p, size_t len, size_t n)
{
	d->encoding = encoding;
	d->p = p;
	d->end = p + len;
	d->left = d->all = n;
	d->done = 0;
	switch (encoding) {
	case PQ_PLAIN:
		return plain_page(d, len);
	case PQ_PLAIN_DICTIONARY:
	case PQ_RLE_DICTIONARY:
		return indexed_page(d, len);
	case PQ_RLE:
		return d->physical == PQ_BOOLEAN ? runs_page(d, len) : unknown(d, encoding);
	case PQ_DELTA_BINARY_PACKED:
	case PQ_DELTA_LENGTH_BYTE_ARRAY:
	case PQ_DELTA_BYTE_ARRAY:
		return pq_decode_delta_page(d);
	case PQ_BYTE_STREAM_SPLIT:
		if (d->physical == PQ_BOOLEAN || !d->width)
			return unknown(d, encoding);
		return plain_page(d, len);
	default:
		return unknown(d, encoding);
	}
}

static int take_bits(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (pq_budget_room(d->budget, &d->fixed, &d->fixed_room, n, 1, false) < 0)
		return too_large(d);
	for (size_t i = 0; i < n; i++)
		d->fixed[i] = d->p[(d->done + i) / 8] >> (d->done + i) % 8 & 1;
	ret->data = d->fixed;
	return 0;
}

static int take_runs(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (pq_budget_room(d->budget, &d->fixed, &d->fixed_room, n, 1, false) < 0)
		return too_large(d);
	if (hybrid_take_levels(&d->runs, d->fixed, n) < 0)
		return malformed(d, "a page of booleans is malformed");
	ret->data = d->fixed;
	return 0;
}

static int take_indexes(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	uint32_t most = 0;
	if (pq_budget_room(d->budget, &d->index, &d->index_room, n, sizeof *d->index, false) < 0)
		return too_large(d);
	if (hybrid_take(&d->runs, d->index, n) < 0)
		return malformed(d, "indexes are malformed");
	for (size_t i = 0; i < n; i++)
		most = d->index[i] > most ? d->index[i] : most;
	if (n && most >= d->dictionary)
		return malformed(d, "an index is beyond the dictionary");
	ret->index = d->index;
	return 0;
}

/* Pass N byte arrays, of which *TO (NULL: nobody) gets the places. */
static int walk_bytes(struct pq_decode *d, size_t n, struct pq_bytes *to)
{
	const unsigned char *p = d->p;
	for (size_t i = 0; i < n; i++) {
		uint32_t len;
		if (d->end - p < 4)
			return malformed(d, "a page of byte arrays is cut");
		memcpy(&len, p, 4);
		p += 4;
		if (len > (size_t)(d->end - p))
			return malformed(d, "a byte array is longer than its page");
		if (to)
			to[i] = (struct pq_bytes){p, len};
		p += len;
	}
	d->p = p;
	return 0;
}

static int take_plain(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	if (d->physical == PQ_BOOLEAN)
		return take_bits(d, n, ret);
	if (d->width) {
		ret->data = d->p;
		d->p += n * d->width;
		return 0;
	}
	if (pq_budget_room(d->budget, &d->bytes, &d->bytes_room, n, sizeof *d->bytes, false) < 0)
		return too_large(d);
	ret->bytes = d->bytes;
	return walk_bytes(d, n, d->bytes);
}

int pq_decode_take(struct pq_decode *d, size_t n, struct pq_decoded *ret)
{
	int r;
	*ret = (struct pq_decoded){0};
	if (n > d->left)
		return malformed(d, "a page has fewer values than it says");
	if (!n)
		return 0;
	switch (d->encoding) {
	case PQ_PLAIN:
		r = take_plain(d, n, ret);
		break;
	case PQ_PLAIN_DICTIONARY:
	case PQ_RLE_DICTIONARY:
		r = take_indexes(d, n, ret);
		break;
	case PQ_RLE:
		r = take_runs(d, n, ret);
		break;
	case PQ_BYTE_STREAM_SPLIT:
		r = pq_decode_split_take(d, n, ret);
		break;
	default:
		r = pq_decode_delta_take(d, n, ret);
	}
	d->done += n;
	d->left -= n;
	return r;
}

/* Encodings of which each value needs the one before are decoded. */
static int skip_other(struct pq_decode *d, size_t n)
{
	struct pq_decoded none;
	int r = 0;
	while (r == 0 && n) {
		size_t some = n < 1024 ? n : 1024;
		r = pq_decode_take(d, some, &none);
		n -= some;
	}
	return r;
}

int pq_decode_skip(struct pq_decode *d, size_t n)
{
	if (n > d->left)
		return malformed(d, "a page has fewer values than it says");
	switch (d->encoding) {
	case PQ_PLAIN:
		if (!d->width && walk_bytes(d, n, NULL) < 0)
			return -EBADMSG;
		d->p += d->physical == PQ_BOOLEAN ? 0 : n * d->width;
		break;
	case PQ_PLAIN_DICTIONARY:
	case PQ_RLE_DICTIONARY:
	case PQ_RLE:
		if (hybrid_skip(&d->runs, n) < 0)
			return malformed(d, "indexes are malformed");
		break;
	case PQ_BYTE_STREAM_SPLIT:
		break;
	default:
		return skip_other(d, n);
	}
	d->done += n;
	d->left -= n;
	return 0;
}
