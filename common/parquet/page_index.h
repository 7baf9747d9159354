/*
 * The indexes of pages: where they are, and bounds of their values.
 *
 * Layer: parquet (uses reader, thrift).  Source: parquet-format, PageIndex.md.
 */
#ifndef WEIR_PARQUET_PAGE_INDEX_H
#define WEIR_PARQUET_PAGE_INDEX_H

#include "common/parquet/reader.h"

/* A data page of a chunk. */
struct pq_page_place {
	uint64_t offset; /* in the file */
	uint64_t len;    /* bytes with the header */
	uint64_t row;    /* its first row in the row group */
};

struct pq_places {
	struct pq_page_place *page; /* owned; ascending by row */
	size_t count;
};

/* Read an offset index of a row group with ROWS rows.  -EBADMSG; *RET is empty then. */
int pq_places_read(const void *data, size_t len, uint64_t rows, struct pq_places *ret) MUST_CHECK;
void pq_places_release(struct pq_places *places);

/* What the column index says of a page.  Bounds are in PLAIN encoding, in the memory of the index. */
struct pq_page_bounds_read {
	bool nulls_only;
	int64_t nulls; /* -1: not known */
	const unsigned char *min, *max;
	size_t min_len, max_len;
};

struct pq_page_index {
	struct pq_page_bounds_read *page; /* owned */
	size_t count;
	enum pq_boundary_order order; /* of the bounds */
};

/* Read a column index.  -EBADMSG; *RET is empty then. */
int pq_page_index_read(const void *data, size_t len, struct pq_page_index *ret) MUST_CHECK;
void pq_page_index_release(struct pq_page_index *index);

#endif
