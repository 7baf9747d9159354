/*
 * The encoded part of a leaf's row group: pages, and what the footer says about them.  Private to common/parquet.
 *
 * Layer: parquet (uses leaf, bound, bloom, dict).
 */
#ifndef WEIR_PARQUET_LEAF_IMPL_H
#define WEIR_PARQUET_LEAF_IMPL_H

#include "common/parquet/bloom.h"
#include "common/parquet/bound.h"
#include "common/parquet/leaf.h"
#include "common/parquet/dict.h"

struct pq_page {
	unsigned char *data; /* header and body, owned; NULL once it is written */
	uint64_t offset;     /* its place in the file, once written */
	size_t len, size;    /* bytes with the header: as stored, and with an uncompressed body */
	uint64_t first_row;  /* its first row in the row group */
	uint64_t entries, values, rows;
	bool dict; /* RLE_DICTIONARY, else PLAIN */
	bool has_nan;
	struct pq_bounds bounds;
};

struct pq_chunk {
	struct pq_page *pages;
	size_t count, room;
	uint64_t rows;         /* of all pages */
	size_t len, size;      /* sums over the pages */
	unsigned plain_groups; /* this many more row groups begin without a dictionary */
	bool wants_bloom;
	struct pq_bloom *bloom; /* the filter of this row group; NULL: none is wanted */

	/*
	 * With a dictionary, and as long as `coding` is set, values become indexes in batches.  `index` and `coded` are
	 * those of the page in the making.
	 */
	struct pq_dict *dict; /* NULL: none was begun */
	bool coding;
	uint32_t *index;
	size_t coded, index_room;

	/* The leaf's buffers. */
	size_t batch_start;           /* how many entries it had when values were last given to the dictionary */
	size_t allocated, value_room; /* room for the levels of entries, and for values that wait */
	size_t plain_allocated;       /* bytes of byte arrays */
};

/*
 * Limits of the values, and of the bytes of byte arrays, that wait for a dictionary: few enough to stay in the
 * processor's caches.
 */
#define PQ_BATCH       512u
#define PQ_BATCH_BYTES (32u << 10)

/* Begin a row group: with a dictionary or without. */
void pq_leaf_begin(struct pq_leaf *leaf);
/* Free everything that a leaf holds of a row group. */
void pq_leaf_release(struct pq_leaf *leaf);
/* Pass the values that wait to the dictionary. */
void pq_leaf_code(struct pq_leaf *leaf);
/* Change to PLAIN: all values of the page in the making now wait for its end.  Earlier pages keep their dictionary. */
void pq_leaf_plain(struct pq_leaf *leaf);
/* The page in the making is finished: begin the next one. */
void pq_leaf_next_page(struct pq_leaf *leaf);

#endif
