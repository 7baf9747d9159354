/*
 * Writes a Parquet file: row groups from columns, then the footer.  It only appends, in one pass.
 *
 * Layer: parquet (uses column, thrift).  It uses the features that every reader supports: data pages V1 with CRCs,
 * PLAIN and RLE_DICTIONARY, logical and converted types, field ids, statistics with column orders, encoding statistics,
 * column and offset indexes.  Source: parquet-format 2.10, src/main/thrift/parquet.thrift.
 */
#ifndef WEIR_PARQUET_WRITER_H
#define WEIR_PARQUET_WRITER_H

#include "common/parquet/bound.h"
#include "common/parquet/column.h"

struct pq_writer;

/* Gets LEN bytes of the file.  Returns 0; or a negative value with ERR set, which the calling function then returns. */
typedef int pq_sink(void *self, const void *data, size_t len, struct strbuf *err);

/* Statistics of a leaf over the whole file. */
struct pq_column_stats {
	const struct schema_field *field;
	uint64_t entries; /* nulls included */
	uint64_t nulls;
	uint64_t bytes;          /* in the file, compressed */
	bool has_nan;            /* there are NaNs, so `bounds` is not valid */
	struct pq_bounds bounds; /* the bounds of all values that are not null */
};

struct pq_result {
	uint64_t rows, bytes;            /* of the file */
	uint32_t groups, footer;         /* row groups; bytes of the footer */
	struct pq_column_stats *columns; /* a leaf each */
	size_t count;
};

/* A file with the schema of COLUMNS.  SINK gets the bytes in order; the first ones with the first call below. */
struct pq_writer *pq_writer_new(const struct pq_columns *columns, pq_sink *sink, void *self);
void pq_writer_free(struct pq_writer *writer);

/*
 * Write what COLUMNS hold as a row group and reset them; nothing when they hold no record.  COLUMNS may be different
 * from those of pq_writer_new() if the schema is the same.  -EIO when the compressor fails, -EFBIG beyond 32767 row
 * groups, errors of the sink; after an error the file is lost.
 */
int pq_writer_flush(struct pq_writer *writer, struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/*
 * Write the indexes and the footer, with COUNT pairs of metadata.  *ret belongs to the writer.  A file without row
 * groups is complete, too.
 */
int pq_writer_finish(struct pq_writer *writer, const struct pq_metadata *metadata, size_t count,
	const struct pq_result **ret, struct strbuf *err) MUST_CHECK;

/* How many bytes were handed to the sink so far; and how many bytes of memory the writer uses for the footer. */
uint64_t pq_writer_offset(const struct pq_writer *writer);
size_t pq_writer_bytes(const struct pq_writer *writer);

#endif
