/*
 * The rows of the files of a bin, sorted, in bounded memory.
 */
#ifndef WEIR_LAKE_COMPACT_DELTA_SORT_H
#define WEIR_LAKE_COMPACT_DELTA_SORT_H

#include "common/lake/delta_writer.h"
#include "sort_by.h"

struct delta_input;
struct delta_sort;

/* Sort by BY, the columns of the schema of the files, with about MEMORY bytes.  BY is borrowed. */
struct delta_sort *delta_sort_new(const struct sort_by *by, uint64_t memory);
void delta_sort_free(struct delta_sort *s);

/*
 * Take the rows of IN, which will go into COLUMNS.  Errors of pq_copy_new(), pq_pack_row(), delta_input_next(); -EINVAL
 * for -ENOTSUP when some rows were taken before; -EFBIG: a row is too long; -errno of the file in $TMPDIR.
 */
int delta_sort_take(
	struct delta_sort *s, struct delta_input *in, const struct pq_columns *columns, struct strbuf *err) MUST_CHECK;

/* Put all rows, of which the newest were committed at NEWEST_MS, into PART.  Errors of it and of the file. */
int delta_sort_put(struct delta_sort *s, struct delta_part *part, int64_t newest_ms, struct strbuf *err) MUST_CHECK;

#endif
