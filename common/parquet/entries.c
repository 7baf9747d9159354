/* The entries of a column chunk: see entries.h. */
#include "common/parquet/entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/leaf_type.h"

void pq_entries_init(struct pq_entries *e, const struct pq_source *source, const struct pq_file_leaf *leaf,
	struct pq_budget *budget, struct pq_unpacker *unpacker, size_t window)
{
	const struct pq_decode decode = {.physical = (enum pq_physical)leaf->element->physical,
		.width = pq_physical_width(leaf->element),
		.budget = budget};
	e->pages = (struct pq_pages){
		.source = source, .budget = budget, .unpacker = unpacker, .leaf = leaf, .window = window};
	e->decode = e->dictionary_decode = decode;
}

void pq_entries_release(struct pq_entries *e)
{
	struct pq_budget *budget = e->pages.budget;
	if (!budget)
		return;
	pq_entries_forget(e);
	free(e->kept);
	pq_page_body_free(budget, &e->body);
	pq_page_body_free(budget, &e->spare);
	pq_page_body_free(budget, &e->dictionary_body);
	pq_decode_release(&e->decode);
	pq_decode_release(&e->dictionary_decode);
	pq_pages_release(&e->pages);
}

static int fail(struct pq_entries *e, const char *why, struct strbuf *err)
{
	return pq_pages_fail(&e->pages, -EBADMSG, why, err);
}

/* The values of a page fail with R. */
static int fail_values(struct pq_entries *e, const struct pq_decode *d, int r, struct strbuf *err)
{
	if (r != -ENOTSUP)
		return pq_pages_fail(&e->pages, r, d->why, err);
	strbuf_addf(err, "column '%s' uses %s %d, which is not read here", e->pages.leaf->path, d->why, d->unknown);
	return r;
}

void pq_entries_begin(
	struct pq_entries *e, const struct pq_file_chunk *chunk, uint64_t rows, const struct pq_places *places)
{
	pq_entries_forget(e);
	pq_pages_begin(&e->pages, chunk);
	e->places = places;
	e->rows = rows;
	e->row = e->entries = 0;
	e->jumped = false;
	e->left = 0;
	e->dictionary = (struct pq_decoded){0};
	e->dictionary_count = e->decode.dictionary = 0;
}

void pq_entries_forget(struct pq_entries *e)
{
	while (e->kept_count) {
		pq_page_body_free(e->pages.budget, &e->spare);
		e->spare = e->kept[--e->kept_count];
	}
	e->used = false;
	pq_decode_forget(&e->decode);
}

/* The page that is needed no longer as such may be needed for what was taken from it. */
static void keep_page(struct pq_entries *e)
{
	if (!e->used)
		return;
	if (e->kept_count == e->kept_room) {
		e->kept_room = 2 * e->kept_room + 2;
		e->kept = xreallocarray(e->kept, e->kept_room, sizeof *e->kept);
	}
	e->kept[e->kept_count++] = e->body;
	e->body = e->spare;
	e->spare = (struct pq_page_body){0};
	e->used = false;
}

/*
 * Levels up to MAX of the N entries of a page, at *P: after their length (KNOWN is -1, V1), or KNOWN bytes.  *RET_TOP:
 * how many of them are MAX.
 */
static int begin_levels(struct pq_entries *e, const unsigned char **p, const unsigned char *end, int64_t known,
	unsigned max, size_t n, struct hybrid_reader *ret, size_t *ret_top, struct strbuf *err)
{
	uint32_t len = (uint32_t)known, greatest = 0;
	*ret_top = n;
	if (!max && known <= 0)
		return 0;
	if (known < 0) {
		if (end - *p < 4)
			return fail(e, "a page is cut", err);
		memcpy(&len, *p, 4);
		*p += 4;
	}
	if (len > (size_t)(end - *p))
		return fail(e, "levels are longer than their page", err);
	hybrid_begin(ret, *p, len, hybrid_width(max));
	*p += len;
	if (max && (hybrid_count(ret, n, max, ret_top, &greatest) < 0 || greatest > max))
		return fail(e, "levels are malformed", err);
	return 0;
}

/* Begin the data page whose body was read. */
static int begin_data(struct pq_entries *e, const struct pq_page_head *head, struct strbuf *err)
{
	const struct pq_file_leaf *leaf = e->pages.leaf;
	bool second = head->type == PQ_DATA_PAGE_V2;
	const unsigned char *p = e->body.data, *end = p + head->size;
	size_t n = (size_t)head->entries, lists, present;
	bool odd = (leaf->max_rep && head->rep_encoding != PQ_RLE) || (leaf->max_def && head->def_encoding != PQ_RLE);
	if (!second && odd) {
		strbuf_addf(err, "column '%s' uses an encoding of levels that is not read here", leaf->path);
		return -ENOTSUP;
	}
	int r = begin_levels(e, &p, end, second ? head->rep_len : -1, leaf->max_rep, n, &e->rep, &lists, err);
	if (r == 0)
		r = begin_levels(e, &p, end, second ? head->def_len : -1, leaf->max_def, n, &e->def, &present, err);
	if (r < 0)
		return r;
	e->left = n;
	r = pq_decode_page(&e->decode, head->encoding, p, (size_t)(end - p), present);
	return r < 0 ? fail_values(e, &e->decode, r, err) : 0;
}

static int read_dictionary(struct pq_entries *e, const struct pq_page_head *head, struct strbuf *err)
{
	struct pq_decode *d = &e->dictionary_decode;
	size_t n = (size_t)head->entries;
	if (e->dictionary.data || e->dictionary.bytes)
		return fail(e, "there are two dictionaries", err);
	if (d->physical == PQ_BOOLEAN)
		return fail(e, "booleans have a dictionary", err);
	int r = pq_pages_body(&e->pages, head, &e->dictionary_body, err);
	if (r < 0)
		return r;
	r = pq_decode_page(d, PQ_PLAIN, e->dictionary_body.data, (size_t)head->size, n);
	if (r == 0)
		r = pq_decode_take(d, n, &e->dictionary);
	if (r < 0)
		return fail_values(e, d, r, err);
	e->dictionary_count = e->decode.dictionary = n;
	e->dictionary_new = true;
	return 0;
}

int pq_entries_read(struct pq_entries *e, const struct pq_page_head *head, struct strbuf *err)
{
	bool data = head->type == PQ_DATA_PAGE || head->type == PQ_DATA_PAGE_V2;
	if (head->type == PQ_DICTIONARY_PAGE)
		return read_dictionary(e, head, err);
	if (!data) {
		pq_pages_skip(&e->pages, head);
		return 0;
	}
	if (!e->jumped && (uint64_t)head->entries > (uint64_t)e->pages.chunk->entries - e->entries)
		return fail(e, "its pages have more entries than it says", err);
	keep_page(e);
	int r = pq_pages_body(&e->pages, head, &e->body, err);
	return r < 0 ? r : begin_data(e, head, err);
}

/* Whether all entries of the chunk were passed. */
static bool is_end(const struct pq_entries *e)
{
	return !e->jumped && !e->left && e->entries == (uint64_t)e->pages.chunk->entries;
}

int pq_entries_page(struct pq_entries *e, struct strbuf *err)
{
	while (!e->left) {
		struct pq_page_head head;
		if (is_end(e))
			return 0;
		int r = pq_pages_next(&e->pages, &head, err);
		if (r == 0 && e->jumped)
			return 0;
		if (r == 0)
			return fail(e, "there are too few pages", err);
		r = r < 0 ? r : pq_entries_read(e, &head, err);
		if (r < 0)
			return r;
	}
	return 1;
}

int pq_entries_take(
	struct pq_entries *e, size_t n, uint8_t *def, uint8_t *rep, struct pq_piece *ret, struct strbuf *err)
{
	const struct pq_file_leaf *leaf = e->pages.leaf;
	int r = leaf->max_rep ? hybrid_take_levels(&e->rep, rep, n) : 0;
	*ret = (struct pq_piece){.entries = n, .values = n, .present = true};
	if (r == 0 && leaf->max_def && !hybrid_take_run(&e->def, leaf->max_def, n)) {
		ret->present = false;
		r = hybrid_take_levels(&e->def, def, n);
		for (size_t i = 0; r == 0 && i < n; i++)
			ret->values -= def[i] != leaf->max_def;
	}
	if (r < 0)
		return fail(e, "levels are malformed", err);
	e->row += leaf->max_rep ? 0 : n;
	for (size_t i = 0; leaf->max_rep && i < n; i++)
		e->row += rep[i] == 0;
	e->entries += n;
	e->left -= n;
	e->used |= ret->values && !pq_decode_is_indexed(&e->decode);
	r = pq_decode_take(&e->decode, ret->values, &ret->decoded);
	return r < 0 ? fail_values(e, &e->decode, r, err) : 0;
}

size_t pq_entries_of_rows(const struct pq_entries *e, size_t n, uint8_t *rep, uint64_t *rows)
{
	struct hybrid_reader levels = e->rep;
	size_t i = 0;
	n = n < e->left ? n : e->left;
	if (!e->pages.leaf->max_rep) {
		n = *rows < n ? (size_t)*rows : n;
		*rows -= n;
		return n;
	}
	if (hybrid_take_levels(&levels, rep, n) < 0) /* they were all counted before */
		return 0;
	for (; i < n && (rep[i] || *rows); i++)
		*rows -= rep[i] == 0;
	return i;
}

int pq_entries_end(struct pq_entries *e, struct strbuf *err)
{
	int r = e->jumped ? 0 : pq_entries_page(e, err);
	return r > 0 ? fail(e, "it has more rows than its row group", err) : r;
}
