/*
 * Whether a column chunk is whole: all its pages are read and decoded, and nothing is kept.
 *
 * Layer: parquet (uses entries).
 */
#ifndef WEIR_PARQUET_CHUNK_ROWS_H
#define WEIR_PARQUET_CHUNK_ROWS_H

#include "common/parquet/source.h"

/*
 * Decode a chunk of FILE, which is at SOURCE, within MEMORY bytes; *RET_ROWS: how many rows it has.  Errors are those
 * of scan.h.
 */
int pq_chunk_rows(const struct pq_file *file, const struct pq_source *source, size_t group, size_t leaf,
	uint64_t memory, uint64_t *ret_rows, struct strbuf *err) MUST_CHECK;

#endif
