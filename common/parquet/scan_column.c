/* A leaf's part of a batch: see scan.h. */
#include <errno.h>
#include <string.h>

#include "common/parquet/scan_impl.h"

#define SOME 1024 /* levels that are looked at at once */

static int too_large(const struct scan_column *c, struct strbuf *err)
{
	return pq_pages_fail(&c->entries.pages, -EFBIG, "a batch of its rows needs more memory than is allowed", err);
}

static int room(struct scan_column *c, void *p, size_t *have, size_t need, size_t size, struct strbuf *err)
{
	int r = pq_budget_room(c->entries.pages.budget, p, have, need, size, true);
	return r < 0 ? too_large(c, err) : 0;
}

/* Room for N values in the arrays of C. */
static int value_room(struct scan_column *c, size_t n, struct strbuf *err)
{
	if (c->convert.width)
		return room(c, &c->fixed, &c->fixed_room, n * c->convert.width, 1, err);
	return room(c, &c->bytes, &c->bytes_room, n, sizeof *c->bytes, err);
}

/* Append N values FROM to the arrays of C, which have room for them. */
static void append(struct scan_column *c, const struct pq_decoded *from, size_t n)
{
	size_t width = c->convert.width;
	if (width)
		memcpy(c->fixed + c->values * width, from->data, n * width);
	else
		memcpy(c->bytes + c->values, from->bytes, n * sizeof *c->bytes);
}

/* Append the N values of the dictionary that INDEX has. */
static void look_up(
	struct scan_column *c, const struct pq_column_values *dictionary, const uint32_t *index, size_t n, size_t at)
{
	size_t width = c->convert.width;
	for (size_t i = 0; i < n; i++) {
		if (width)
			memcpy(c->fixed + (at + i) * width, dictionary->data + index[i] * width, width);
		else
			c->bytes[at + i] = dictionary->bytes[index[i]];
	}
}

static void use_own(struct scan_column *c, bool index)
{
	c->own = true;
	c->now = (struct pq_decoded){.index = index ? c->index : NULL,
		.data = index || !c->convert.width ? NULL : c->fixed,
		.bytes = index || c->convert.width ? NULL : c->bytes};
}

/* Copy what the batch has so far, because the next call would overwrite it. */
static int own(struct scan_column *c, struct strbuf *err)
{
	bool index = c->now.index;
	size_t n = c->values;
	if (c->own || !n)
		return 0;
	int r = index ? room(c, &c->index, &c->index_room, n, sizeof *c->index, err) : value_room(c, n, err);
	if (r < 0)
		return r;
	if (index) {
		memcpy(c->index, c->now.index, n * sizeof *c->index);
	} else {
		c->values = 0;
		append(c, &c->now, n);
		c->values = n;
	}
	use_own(c, index);
	return 0;
}

/* The batch has indexes, and gets values: replace these by those. */
static int expand(struct scan_column *c, const struct pq_scan_leaf *leaf, size_t n, struct strbuf *err)
{
	int r = value_room(c, c->values + n, err);
	if (r == 0)
		look_up(c, &leaf->dictionary, c->index, c->values, 0);
	return r;
}

/* Append N values, of which there are some already. */
static int add_more(struct scan_column *c, const struct pq_scan_leaf *leaf, const struct pq_decoded *from, size_t n,
	struct strbuf *err)
{
	size_t all = c->values + n;
	if (c->now.index && from->index) {
		int r = room(c, &c->index, &c->index_room, all, sizeof *c->index, err);
		if (r == 0)
			memcpy(c->index + c->values, from->index, n * sizeof *c->index);
		use_own(c, true);
		return r;
	}
	int r = c->now.index ? expand(c, leaf, n, err) : value_room(c, all, err);
	if (r < 0)
		return r;
	if (from->index)
		look_up(c, &leaf->dictionary, from->index, n, c->values);
	else
		append(c, from, n);
	use_own(c, false);
	return 0;
}

/* Convert N values FROM, and append them. */
static int add_converted(struct scan_column *c, const struct pq_scan_leaf *leaf, const struct pq_decoded *from,
	size_t n, struct strbuf *err)
{
	const char *why = NULL;
	int r = c->now.index ? expand(c, leaf, n, err) : value_room(c, c->values + n, err);
	if (r < 0)
		return r;
	void *to = c->convert.width ? (void *)(c->fixed + c->values * c->convert.width) : c->bytes + c->values;
	r = pq_convert(&c->convert, from, n, to, &c->texts, &why);
	if (r < 0)
		return pq_pages_fail(&c->entries.pages, r, why, err);
	use_own(c, false);
	return 0;
}

static int add_values(
	struct scan_column *c, const struct pq_scan_leaf *leaf, const struct pq_piece *piece, struct strbuf *err)
{
	int r = 0;
	if (!piece->values)
		return 0;
	if (!piece->decoded.index && c->convert.kind != PQ_CONVERT_NOTHING)
		r = add_converted(c, leaf, &piece->decoded, piece->values, err);
	else if (c->values)
		r = add_more(c, leaf, &piece->decoded, piece->values, err);
	else
		c->now = piece->decoded;
	c->values += piece->values;
	return r;
}

/* The dictionary of the chunk was read: show it converted. */
static int set_dictionary(struct scan_column *c, struct pq_scan_leaf *leaf, struct strbuf *err)
{
	struct pq_entries *e = &c->entries;
	size_t n = e->dictionary_count;
	const char *why = NULL;
	if (!e->dictionary_new)
		return 0;
	e->dictionary_new = false;
	leaf->dictionary_id++;
	leaf->dictionary =
		(struct pq_column_values){.data = e->dictionary.data, .bytes = e->dictionary.bytes, .count = n};
	if (c->convert.kind == PQ_CONVERT_NOTHING)
		return 0;
	size_t width = c->convert.width;
	int r = width ? room(c, &c->dictionary_fixed, &c->dictionary_fixed_room, n * width, 1, err)
		      : room(c, &c->dictionary_bytes, &c->dictionary_bytes_room, n, sizeof *c->dictionary_bytes, err);
	if (r < 0)
		return r;
	void *to = width ? (void *)c->dictionary_fixed : c->dictionary_bytes;
	arena_release(&c->dictionary_texts);
	r = pq_convert(&c->convert, &e->dictionary, n, to, &c->dictionary_texts, &why);
	if (r < 0)
		return pq_pages_fail(&e->pages, r, why, err);
	leaf->dictionary.data = width ? c->dictionary_fixed : NULL;
	leaf->dictionary.bytes = width ? NULL : c->dictionary_bytes;
	return 0;
}

/* Take N entries of the page. */
static int take(struct scan_column *c, struct pq_scan_leaf *leaf, size_t n, struct strbuf *err)
{
	struct pq_piece piece;
	int r = own(c, err);
	if (r == 0)
		r = room(c, &c->def, &c->def_room, c->count + n, 1, err);
	if (r == 0)
		r = pq_entries_take(&c->entries, n, c->def + c->count, c->rep + c->count, &piece, err);
	if (r < 0)
		return r;
	if (!piece.present && !c->levels)
		memset(c->def, leaf->max_def, c->count);
	c->levels |= !piece.present;
	if (piece.present && c->levels)
		memset(c->def + c->count, leaf->max_def, n);
	c->count += n;
	return add_values(c, leaf, &piece, err);
}

/* Take the entries of ROWS rows. */
static int take_rows(struct scan_column *c, struct pq_scan_leaf *leaf, uint64_t rows, struct strbuf *err)
{
	while (rows || leaf->max_rep) {
		int r = pq_entries_page(&c->entries, err);
		if (r == 0)
			break;
		if (r > 0)
			r = set_dictionary(c, leaf, err);
		size_t n = leaf->max_rep ? SOME : (size_t)rows;
		if (r == 0)
			r = room(c, &c->rep, &c->rep_room, leaf->max_rep ? c->count + n : 1, 1, err);
		if (r < 0)
			return r;
		n = pq_entries_of_rows(&c->entries, n, c->rep + (leaf->max_rep ? c->count : 0), &rows);
		if (!n)
			break;
		r = take(c, leaf, n, err);
		if (r < 0)
			return r;
	}
	if (rows || (leaf->max_rep && c->count && c->rep[0]))
		return pq_pages_fail(&c->entries.pages, -EBADMSG, "it does not have the rows of its row group", err);
	return 0;
}

/* Number the values of entries, and the entries of rows. */
static int number(struct scan_column *c, const struct pq_scan_leaf *leaf, size_t rows, struct strbuf *err)
{
	uint32_t n = 0;
	int r = c->levels ? room(c, &c->at, &c->at_room, c->count, sizeof *c->at, err) : 0;
	for (size_t i = 0; r == 0 && c->levels && i < c->count; i++) {
		c->at[i] = n;
		n += c->def[i] == leaf->max_def;
	}
	if (r == 0 && leaf->max_rep)
		r = room(c, &c->row, &c->row_room, rows + 1, sizeof *c->row, err);
	if (r < 0 || !leaf->max_rep)
		return r;
	n = 0;
	for (size_t i = 0; i < c->count; i++)
		if (!c->rep[i])
			c->row[n++] = (uint32_t)i;
	c->row[n] = (uint32_t)c->count;
	return 0;
}

int scan_column_fill(struct scan_column *c, struct pq_scan_leaf *leaf, size_t rows, struct strbuf *err)
{
	int r = pq_entries_skip(&c->entries, c->behind, err);
	c->behind = 0;
	pq_entries_forget(&c->entries);
	arena_release(&c->texts);
	c->count = c->values = 0;
	c->levels = c->own = false;
	c->now = (struct pq_decoded){0};
	if (r == 0)
		r = take_rows(c, leaf, rows, err);
	if (r == 0)
		r = number(c, leaf, rows, err);
	leaf->batch = (struct pq_batch){.entries = c->count,
		.def = c->levels ? c->def : NULL,
		.rep = leaf->max_rep ? c->rep : NULL,
		.at = c->levels ? c->at : NULL,
		.row = leaf->max_rep ? c->row : NULL,
		.index = c->now.index,
		.values = {.data = c->now.data, .bytes = c->now.bytes, .count = c->values}};
	return r;
}

void scan_column_release(struct scan_column *c)
{
	struct pq_budget *budget = c->entries.pages.budget;
	if (!budget)
		return;
	arena_release(&c->texts);
	arena_release(&c->dictionary_texts);
	pq_places_release(&c->places);
	pq_budget_free(budget, &c->def, &c->def_room, 1);
	pq_budget_free(budget, &c->rep, &c->rep_room, 1);
	pq_budget_free(budget, &c->at, &c->at_room, sizeof *c->at);
	pq_budget_free(budget, &c->row, &c->row_room, sizeof *c->row);
	pq_budget_free(budget, &c->index, &c->index_room, sizeof *c->index);
	pq_budget_free(budget, &c->fixed, &c->fixed_room, 1);
	pq_budget_free(budget, &c->bytes, &c->bytes_room, sizeof *c->bytes);
	pq_budget_free(budget, &c->dictionary_fixed, &c->dictionary_fixed_room, 1);
	pq_budget_free(budget, &c->dictionary_bytes, &c->dictionary_bytes_room, sizeof *c->dictionary_bytes);
	pq_entries_release(&c->entries);
}
