/*
 * A Parquet file on its way out: row groups from columns, then the footer.  Append only, in one pass.
 *
 * Layer: parquet (uses column, thrift).  The profile that every reader takes: data pages V1 with CRCs, PLAIN and
 * RLE_DICTIONARY, logical and converted types, field ids, statistics with column orders, encoding statistics, column
 * and offset indexes.  Source: parquet-format 2.10, src/main/thrift/parquet.thrift.
 */
#ifndef WEIR_PARQUET_WRITER_H
#define WEIR_PARQUET_WRITER_H

#include "common/parquet/bound.h"
#include "common/parquet/column.h"

struct pq_writer;

/* Takes LEN bytes of the file; returns 0 or negative with ERR set, which ends the call that made it. */
typedef int pq_sink(void *self, const void *data, size_t len, struct strbuf *err);

/* What a leaf of the whole file holds. */
struct pq_column_stats {
	const struct schema_field *field;
	uint64_t entries; /* nulls included */
	uint64_t nulls;
	uint64_t bytes;          /* in the file, compressed */
	bool has_nan;            /* then `bounds` says nothing */
	struct pq_bounds bounds; /* of all values that are not null */
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
 * Write what COLUMNS hold as a row group and reset them; nothing when they hold no record.  They may be others than
 * those of pq_writer_new(), with the same schema.  -EIO when the compressor fails, -EFBIG beyond 32767 row groups,
 * errors of the sink; after an error the file is lost.
 */
int pq_writer_flush(struct pq_writer *writer, struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/*
 * Write the indexes and the footer, with COUNT pairs of metadata.  *ret belongs to the writer.  A file without a row
 * group is a whole one, too.
 */
int pq_writer_finish(struct pq_writer *writer, const struct pq_metadata *metadata, size_t count,
	const struct pq_result **ret, struct strbuf *err) MUST_CHECK;

/* Bytes handed to the sink until now, and bytes of memory that the writer holds for the footer. */
uint64_t pq_writer_offset(const struct pq_writer *writer);
size_t pq_writer_bytes(const struct pq_writer *writer);

#endif
