/* Column chunks, decoded: see reader.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/base/alloc.h"
#include "common/parquet/codec.h"
#include "common/parquet/hybrid.h"
#include "common/parquet/reader_impl.h"

/* Limits of a page and of a chunk; files that claim more are refused. */
#define PAGE_BYTES    (256 << 20)
#define PAGE_ENTRIES  (1 << 26)
#define CHUNK_ENTRIES (1 << 28)

static size_t width_of(const struct pq_element *e)
{
	static const size_t widths[] = {[PQ_BOOLEAN] = 1,
		[PQ_INT32] = 4,
		[PQ_INT64] = 8,
		[PQ_INT96] = 12,
		[PQ_FLOAT] = 4,
		[PQ_DOUBLE] = 8,
		[PQ_BYTE_ARRAY] = 0};
	return e->physical == PQ_FIXED ? (size_t)e->length : widths[e->physical];
}

/* A page's body while it is being read. */
struct pq_rest {
	const unsigned char *p;
	size_t len;
};

/* The length of levels in bytes: KNOWN or, if that is -1 (V1), the number in their first four bytes. */
static int level_bytes(struct pq_decoder *d, struct pq_rest *rest, int64_t known, struct pq_rest *ret)
{
	uint32_t len = (uint32_t)known;
	if (known < 0) {
		if (rest->len < 4)
			return pq_malformed(d, "a page is cut");
		memcpy(&len, rest->p, 4);
		rest->p += 4;
		rest->len -= 4;
	}
	if (len > rest->len)
		return pq_malformed(d, "levels are longer than their page");
	*ret = (struct pq_rest){rest->p, len};
	rest->p += len;
	rest->len -= len;
	return 0;
}

/* Append N levels up to MAX to *TO, which has HAVE of them and room for *ROOM. */
static int read_levels(
	struct pq_decoder *d, struct pq_rest *rest, int64_t known, unsigned max, size_t n, uint8_t **to, size_t *room)
{
	struct pq_rest own = {0};
	int r = max || known > 0 ? level_bytes(d, rest, known, &own) : 0;
	if (r < 0 || !max)
		return r;
	uint32_t *level = xcalloc(n ? n : 1, sizeof *level);
	r = hybrid_decode(own.p, own.len, hybrid_width(max), level, n);
	*to = pq_more(*to, room, d->out->entries + n + 1, 1);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (level[i] > max)
			r = -EBADMSG;
		(*to)[d->out->entries + i] = (uint8_t)level[i];
	}
	free(level);
	return r < 0 ? pq_malformed(d, "levels are malformed") : 0;
}

/* The uncompressed body of a data page. */
static int data_page(struct pq_decoder *d, const struct pq_page_head *head, const unsigned char *body)
{
	bool second = head->type == PQ_DATA_PAGE_V2;
	struct pq_values *out = d->out;
	struct pq_rest rest = {body, (size_t)head->size};
	size_t n = (size_t)head->entries, present = n;
	if (!second && d->leaf->max_rep && head->rep_encoding != PQ_RLE)
		return pq_unknown(d, "encoding of levels", head->rep_encoding);
	if (!second && d->leaf->max_def && head->def_encoding != PQ_RLE)
		return pq_unknown(d, "encoding of levels", head->def_encoding);
	int r = read_levels(d, &rest, second ? head->rep_len : -1, d->leaf->max_rep, n, &out->rep, &d->rep_room);
	if (r == 0)
		r = read_levels(d, &rest, second ? head->def_len : -1, d->leaf->max_def, n, &out->def, &d->def_room);
	if (r < 0)
		return r;
	for (size_t i = 0; d->leaf->max_def && i < n; i++)
		present -= out->def[out->entries + i] < d->leaf->max_def;
	out->entries += n;
	return pq_read_values(d, head->encoding, rest.p, rest.len, present);
}

static int dictionary_page(struct pq_decoder *d, const struct pq_page_head *head, const unsigned char *body)
{
	size_t room = 0, data_room = 0;
	if (d->dict.data)
		return pq_malformed(d, "there are two dictionaries");
	if (d->leaf->element->physical == PQ_BOOLEAN)
		return pq_malformed(d, "booleans have a dictionary");
	return pq_read_plain(d, body, (size_t)head->size, (size_t)head->entries, &d->dict, &room, &data_room);
}

/* In a V2 page the levels come first and are not compressed. */
static int unpack(struct pq_decoder *d, const struct pq_page_head *head, const unsigned char *p, unsigned char *body)
{
	int64_t levels = head->type == PQ_DATA_PAGE_V2 ? head->def_len + head->rep_len : 0;
	int codec = head->compressed ? d->chunk->codec : PQ_NONE;
	if (levels > head->size || levels > head->len)
		return pq_malformed(d, "levels are longer than their page");
	if (levels)
		memcpy(body, p, (size_t)levels);
	return pq_decompress(
		codec, p + levels, (size_t)(head->len - levels), body + levels, (size_t)(head->size - levels), d->err);
}

static int page(struct pq_decoder *d, const struct pq_page_head *head, const unsigned char *p)
{
	if (head->size > PAGE_BYTES || head->entries > PAGE_ENTRIES ||
		head->entries > CHUNK_ENTRIES - (int64_t)d->out->entries)
		return pq_malformed(d, "a page is larger than what is read here");
	if (head->has_crc && head->crc != (uint32_t)crc32_z(0, p, (size_t)head->len))
		return pq_malformed(d, "a page's CRC is wrong");
	unsigned char *body = xmalloc((size_t)head->size + 1);
	int r = unpack(d, head, p, body);
	if (r == 0 && head->type == PQ_DICTIONARY_PAGE)
		r = dictionary_page(d, head, body);
	else if (r == 0)
		r = data_page(d, head, body);
	free(body);
	return r;
}

/* Decode pages of a chunk until it has all the entries that the footer promises. */
static int pages(struct pq_decoder *d, const unsigned char *p, size_t len)
{
	struct thrift_in t = {p, p + len, false};
	while ((int64_t)d->out->entries < d->chunk->entries) {
		struct pq_page_head head;
		pq_page_head_read(&t, &head);
		if (t.bad || head.len > t.end - t.p)
			return pq_malformed(d, "a page's header is malformed, or there are too few pages");
		bool known =
			head.type == PQ_DATA_PAGE || head.type == PQ_DATA_PAGE_V2 || head.type == PQ_DICTIONARY_PAGE;
		int r = known ? page(d, &head, t.p) : 0;
		if (r < 0)
			return r;
		t.p += head.len;
	}
	if ((int64_t)d->out->entries > d->chunk->entries)
		return pq_malformed(d, "there are more entries than it says");
	return 0;
}

int pq_chunk_read(const struct pq_file *file, size_t group, size_t leaf, const void *bytes, struct pq_values *ret,
	struct strbuf *err)
{
	const struct pq_file_chunk *chunk = &file->group[group].chunks[leaf];
	struct pq_decoder d = {.leaf = &file->leaf[leaf], .chunk = chunk, .out = ret, .err = err};
	*ret = (struct pq_values){.width = width_of(d.leaf->element)};
	d.dict.width = ret->width;
	int r = pages(&d, bytes, (size_t)chunk->len);
	pq_values_release(&d.dict);
	if (r < 0)
		pq_values_release(ret);
	return r;
}

int pq_file_read(const struct pq_file *file, size_t group, size_t leaf, struct pq_values *ret, struct strbuf *err)
{
	return pq_chunk_read(file, group, leaf, file->data + file->group[group].chunks[leaf].start, ret, err);
}
