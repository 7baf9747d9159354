/*
 * The rows of a Parquet file as JSON, one after the other: for files with few, nested columns, such as the checkpoints
 * of Delta tables.
 *
 * Layer: parquet (uses scan, text; schema of data; jansson).  A schema says which columns are wanted, as in scan.h; a
 * column that the file lacks is missing in all rows.
 */
#ifndef WEIR_PARQUET_ROWS_H
#define WEIR_PARQUET_ROWS_H

#include <jansson.h>

#include "common/data/schema.h"
#include "common/parquet/reader.h"

struct pq_rows;

/*
 * The rows of FILE, which is in memory, with the columns of WANT; both are borrowed and must outlive the result.
 * -EBADMSG with the reason in ERR when a column does not have the type that is wanted, or the file has none of the
 * columns.
 */
int pq_rows_new(
	const struct pq_file *file, const struct schema *want, struct pq_rows **ret, struct strbuf *err) MUST_CHECK;
void pq_rows_free(struct pq_rows *rows);

/*
 * Read the next row.  Returns 1 and an object, which the caller owns and in which nulls are left out (except elements
 * of lists and values of maps); 0 at the end; or -EBADMSG, -ENOTSUP and -EFBIG as in scan.h, after which nothing more
 * can be read.
 */
int pq_rows_next(struct pq_rows *rows, json_t **ret_row, struct strbuf *err) MUST_CHECK;

#endif
