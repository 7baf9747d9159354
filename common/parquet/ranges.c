/* Ranges of rows: see prune.h. */
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/parquet/prune.h"

void pq_ranges_release(struct pq_ranges *r)
{
	free(r->item);
	*r = (struct pq_ranges){0};
}

void pq_ranges_add(struct pq_ranges *r, uint64_t from, uint64_t to)
{
	if (from >= to)
		return;
	if (r->count && r->item[r->count - 1].to == from) {
		r->item[r->count - 1].to = to;
		return;
	}
	if (r->count == r->room) {
		r->room = 2 * r->room + 4;
		r->item = xreallocarray(r->item, r->room, sizeof *r->item);
	}
	r->item[r->count++] = (struct pq_range){from, to};
}

void pq_ranges_and(struct pq_ranges *into, const struct pq_ranges *other)
{
	struct pq_ranges both = {0};
	size_t i = 0, k = 0;
	while (i < into->count && k < other->count) {
		const struct pq_range *a = &into->item[i], *b = &other->item[k];
		uint64_t from = a->from > b->from ? a->from : b->from, to = a->to < b->to ? a->to : b->to;
		pq_ranges_add(&both, from, to);
		if (a->to < b->to)
			i++;
		else
			k++;
	}
	pq_ranges_release(into);
	*into = both;
}

void pq_ranges_or(struct pq_ranges *into, const struct pq_ranges *other)
{
	struct pq_ranges any = {0};
	size_t i = 0, k = 0;
	while (i < into->count || k < other->count) {
		bool first = k == other->count || (i < into->count && into->item[i].from <= other->item[k].from);
		struct pq_range next = first ? into->item[i++] : other->item[k++];
		if (any.count && next.from < any.item[any.count - 1].to)
			next.from = any.item[any.count - 1].to;
		pq_ranges_add(&any, next.from, next.to);
	}
	pq_ranges_release(into);
	*into = any;
}

uint64_t pq_ranges_rows(const struct pq_ranges *r)
{
	uint64_t rows = 0;
	for (size_t i = 0; i < r->count; i++)
		rows += r->item[i].to - r->item[i].from;
	return rows;
}
