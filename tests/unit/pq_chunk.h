/* For tests of Parquet files: all levels and values of a column chunk at once. */
#ifndef WEIR_TESTS_PQ_CHUNK_H
#define WEIR_TESTS_PQ_CHUNK_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/parquet/entries.h"
#include "common/parquet/leaf_type.h"

/* The decoded contents of a chunk. */
struct pq_values {
	size_t entries, count; /* the number of levels, and of values that are not null */
	uint8_t *def, *rep;    /* NULL when the leaf's greatest level is 0 */
	/*
	 * Values with a width take `width` bytes each, as in PLAIN, and booleans a byte.  For byte arrays the width is
	 * 0, and value i is the bytes from end[i - 1] (0 for the first) to end[i].
	 */
	unsigned char *data;
	size_t *end;
	size_t width;
};

#define CHUNK_SOME 4096 /* entries that are taken at once */

/* Limit for the decoded values of a chunk: a page of a few bytes may say that a long value is repeated very often. */
#define CHUNK_BYTES (UINT64_C(1) << 30)

/* A chunk that is being decoded. */
struct chunk_reader {
	struct pq_entries entries;
	struct pq_budget budget;
	struct pq_values *out;
	size_t def_room, rep_room, end_room, data_room; /* of out */
	size_t bytes;                                   /* of out->data */
	const unsigned char *pages;
	uint64_t at, len; /* where PAGES are in the file */
	struct strbuf *err;
};

static inline int chunk_memory(void *arg, uint64_t at, void *to, size_t n, struct strbuf *err)
{
	const struct chunk_reader *c = arg;
	if (at < c->at || at - c->at > c->len || n > c->len - (at - c->at)) {
		strbuf_addstr(err, "a column chunk is cut");
		return -EBADMSG;
	}
	memcpy(to, c->pages + (at - c->at), n);
	return 0;
}

static inline int chunk_room(struct chunk_reader *c, void *p, size_t *have, size_t need, size_t size)
{
	if (pq_budget_room(&c->budget, p, have, need, size, true) == 0)
		return 0;
	return pq_pages_fail(&c->entries.pages, -EBADMSG, "its values are larger than what is read here", c->err);
}

/* Append the LEN bytes of a byte array, or of values of a fixed width. */
static inline int chunk_add(struct chunk_reader *c, const void *s, size_t len)
{
	int r = chunk_room(c, &c->out->data, &c->data_room, c->bytes + len + 1, 1);
	if (r == 0 && len)
		memcpy(c->out->data + c->bytes, s, len);
	c->bytes += r == 0 ? len : 0;
	return r;
}

static inline int chunk_add_value(struct chunk_reader *c, const struct pq_decoded *from, size_t i)
{
	const struct pq_decoded *values = from->index ? &c->entries.dictionary : from;
	size_t k = from->index ? from->index[i] : i, width = c->out->width;
	int r = width ? chunk_add(c, values->data + k * width, width)
		      : chunk_add(c, values->bytes[k].s, values->bytes[k].len);
	if (r == 0 && !width)
		c->out->end[c->out->count] = c->bytes;
	c->out->count++;
	return r;
}

static inline int chunk_add_piece(struct chunk_reader *c, const struct pq_piece *piece)
{
	struct pq_values *out = c->out;
	int r = 0;
	if (out->width && !piece->decoded.index && piece->values) {
		r = chunk_add(c, piece->decoded.data, piece->values * out->width);
		out->count += piece->values;
		return r;
	}
	if (!out->width)
		r = chunk_room(c, &out->end, &c->end_room, out->count + piece->values + 1, sizeof *out->end);
	for (size_t i = 0; r == 0 && i < piece->values; i++)
		r = chunk_add_value(c, &piece->decoded, i);
	return r;
}

static inline int chunk_take(struct chunk_reader *c, const struct pq_file_leaf *leaf)
{
	struct pq_values *out = c->out;
	struct pq_piece piece;
	size_t n = c->entries.left < CHUNK_SOME ? c->entries.left : CHUNK_SOME;
	int r = chunk_room(c, &out->def, &c->def_room, leaf->max_def ? out->entries + n : 0, 1);
	if (r == 0)
		r = chunk_room(c, &out->rep, &c->rep_room, leaf->max_rep ? out->entries + n : 0, 1);
	if (r < 0)
		return r;
	uint8_t *def = leaf->max_def ? out->def + out->entries : NULL;
	r = pq_entries_take(&c->entries, n, def, leaf->max_rep ? out->rep + out->entries : NULL, &piece, c->err);
	if (r < 0)
		return r;
	if (def && piece.present)
		memset(def, leaf->max_def, n);
	out->entries += n;
	r = chunk_add_piece(c, &piece);
	pq_entries_forget(&c->entries);
	return r;
}

static inline void chunk_release(struct pq_values *values)
{
	free(values->def);
	free(values->rep);
	free(values->data);
	free(values->end);
	*values = (struct pq_values){0};
}

/*
 * Decode a column chunk of a file in memory; *ret must be released.  -EBADMSG: it is malformed; -ENOTSUP: it has an
 * encoding or a codec that is not read; *ret is empty then.
 */
static inline int chunk_read(
	const struct pq_file *file, size_t group, size_t number, struct pq_values *ret, struct strbuf *err)
{
	const struct pq_file_leaf *leaf = &file->leaf[number];
	const struct pq_file_chunk *chunk = &file->group[group].chunks[number];
	struct chunk_reader c = {.budget = {.limit = CHUNK_BYTES},
		.out = ret,
		.pages = file->data + chunk->start,
		.at = (uint64_t)chunk->start,
		.len = (uint64_t)chunk->len,
		.err = err};
	const struct pq_source source = {.read = chunk_memory, .arg = &c, .size = c.at + c.len};
	struct pq_unpacker *unpacker = pq_unpacker_new();
	int r = 1;
	*ret = (struct pq_values){.width = pq_physical_width(leaf->element)};
	pq_entries_init(
		&c.entries, &source, leaf, &c.budget, unpacker, c.len < CHUNK_SOME ? c.len : c.len / 4 + CHUNK_SOME);
	pq_entries_begin(&c.entries, chunk, (uint64_t)file->group[group].rows, NULL);
	while (r > 0) {
		r = pq_entries_page(&c.entries, err);
		int failed = r > 0 ? chunk_take(&c, leaf) : 0;
		if (failed < 0)
			r = failed;
	}
	pq_entries_release(&c.entries);
	pq_unpacker_free(unpacker);
	if (r < 0)
		chunk_release(ret);
	return r;
}

#endif
