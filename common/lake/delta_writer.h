/*
 * The Parquet files of one commit to a Delta table while they are being written: one for each partition, with a common
 * memory budget.
 *
 * Layer: lake (uses store, layout, delta_stats; parquet).  Each partition has columns of its own, and all share a
 * compressor.  When the columns of all partitions use more than the budget, the largest become a row group of their
 * file; when what is kept of a file's row groups is large itself, the partition goes on in another file.  Files are
 * made under their final names (store_stage_in_place()), and are published before they are committed: readers go by the
 * log.
 */
#ifndef WEIR_LAKE_DELTA_WRITER_H
#define WEIR_LAKE_DELTA_WRITER_H

#include "common/lake/entry.h"
#include "common/lake/layout.h"
#include "common/lake/store.h"
#include "common/parquet/writer.h"

struct delta_writer;
struct delta_part;
struct delta_pool;

/* What the writers of several tables share: a compressor, and the memory that all their columns may have. */
struct delta_pool_config {
	struct pq_codec_spec codec;
	uint64_t memory; /* bytes */
};

/* Errors of pq_codec_new(). */
int delta_pool_new(const struct delta_pool_config *config, struct delta_pool **ret, struct strbuf *err) MUST_CHECK;

/* After its writers; POOL may be NULL. */
void delta_pool_free(struct delta_pool *pool);

struct delta_writer_config {
	struct store *store;         /* borrowed, like the others */
	const struct schema *schema; /* the schema of the files; it may change after delta_writer_renew() */
	const struct layout *layout; /* the names of the partition columns */
	struct delta_pool *pool;     /* NULL: the writer makes one of its own, with codec and memory */
	struct pq_codec_spec codec;  /* that of the pool, too */
	uint64_t row_group;          /* bytes, before compression, of a row group */
	uint64_t memory;             /* bytes that all columns together may use; not with a pool */
	const char *uuid;            /* in the names of the files */
	size_t *number; /* the number of the next file, of several writers with that uuid; NULL: the writer counts
			   itself */
};

/* Errors of delta_pool_new(). */
int delta_writer_new(
	const struct delta_writer_config *config, struct delta_writer **ret_writer, struct strbuf *err) MUST_CHECK;

/* Frees WRITER.  Its files remain, so discard them before unless they are committed. */
void delta_writer_free(struct delta_writer *writer);

/*
 * The partition with these values of the layout's columns; takes ownership of them.  -ENAMETOOLONG, errors of
 * pq_columns_new().
 */
int delta_writer_part(
	struct delta_writer *writer, char **values, struct delta_part **ret_part, struct strbuf *err) MUST_CHECK;

/* The columns for the partition's next record. pq_columns_end_row() ends the record; then call delta_part_row(). */
struct pq_columns *delta_part_columns(struct delta_part *part);

/* A record was put into PART's columns.  Errors of the store and of pq_writer_flush(). */
int delta_part_row(struct delta_part *part, struct strbuf *err) MUST_CHECK;

/* The same for COUNT records, the newest of which were committed at NEWEST_MS before. */
int delta_part_rows(struct delta_part *part, size_t count, int64_t newest_ms, struct strbuf *err) MUST_CHECK;

/* The records of the file that PART writes now. */
uint64_t delta_part_records(const struct delta_part *part);

/*
 * Complete the present files, so that further records go into other files of the same commit.  Partitions that were
 * returned before are no longer valid.  Errors as for delta_writer_finish().
 */
int delta_writer_renew(struct delta_writer *writer, struct strbuf *err) MUST_CHECK;

/* Everything was put: complete the files durably, under their final names.  Like writer_finish(). */
int delta_writer_finish(
	struct delta_writer *writer, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err) MUST_CHECK;

/* The files of delta_writer_finish() are committed: begin the files of the next commit. */
void delta_writer_next(struct delta_writer *writer);

/* Remove all files that were written since the last commit; the first error is returned, later ones are ignored. */
int delta_writer_discard(struct delta_writer *writer, struct strbuf *err) MUST_CHECK;

#endif
