/*
 * Pages of a leaf: encoded, compressed, with their headers.
 *
 * Layer: parquet (uses leaf, hybrid, thrift, page_bounds).
 */
#ifndef WEIR_PARQUET_PAGE_H
#define WEIR_PARQUET_PAGE_H

#include "common/parquet/leaf_impl.h"

/* Encode and compress the page in the making, if it has an entry.  -EIO, -EFBIG with ERR set. */
int pq_page_cut(struct pq_leaf *leaf, struct strbuf *err) MUST_CHECK;

/*
 * Encode and compress the dictionary that pages of LEAF use; ret->data is NULL when none does.  Returns the same as
 * pq_page_cut().
 */
int pq_page_dict(struct pq_leaf *leaf, struct pq_page *ret, struct strbuf *err) MUST_CHECK;

/* About how many bytes the values of the page in the making take in their present form. */
size_t pq_page_size(const struct pq_leaf *leaf);

#endif
