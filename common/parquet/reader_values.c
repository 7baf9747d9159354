/* The values of pages, decoded: see reader_impl.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/hybrid.h"
#include "common/parquet/reader_impl.h"

/* Limit for the decoded values of a chunk: a page of a few bytes may say that a long value is repeated very often. */
#define CHUNK_BYTES (UINT64_C(1) << 30)

int pq_malformed(struct pq_decoder *d, const char *what)
{
	strbuf_addf(d->err, "column '%s': %s", d->leaf->path, what);
	return -EBADMSG;
}

int pq_unknown(struct pq_decoder *d, const char *what, int number)
{
	strbuf_addf(d->err, "column '%s' uses %s %d, which is not read here", d->leaf->path, what, number);
	return -ENOTSUP;
}

void *pq_more(void *p, size_t *room, size_t need, size_t size)
{
	if (need <= *room)
		return p;
	*room = need > 2 * *room ? need : 2 * *room;
	return xreallocarray(p, *room, size);
}

static int too_large(struct pq_decoder *d)
{
	return pq_malformed(d, "its values are larger than what is read here");
}

/*
 * Make room for N values that have LEN bytes together; returns a pointer to it, or NULL when there would be too many
 * bytes.
 */
static unsigned char *add_values(struct pq_values *v, size_t *room, size_t *data_room, size_t n, size_t len)
{
	size_t have = v->width ? v->count * v->width : v->count ? v->end[v->count - 1] : 0;
	if (have + len > CHUNK_BYTES)
		return NULL;
	v->data = pq_more(v->data, data_room, have + len + 1, 1);
	if (!v->width)
		v->end = pq_more(v->end, room, v->count + n + 1, sizeof *v->end);
	return v->data + have;
}

static int plain_bytes(struct pq_decoder *d, const unsigned char *p, size_t len, size_t n, struct pq_values *v,
	size_t *room, size_t *data_room)
{
	unsigned char *to = add_values(v, room, data_room, n, len);
	if (!to)
		return too_large(d);
	for (; n; n--) {
		uint32_t each;
		if (len < 4)
			return pq_malformed(d, "a page of byte arrays is cut");
		memcpy(&each, p, 4);
		p += 4;
		len -= 4;
		if (each > len)
			return pq_malformed(d, "a byte array is longer than its page");
		memcpy(to, p, each);
		to += each;
		p += each;
		len -= each;
		v->end[v->count++] = (size_t)(to - v->data);
	}
	return 0;
}

int pq_read_plain(struct pq_decoder *d, const unsigned char *p, size_t len, size_t n, struct pq_values *v, size_t *room,
	size_t *data_room)
{
	bool bits = d->leaf->element->physical == PQ_BOOLEAN;
	if (n > (bits ? 8 * len : len / (v->width ? v->width : 4)))
		return pq_malformed(d, "a page has fewer values than it says");
	if (!v->width)
		return plain_bytes(d, p, len, n, v, room, data_room);
	unsigned char *to = add_values(v, room, data_room, n, n * v->width);
	if (!to)
		return too_large(d);
	if (bits)
		for (size_t i = 0; i < n; i++)
			to[i] = p[i / 8] >> i % 8 & 1;
	else if (n)
		memcpy(to, p, n * v->width);
	v->count += n;
	return 0;
}

/* Append value K of the dictionary. */
static int add_from_dict(struct pq_decoder *d, size_t k)
{
	struct pq_values *v = d->out, *dict = &d->dict;
	size_t from = v->width ? k * v->width : k ? dict->end[k - 1] : 0;
	size_t len = v->width ? v->width : dict->end[k] - from;
	unsigned char *to = add_values(v, &d->value_room, &d->data_room, 1, len);
	if (!to)
		return too_large(d);
	memcpy(to, dict->data + from, len);
	if (!v->width)
		v->end[v->count] = (size_t)(to - v->data) + len;
	v->count++;
	return 0;
}

static int indexes(struct pq_decoder *d, const unsigned char *p, size_t len, size_t n)
{
	if (!n)
		return 0;
	if (!len || *p > 32)
		return pq_malformed(d, "the indexes of a page have no width");
	uint32_t *index = xcalloc(n, sizeof *index);
	int r = hybrid_decode(p + 1, len - 1, *p, index, n);
	if (r < 0)
		pq_malformed(d, "indexes are malformed");
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (index[i] >= d->dict.count)
			r = pq_malformed(d, "an index is beyond the dictionary");
		else
			r = add_from_dict(d, index[i]);
	}
	free(index);
	return r;
}

/* Decode booleans that are stored as runs. */
static int runs(struct pq_decoder *d, const unsigned char *p, size_t len, size_t n)
{
	uint32_t size = 0, *bits = xcalloc(n ? n : 1, sizeof *bits);
	if (len >= 4)
		memcpy(&size, p, 4);
	int r = len < 4 || size > len - 4 ? -EBADMSG : hybrid_decode(p + 4, size, 1, bits, n);
	if (r == 0) {
		unsigned char *to = add_values(d->out, &d->value_room, &d->data_room, n, n);
		for (size_t i = 0; to && i < n; i++)
			to[i] = (unsigned char)bits[i];
		d->out->count += to ? n : 0;
		r = to ? 0 : -EBADMSG;
	}
	free(bits);
	return r < 0 ? pq_malformed(d, "a page of booleans is malformed") : 0;
}

int pq_read_values(struct pq_decoder *d, int encoding, const unsigned char *p, size_t len, size_t n)
{
	if (encoding == PQ_PLAIN)
		return pq_read_plain(d, p, len, n, d->out, &d->value_room, &d->data_room);
	if (encoding == PQ_RLE_DICTIONARY || encoding == PQ_PLAIN_DICTIONARY)
		return indexes(d, p, len, n);
	if (encoding == PQ_RLE && d->leaf->element->physical == PQ_BOOLEAN)
		return runs(d, p, len, n);
	return pq_unknown(d, "encoding", encoding);
}
