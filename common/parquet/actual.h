/*
 * What the values of a leaf really are, to compare with what statistics say of them.
 *
 * Layer: parquet (uses scan, prune).  A core: no files.  The order of values is that of their type, in which bounds are
 * compared, too: numbers by their value (-0 and 0 are equal), strings by their bytes.  NaN have no place in it.
 */
#ifndef WEIR_PARQUET_ACTUAL_H
#define WEIR_PARQUET_ACTUAL_H

#include "common/parquet/scan.h"

/* Of some rows of a leaf; a zeroed one has none. */
struct pq_actual {
	uint64_t rows, nulls, nans;
	struct prune_bound min, max; /* known: there is a value that is not NaN; binary has none */
	char *least, *greatest;      /* the bytes of a string's bounds; owned */
	size_t least_room, greatest_room;
};

/* Take in row ROW of the batch of LEAF, which no list or map contains. */
void pq_actual_add(struct pq_actual *e, const struct pq_scan_leaf *leaf, size_t row);

/*
 * What FACTS say of the rows of E, a column of FIELD, that is not true, so that readers skip rows that they want;
 * NULL: all is true, or says nothing.  LOOSE: the number of nulls is only meant where it is 0, or that of all rows.
 */
const char *pq_actual_fault(const struct pq_actual *e, const struct schema_field *field,
	const struct prune_facts *facts, bool loose) MUST_CHECK;

/*
 * Whether the bounds of a page of FIELD, which come after those of BEFORE in an index, are in ORDER.  All must be
 * known. Readers search an index that names an order by halving, and so miss pages when it is wrong.
 */
bool pq_actual_in_order(const struct schema_field *field, enum pq_boundary_order order,
	const struct prune_facts *before, const struct prune_facts *page) MUST_CHECK;

/* Without rows again; what E owns is freed. */
void pq_actual_clear(struct pq_actual *e);

#endif
