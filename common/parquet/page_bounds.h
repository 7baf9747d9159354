/*
 * The bounds of a page's values.
 *
 * Layer: parquet (uses leaf).
 */
#ifndef WEIR_PARQUET_PAGE_BOUNDS_H
#define WEIR_PARQUET_PAGE_BOUNDS_H

#include "common/parquet/leaf_impl.h"

/* Set has_nan and bounds of PAGE, the page in the making; USED has a byte for each value of a dictionary. */
void pq_page_bounds(const struct pq_leaf *leaf, const unsigned char *used, struct pq_page *page);

#endif
