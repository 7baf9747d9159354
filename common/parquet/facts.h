/*
 * What statistics and indexes of a Parquet file say of a column, for pruning.
 *
 * Layer: parquet (uses prune, leaf_convert, reader, page_index).  Bounds count only where writers agree on their order:
 * those of deprecated fields, and where the file names no order, only for numbers with a sign.
 */
#ifndef WEIR_PARQUET_FACTS_H
#define WEIR_PARQUET_FACTS_H

#include "common/parquet/leaf_convert.h"
#include "common/parquet/page_index.h"
#include "common/parquet/prune.h"

/* A column whose facts are wanted, in the type of `field`. */
struct pq_facts_of {
	const struct schema_field *field;
	const struct pq_file_leaf *leaf;
	const struct pq_convert *convert;
};

/* The facts of a chunk of ROWS rows; byte strings are in the memory of the footer. */
void pq_facts_of_chunk(
	const struct pq_facts_of *of, const struct pq_file_chunk *chunk, int64_t rows, struct prune_facts *ret);

/* The facts of a page of ROWS rows; byte strings are in the memory of the index. */
void pq_facts_of_page(
	const struct pq_facts_of *of, const struct pq_page_bounds_read *page, int64_t rows, struct prune_facts *ret);

/*
 * V, with which the column is compared, in PLAIN encoding at TO (which has room for 8 bytes) or in its own memory: what
 * a Bloom filter has.  NULL: it cannot be told.
 */
const void *pq_facts_plain(const struct pq_facts_of *of, const struct value *v, unsigned char *to, size_t *ret_len);

#endif
