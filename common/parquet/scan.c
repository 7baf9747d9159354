/* Batches of rows: see scan.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/parquet/scan_impl.h"

#define MEMORY     (256u << 20)
#define WINDOW     (1u << 20)
#define WINDOW_MIN (64u << 10)

static struct scan *whole(struct pq_scan *seen)
{
	return (struct scan *)seen;
}

/* A part of the memory is for the windows of the columns, the other part for their pages. */
static size_t window_of(const struct scan *scan)
{
	size_t share = scan->budget.limit / 4 / (scan->seen.leaves + 1);
	size_t window = scan->source.window ? scan->source.window : WINDOW;
	window = window < share ? window : share;
	return window > WINDOW_MIN ? window : WINDOW_MIN;
}

int pq_scan_new(const struct pq_file *file, const struct pq_source *source, const struct pq_want *want,
	struct pq_scan **ret, struct strbuf *err)
{
	struct scan *scan = xcalloc(1, sizeof *scan);
	scan->file = file;
	scan->source = *source;
	scan->want = want;
	scan->budget.limit = want->memory ? (size_t)want->memory : MEMORY;
	scan->unpacker = pq_unpacker_new();
	int r = scan_plan(scan, err);
	if (r < 0) {
		pq_scan_free(&scan->seen);
		return r;
	}
	scan->want = NULL; /* its owner may forget it */
	size_t window = window_of(scan);
	for (size_t i = 0; i < scan->seen.leaves; i++)
		pq_entries_init(&scan->column[i].entries, &scan->source, &file->leaf[scan->seen.leaf[i].number],
			&scan->budget, scan->unpacker, window);
	*ret = &scan->seen;
	return 0;
}

void pq_scan_free(struct pq_scan *seen)
{
	struct scan *scan = whole(seen);
	if (!scan)
		return;
	for (size_t i = 0; i < scan->seen.leaves; i++)
		scan_column_release(&scan->column[i]);
	scan_field_release(&scan->seen.root);
	pq_ranges_release(&scan->ranges);
	pq_unpacker_free(scan->unpacker);
	free(scan->seen.leaf);
	free(scan->column);
	free(scan);
}

void pq_scan_constant(struct pq_scan *seen, size_t column, const struct value *value)
{
	struct scan *scan = whole(seen);
	struct pq_field *f = &scan->seen.root.child[column];
	for (size_t i = 0; i < f->leaves; i++)
		scan->column[f->first + i].unused = true;
	f->missing = true;
	f->constant = value;
}

void pq_scan_later(struct pq_scan *seen, size_t column)
{
	struct scan *scan = whole(seen);
	struct pq_field *f = &scan->seen.root.child[column];
	f->later = true;
	for (size_t i = 0; i < f->leaves; i++)
		scan->column[f->first + i].later = true;
}

/* Begin the chunk of column I. */
static int begin_column(struct scan *scan, size_t i, struct strbuf *err)
{
	struct scan_column *c = &scan->column[i];
	struct pq_scan_leaf *leaf = &scan->seen.leaf[i];
	const struct pq_file_chunk *chunk = &scan->group->chunks[leaf->number];
	pq_places_release(&c->places);
	c->behind = 0;
	c->loaded = true;
	leaf->batch = (struct pq_batch){0};
	leaf->dictionary = (struct pq_column_values){0};
	if (!leaf->max_rep && chunk->entries != scan->group->rows)
		return pq_pages_fail(
			&c->entries.pages, -EBADMSG, "it does not have as many rows as its row group", err);
	pq_entries_begin(&c->entries, chunk, (uint64_t)scan->group->rows, NULL);
	return 0;
}

int pq_scan_group(struct pq_scan *seen, size_t group, const struct pq_ranges *rows, struct strbuf *err)
{
	struct scan *scan = whole(seen);
	int r = 0;
	scan->group = &scan->file->group[group];
	scan->first = 0;
	for (size_t i = 0; i < group; i++)
		scan->first += (uint64_t)scan->file->group[i].rows;
	scan->whole = !rows;
	scan->indexed = false;
	scan->row = 0;
	scan->range = 0;
	scan->seen.rows = 0;
	scan->ranges.count = 0;
	for (size_t i = 0; rows && i < rows->count; i++)
		pq_ranges_add(&scan->ranges, rows->item[i].from, rows->item[i].to);
	if (!rows && scan->group->rows)
		pq_ranges_add(&scan->ranges, 0, (uint64_t)scan->group->rows);
	for (size_t i = 0; r == 0 && i < scan->seen.leaves; i++)
		if (!scan->column[i].unused)
			r = begin_column(scan, i, err);
	return r;
}

/* Decode the current batch of column I. */
static int fill(struct scan *scan, size_t i, struct strbuf *err)
{
	struct scan_column *c = &scan->column[i];
	if (c->behind > c->entries.left && !scan->indexed) {
		int r = scan_index_places(scan, err);
		if (r < 0)
			return r;
	}
	c->loaded = true;
	return scan_column_fill(c, &scan->seen.leaf[i], scan->seen.rows, err);
}

/* The end of a row group of which everything was read. */
static int check_end(struct scan *scan, struct strbuf *err)
{
	int r = 0;
	for (size_t i = 0; r == 0 && scan->whole && i < scan->seen.leaves; i++)
		if (!scan->column[i].unused && !scan->column[i].later)
			r = pq_entries_end(&scan->column[i].entries, err);
	return r;
}

int pq_scan_next(struct pq_scan *seen, struct strbuf *err)
{
	struct scan *scan = whole(seen);
	uint64_t before = scan->row;
	for (size_t i = 0; i < scan->seen.leaves; i++)
		if (!scan->column[i].loaded)
			scan->column[i].behind += scan->seen.rows;
	if (scan->range < scan->ranges.count && scan->row >= scan->ranges.item[scan->range].to)
		scan->range++;
	if (scan->range == scan->ranges.count) {
		scan->seen.rows = 0;
		return check_end(scan, err);
	}
	const struct pq_range *range = &scan->ranges.item[scan->range];
	if (scan->row < range->from)
		scan->row = range->from;
	uint64_t rows = range->to - scan->row;
	scan->seen.rows = rows < PQ_BATCH_ROWS ? (size_t)rows : PQ_BATCH_ROWS;
	scan->seen.first_row = scan->first + scan->row;
	for (size_t i = 0; i < scan->seen.leaves; i++) {
		struct scan_column *c = &scan->column[i];
		c->behind += scan->row - before;
		c->loaded = c->unused;
		int r = c->unused || c->later ? 0 : fill(scan, i, err);
		if (r < 0)
			return r;
	}
	scan->row += scan->seen.rows;
	return 1;
}

int pq_scan_load(struct pq_scan *seen, struct strbuf *err)
{
	struct scan *scan = whole(seen);
	int r = 0;
	for (size_t i = 0; r == 0 && i < scan->seen.leaves; i++)
		if (!scan->column[i].loaded)
			r = fill(scan, i, err);
	return r;
}
