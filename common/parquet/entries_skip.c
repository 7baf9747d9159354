/* Skipping rows of a column chunk: see entries.h. */
#include <errno.h>

#include "common/parquet/entries.h"

#define SOME 1024 /* levels that are looked at at once */

/* The number of the page in which ROW lies. */
static size_t find_place(const struct pq_places *places, uint64_t row)
{
	size_t low = 0, high = places->count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (places->page[middle].row <= row)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The dictionary comes before all pages to which one may jump. */
static int need_dictionary(struct pq_entries *e, struct strbuf *err)
{
	struct pq_page_head head;
	if (e->pages.pos != (uint64_t)e->pages.chunk->start)
		return 0;
	int r = pq_pages_next(&e->pages, &head, err);
	if (r > 0 && head.type == PQ_DICTIONARY_PAGE)
		r = pq_entries_read(e, &head, err);
	return r < 0 ? r : 0;
}

/* Go to the page in which row TARGET lies, when it is known where that is, and that it is not the current one. */
static int jump(struct pq_entries *e, uint64_t target, struct strbuf *err)
{
	const struct pq_page_place *place;
	if (!e->places || target >= e->rows)
		return 0;
	place = &e->places->page[find_place(e->places, target)];
	if (place->row <= e->row)
		return 0;
	int r = need_dictionary(e, err);
	if (r == 0)
		r = pq_pages_seek(&e->pages, place->offset, err);
	if (r < 0)
		return r;
	e->left = 0;
	e->row = e->entries = place->row;
	e->jumped = e->pages.leaf->max_rep != 0;
	return 0;
}

/* Skip whole pages that lie before row TARGET without reading them, and read the one after them. */
static int pass_pages(struct pq_entries *e, uint64_t target, struct strbuf *err)
{
	bool lists = e->pages.leaf->max_rep != 0;
	while (!e->left) {
		struct pq_page_head head;
		int r = pq_pages_next(&e->pages, &head, err);
		if (r == 0)
			return pq_pages_fail(&e->pages, -EBADMSG, "there are too few pages", err);
		if (r < 0)
			return r;
		/* only pages V2 say how many rows they have, when these are not entries */
		bool data = head.type == PQ_DATA_PAGE || head.type == PQ_DATA_PAGE_V2;
		int64_t rows = lists ? head.rows : head.entries;
		if (data && rows >= 0 && (uint64_t)rows <= target - e->row) {
			pq_pages_skip(&e->pages, &head);
			e->row += (uint64_t)rows;
			e->entries += (uint64_t)head.entries;
			if (e->row == target)
				return 0;
			continue;
		}
		r = pq_entries_read(e, &head, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Skip N entries of the page. */
static int skip_entries(struct pq_entries *e, size_t n, struct strbuf *err)
{
	const struct pq_file_leaf *leaf = e->pages.leaf;
	size_t values = n;
	uint32_t greatest;
	int r = leaf->max_rep ? hybrid_skip(&e->rep, n) : 0;
	e->left -= n;
	e->entries += n;
	if (!e->left) /* nothing of the page is needed any more */
		return 0;
	if (r == 0 && leaf->max_def) {
		r = hybrid_count(&e->def, n, leaf->max_def, &values, &greatest);
		r = r < 0 ? r : hybrid_skip(&e->def, n);
	}
	if (r == 0)
		r = pq_decode_skip(&e->decode, values);
	return r < 0 ? pq_pages_fail(&e->pages, r, e->decode.why ? e->decode.why : "levels are malformed", err) : 0;
}

/* Skip what the page has of ROWS rows: *ROWS is what is left. */
static int skip_rows(struct pq_entries *e, uint64_t *rows, struct strbuf *err)
{
	uint8_t rep[SOME];
	while (e->left) {
		uint64_t before = *rows;
		size_t most = e->pages.leaf->max_rep ? SOME : e->left;
		size_t n = pq_entries_of_rows(e, most, rep, rows);
		if (!n)
			return 0;
		e->row += before - *rows;
		int r = skip_entries(e, n, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int pq_entries_skip(struct pq_entries *e, uint64_t rows, struct strbuf *err)
{
	uint64_t target = e->row + rows;
	if (!rows)
		return 0;
	int r = jump(e, target, err);
	rows = target - e->row;
	while (r >= 0 && rows) {
		if (!e->left)
			r = pass_pages(e, target, err);
		rows = target - e->row;
		if (r == 0 && rows)
			r = skip_rows(e, &rows, err);
	}
	/* a list may go on in the next page */
	while (r >= 0 && e->pages.leaf->max_rep && !e->left) {
		uint64_t none = 0;
		r = pq_entries_page(e, err);
		if (r <= 0)
			break;
		r = skip_rows(e, &none, err);
	}
	return r < 0 ? r : 0;
}
