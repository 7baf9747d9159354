/*
 * Copies the rows of a file, column by column, into the columns of a row group; no row is made in between.
 *
 * Layer: parquet (uses scan, column).  The scan gives the values in the types of a schema, in whatever form the file
 * has them; the definition levels of both differ where only one of them allows null.
 */
#ifndef WEIR_PARQUET_COPY_H
#define WEIR_PARQUET_COPY_H

#include "common/parquet/column.h"
#include "common/parquet/scan.h"

struct pq_copy;

/*
 * Prepare to copy the rows of SCAN into COLUMNS, or others of the same schema, which is that of the scan, too; no
 * column of it has a constant.  Both are borrowed.  -ENOTSUP with the reason in ERR: a field is missing in its struct,
 * or a column that must not be null is missing.
 */
int pq_copy_new(const struct pq_scan *scan, const struct pq_columns *columns, struct pq_copy **ret,
	struct strbuf *err) MUST_CHECK;
void pq_copy_free(struct pq_copy *copy);

/*
 * Put up to MAX rows of the scan's batch, from row FIRST on, into COLUMNS; returns their number.  -EBADMSG with ERR: a
 * null where the schema allows none; -EIO as pq_columns_end_row().  After an error the columns cannot be used.
 */
int pq_copy_rows(const struct pq_copy *copy, struct pq_columns *columns, size_t first, size_t max,
	struct strbuf *err) MUST_CHECK;

#endif
