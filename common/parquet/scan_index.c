/* Where the pages of a row group are: see scan.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/scan_impl.h"

/* Indexes lie beside each other: so far apart, and they are still read at once. */
#define SPAN (4u << 20)

/* The bytes of SCAN's file that hold the offset indexes of all columns that are read. */
static struct pq_place all_indexes(const struct scan *scan)
{
	uint64_t from = UINT64_MAX, to = 0;
	for (size_t i = 0; i < scan->seen.leaves; i++) {
		const struct pq_place *place = &scan->group->chunks[scan->seen.leaf[i].number].offset_index;
		if (scan->column[i].unused || !place->len || place->offset > scan->source.size ||
			place->len > scan->source.size - place->offset)
			continue;
		from = place->offset < from ? place->offset : from;
		to = place->offset + place->len > to ? place->offset + place->len : to;
	}
	return (struct pq_place){from, to > from ? to - from : 0};
}

/*
 * A reader may do without the index, so one that is malformed is ignored; the row group of a file that is damaged
 * shows it elsewhere.
 */
int scan_index_places(struct scan *scan, struct strbuf *err)
{
	struct pq_place all = all_indexes(scan);
	scan->indexed = true;
	if (!all.len || all.len > SPAN || all.len > scan->budget.limit / 8)
		return 0;
	unsigned char *bytes = xmalloc((size_t)all.len);
	int r = scan->source.read(scan->source.arg, all.offset, bytes, (size_t)all.len, err);
	for (size_t i = 0; r == 0 && i < scan->seen.leaves; i++) {
		struct scan_column *c = &scan->column[i];
		const struct pq_place *place = &scan->group->chunks[scan->seen.leaf[i].number].offset_index;
		bool inside = place->len && place->offset >= all.offset && place->offset - all.offset <= all.len &&
			      place->len <= all.len - (place->offset - all.offset);
		if (c->unused || !inside ||
			pq_places_read(bytes + (place->offset - all.offset), (size_t)place->len,
				(uint64_t)scan->group->rows, &c->places) < 0)
			continue;
		c->entries.places = &c->places;
	}
	free(bytes);
	return r;
}
