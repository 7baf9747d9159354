/* Pages of a leaf: see page.h. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/base/alloc.h"
#include "common/parquet/hybrid.h"
#include "common/parquet/page.h"
#include "common/parquet/page_bounds.h"
#include "common/parquet/thrift.h"

#define PAGE_MAX (INT32_MAX - 1024) /* limit of a body in bytes, because headers store it in an i32 */

static unsigned index_width(const struct pq_dict *dict)
{
	return dict->count > 1 ? hybrid_width((uint32_t)dict->count - 1) : 1;
}

size_t pq_page_size(const struct pq_leaf *leaf)
{
	if (leaf->chunk->coding)
		return (leaf->chunk->coded + leaf->values) * index_width(leaf->chunk->dict) / 8;
	if (leaf->physical == PQ_BOOLEAN)
		return leaf->values / 8;
	return leaf->width ? leaf->values * leaf->width : leaf->used;
}

/* How many bytes the values of a page with a dictionary would take without it. */
static size_t plain_size(const struct pq_leaf *leaf)
{
	const struct pq_chunk *chunk = leaf->chunk;
	if (leaf->width)
		return chunk->coded * leaf->width;
	size_t sum = 4 * chunk->coded;
	for (size_t i = 0; i < chunk->coded; i++)
		sum += chunk->dict->lens[chunk->index[i]];
	return sum;
}

/* Only the first page shows whether a dictionary pays; later pages only add indexes. */
static bool pays(const struct pq_leaf *leaf)
{
	const struct pq_chunk *chunk = leaf->chunk;
	return chunk->count || !chunk->coded || chunk->dict->size + pq_page_size(leaf) < plain_size(leaf);
}

static size_t put_levels(const uint8_t *levels, size_t n, unsigned max, unsigned char *to)
{
	if (!max)
		return 0;
	uint32_t len = (uint32_t)hybrid_encode_levels(levels, n, hybrid_width(max), to + 4);
	memcpy(to, &len, 4);
	return len + 4;
}

/* The lowest bit first. */
static size_t put_bits(const unsigned char *v, size_t n, unsigned char *to)
{
	memset(to, 0, n / 8 + 1);
	for (size_t i = 0; i < n; i++)
		to[i / 8] |= (unsigned char)(v[i] << i % 8);
	return (n + 7) / 8;
}

/* USED gets a byte for each value of the dictionary. */
static size_t put_indexes(const struct pq_chunk *chunk, unsigned char *used, unsigned char *to)
{
	memset(used, 0, chunk->dict->count);
	for (size_t i = 0; i < chunk->coded; i++)
		used[chunk->index[i]] = 1;
	*to = (unsigned char)index_width(chunk->dict);
	return 1 + hybrid_encode(chunk->index, chunk->coded, *to, to + 1);
}

static size_t put_values(const struct pq_leaf *leaf, unsigned char *used, unsigned char *to)
{
	if (leaf->chunk->coded)
		return put_indexes(leaf->chunk, used, to);
	if (!leaf->values)
		return 0;
	if (leaf->physical == PQ_BOOLEAN)
		return put_bits(leaf->plain, leaf->values, to);
	size_t len = pq_page_size(leaf);
	memcpy(to, leaf->plain, len);
	return len;
}

static void put_head(
	struct strbuf *to, const struct pq_page *page, enum pq_page_type type, size_t size, size_t len, uint32_t crc)
{
	struct thrift_out t = {.to = to};
	thrift_begin(&t, 0);
	thrift_i32(&t, 1, type);
	thrift_i32(&t, 2, (int32_t)size);
	thrift_i32(&t, 3, (int32_t)len);
	thrift_i32(&t, 4, (int32_t)crc);
	thrift_begin(&t, type == PQ_DATA_PAGE ? 5 : 7);
	thrift_i32(&t, 1, (int32_t)page->entries);
	if (type == PQ_DATA_PAGE) {
		thrift_i32(&t, 2, page->dict ? PQ_RLE_DICTIONARY : PQ_PLAIN);
		thrift_i32(&t, 3, PQ_RLE);
		thrift_i32(&t, 4, PQ_RLE);
	} else {
		thrift_i32(&t, 2, PQ_PLAIN);
	}
	thrift_end(&t);
	thrift_end(&t);
}

/* Compress the SIZE bytes of BODY and put them into PAGE, after their header. */
static int pack(const struct pq_leaf *leaf, struct pq_page *page, enum pq_page_type type, const unsigned char *body,
	size_t size, struct strbuf *err)
{
	const void *data;
	size_t len;
	struct strbuf head = STRBUF_INIT;
	uint32_t width = page->dict ? 0 : leaf->width;
	int r = pq_compress(leaf->settings->codec, body, size, width, &data, &len, err);
	if (r < 0)
		return r;
	if (size > PAGE_MAX || len > PAGE_MAX) {
		strbuf_addstr(err, "a page would have more than 2 GiB");
		return -EFBIG;
	}
	put_head(&head, page, type, size, len, (uint32_t)crc32_z(0, data, len));
	page->len = head.len + len;
	page->size = head.len + size;
	page->data = xmalloc(page->len);
	memcpy(page->data, head.s, head.len);
	if (len)
		memcpy(page->data + head.len, data, len);
	strbuf_release(&head);
	return 0;
}

static void add_to_bloom(const struct pq_leaf *leaf)
{
	struct pq_bloom *bloom = leaf->chunk->bloom;
	/* the values of a dictionary are added to the filter together with it */
	for (size_t i = 0; bloom && i < leaf->values; i++) {
		const unsigned char *value = leaf->plain + (leaf->width ? i * leaf->width : leaf->at[i] + 4u);
		uint32_t len = leaf->width;
		if (!len)
			memcpy(&len, value - 4, 4);
		pq_bloom_add(bloom, value, len);
	}
}

static void add_page(struct pq_chunk *chunk, const struct pq_page *page)
{
	if (chunk->count == chunk->room) {
		chunk->room = chunk->room ? 2 * chunk->room : 4;
		chunk->pages = xreallocarray(chunk->pages, chunk->room, sizeof *chunk->pages);
	}
	chunk->pages[chunk->count] = *page;
	chunk->rows += page->rows;
	chunk->len += page->len;
	chunk->size += page->size;
	chunk->count++;
}

int pq_page_cut(struct pq_leaf *leaf, struct strbuf *err)
{
	if (!leaf->entries)
		return 0;
	struct pq_chunk *chunk = leaf->chunk;
	if (chunk->coding) {
		pq_leaf_code(leaf);
		if (!pays(leaf))
			pq_leaf_plain(leaf);
	}
	struct pq_page page = {.first_row = chunk->rows,
		.entries = leaf->entries,
		.values = chunk->coded + leaf->values,
		.rows = leaf->records,
		.dict = chunk->coded > 0};
	size_t marks = page.dict ? chunk->dict->count : 0;
	size_t levels = hybrid_room(leaf->entries, hybrid_width(leaf->max_def)) +
			hybrid_room(leaf->entries, hybrid_width(leaf->max_rep));
	size_t values = page.dict ? hybrid_room(chunk->coded, index_width(chunk->dict)) : pq_page_size(leaf) + 8;
	unsigned char *used = pq_codec_scratch(leaf->settings->codec, marks + levels + values);
	unsigned char *body = used + marks, *p = body;
	p += put_levels(leaf->rep, leaf->entries, leaf->max_rep, p);
	p += put_levels(leaf->def, leaf->entries, leaf->max_def, p);
	p += put_values(leaf, used, p);
	pq_page_bounds(leaf, used, &page);
	add_to_bloom(leaf);
	int r = pack(leaf, &page, PQ_DATA_PAGE, body, (size_t)(p - body), err);
	if (r < 0)
		return r;
	add_page(chunk, &page);
	pq_leaf_next_page(leaf);
	return 0;
}

static void dict_to_bloom(const struct pq_dict *dict, struct pq_bloom *bloom)
{
	for (size_t i = 0; i < dict->count; i++) {
		if (dict->numbers)
			pq_bloom_add(bloom, &dict->numbers[i], dict->width);
		else
			pq_bloom_add(bloom, pq_dict_bytes(dict, i), dict->lens[i]);
	}
}

int pq_page_dict(struct pq_leaf *leaf, struct pq_page *ret, struct strbuf *err)
{
	const struct pq_dict *dict = leaf->chunk->dict;
	*ret = (struct pq_page){0};
	if (!dict || !dict->count)
		return 0;
	if (leaf->chunk->bloom)
		dict_to_bloom(dict, leaf->chunk->bloom);
	struct pq_codec *codec = leaf->settings->codec;
	unsigned char *body = pq_codec_scratch(codec, dict->size);
	pq_dict_plain(dict, body);
	ret->entries = dict->count;
	return pack(leaf, ret, PQ_DICTIONARY_PAGE, body, dict->size, err);
}
