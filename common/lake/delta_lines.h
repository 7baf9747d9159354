/*
 * The rows of files of a Delta table as lines of JSON, or of TSV or CSV, piece by piece.
 *
 * Layer: lake (uses delta_columns, delta_facts, delta_value, delta_vector, elsewhere, store; scan and text of parquet).
 * Columns are those of the table's schema, in its order, with the values of partition columns, and without deleted
 * rows; a column that is null has the value null.  Memory is bounded by a budget, not by the sizes of files.
 */
#ifndef WEIR_LAKE_DELTA_LINES_H
#define WEIR_LAKE_DELTA_LINES_H

#include <jansson.h>

#include "common/data/schema.h"
#include "common/lake/store.h"
#include "common/parquet/text.h"
#include "common/parquet/text_format.h"

struct delta_lines;

/*
 * Prepare to read files of the table in STORE under META, its metaData action, with MEMORY bytes (0: 256 MiB) for the
 * columns of a file; files of other tables are read with OPTIONS (NULL: not).  STORE and OPTIONS are borrowed.  *RET is
 * freed by delta_lines_free().  Errors of delta_columns_read().
 */
int delta_lines_new(struct store *store, const struct store_options *options, json_t *meta, uint64_t memory,
	struct delta_lines **ret, struct strbuf *err) MUST_CHECK;
void delta_lines_free(struct delta_lines *r);

/* Which rows are wanted. */
struct delta_lines_where {
	const struct prune *prune; /* what need not be read; columns are those of the wanted schema; borrowed */
	/* a file begins, whose rows SCAN has */
	void (*file)(void *arg, const struct pq_scan *scan);
	/* row ROW of the scan's batch: 1 or 0, or errors of delta_lines_next() with ERR */
	int (*row)(void *arg, struct pq_text *text, size_t row, struct strbuf *err);
	void *arg;
};

/*
 * Lines have the first PRINTED columns of WANT only, copies of columns of the table, in that order; it is borrowed, and
 * must outlive R.  They have the form FORMAT, and are those of the rows that WHERE (copied; NULL: all) wants.  Call it
 * before the first file.
 */
void delta_lines_choose(struct delta_lines *r, const struct schema *want, size_t printed, enum pq_text_format format,
	const struct delta_lines_where *where);

/*
 * Begin with the file of ADD (kept).  -EBADMSG with ERR: it is not there, or not what ADD says; other errors of
 * pq_scan_new(), delta_vector_find(), elsewhere_file() and the store.
 */
int delta_lines_open(struct delta_lines *r, json_t *add, struct strbuf *err) MUST_CHECK;

/*
 * The next lines of the file: 1, and they are *RET_LEN bytes at *RET, valid until the next call; 0 at the end.  With a
 * condition there may be none of them, so that the caller does not wait long for one.  Errors as above.  After an error
 * another file may be opened.
 */
int delta_lines_next(struct delta_lines *r, const char **ret, size_t *ret_len, struct strbuf *err) MUST_CHECK;

#endif
