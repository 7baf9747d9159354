/*
 * Rows as strings of bytes, with keys by which memcmp(3) sorts them.
 *
 * Layer: parquet (uses copy).  A row is packed from the batch of a scan and unpacked into columns of the same schema;
 * in between it may be in a file, which only the same run reads.
 */
#ifndef WEIR_PARQUET_PACK_H
#define WEIR_PARQUET_PACK_H

#include "common/parquet/copy.h"

/*
 * Append ROW of the batch, packed for COLUMNS, to RET.  -EBADMSG with ERR: a null where the schema allows none.
 */
int pq_pack_row(const struct pq_copy *copy, const struct pq_columns *columns, size_t row, struct strbuf *ret,
	struct strbuf *err) MUST_CHECK;

/* Put the row at DATA, of pq_pack_row(), into COLUMNS.  Errors of pq_columns_end_row(). */
int pq_unpack_row(struct pq_columns *columns, const char *data, struct strbuf *err) MUST_CHECK;

/*
 * Append the key of leaf LEAF, which is not in a list or map, in ROW to RET.  Null comes first, then values ascend: NaN
 * after all other numbers, strings by their bytes.  Keys of several leaves may follow each other.
 */
void pq_pack_key(
	const struct pq_copy *copy, const struct pq_columns *columns, size_t leaf, size_t row, struct strbuf *ret);

#endif
