/* The indexes of pages: see scan_pages.h. */
#include "common/parquet/scan_pages.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/facts.h"
#include "common/parquet/scan_impl.h"

#define INDEX_MAX (16u << 20) /* bytes of the largest index of pages that is read */

struct pq_scan_pages {
	struct pq_facts_of of;
	uint64_t rows;                 /* of the row group */
	unsigned char *where, *bounds; /* the bytes of the indexes */
	struct pq_places places;
	struct pq_page_index index;
};

static int malformed(const struct pq_scan_pages *p, struct strbuf *err)
{
	strbuf_addf(err, "the index of pages of column '%s' is malformed", p->of.leaf->path);
	return -EBADMSG;
}

/* Read the index at PLACE into *RET. */
static int read_index(const struct scan *scan, const struct pq_scan_pages *p, const struct pq_place *place,
	unsigned char **ret, struct strbuf *err)
{
	const struct pq_source *source = &scan->source;
	if (place->offset > source->size || place->len > source->size - place->offset)
		return malformed(p, err);
	*ret = xmalloc((size_t)place->len);
	return source->read(source->arg, place->offset, *ret, (size_t)place->len, err);
}

static int read_both(
	const struct scan *scan, const struct pq_file_chunk *chunk, struct pq_scan_pages *p, struct strbuf *err)
{
	int r = read_index(scan, p, &chunk->offset_index, &p->where, err);
	if (r == 0)
		r = read_index(scan, p, &chunk->column_index, &p->bounds, err);
	if (r < 0)
		return r;
	bool good = pq_places_read(p->where, (size_t)chunk->offset_index.len, p->rows, &p->places) == 0 &&
		    pq_page_index_read(p->bounds, (size_t)chunk->column_index.len, &p->index) == 0 &&
		    p->index.count == p->places.count;
	return good ? 0 : malformed(p, err);
}

int pq_scan_pages_read(
	const struct pq_scan *seen, size_t group, size_t leaf, struct pq_scan_pages **ret, struct strbuf *err)
{
	const struct scan *scan = (const struct scan *)seen;
	const struct pq_scan_leaf *of = &seen->leaf[leaf];
	const struct pq_file_group *from = &scan->file->group[group];
	const struct pq_file_chunk *chunk = &from->chunks[of->number];
	*ret = NULL;
	if (!chunk->offset_index.len || !chunk->column_index.len || chunk->offset_index.len > INDEX_MAX ||
		chunk->column_index.len > INDEX_MAX)
		return 0;
	struct pq_scan_pages *p = xcalloc(1, sizeof *p);
	p->of = (struct pq_facts_of){of->field, &scan->file->leaf[of->number], &scan->column[leaf].convert};
	p->rows = (uint64_t)from->rows;
	int r = read_both(scan, chunk, p, err);
	if (r == 0)
		*ret = p;
	else
		pq_scan_pages_free(p);
	return r;
}

void pq_scan_pages_free(struct pq_scan_pages *p)
{
	if (!p)
		return;
	pq_places_release(&p->places);
	pq_page_index_release(&p->index);
	free(p->where);
	free(p->bounds);
	free(p);
}

size_t pq_scan_pages_count(const struct pq_scan_pages *p)
{
	return p->places.count;
}

enum pq_boundary_order pq_scan_pages_order(const struct pq_scan_pages *p)
{
	return p->index.order;
}

struct pq_range pq_scan_pages_facts(const struct pq_scan_pages *p, size_t page, struct prune_facts *ret)
{
	uint64_t from = p->places.page[page].row;
	uint64_t to = page + 1 < p->places.count ? p->places.page[page + 1].row : p->rows;
	pq_facts_of_page(&p->of, &p->index.page[page], (int64_t)(to - from), ret);
	return (struct pq_range){from, to};
}
