/*
 * What the indexes of pages say of a leaf in a row group.
 *
 * Layer: parquet (uses scan, facts, page_index).
 */
#ifndef WEIR_PARQUET_SCAN_PAGES_H
#define WEIR_PARQUET_SCAN_PAGES_H

#include "common/parquet/scan.h"

struct pq_scan_pages;

/*
 * Read the indexes of leaf LEAF of SCAN in row group GROUP.  *RET is NULL when the file has none, or one of more than
 * 16 MiB, else freed by pq_scan_pages_free().  -EBADMSG with ERR: they are malformed, or do not fit each other; errors
 * of the source.
 */
int pq_scan_pages_read(const struct pq_scan *scan, size_t group, size_t leaf, struct pq_scan_pages **ret,
	struct strbuf *err) MUST_CHECK;
void pq_scan_pages_free(struct pq_scan_pages *p);

size_t pq_scan_pages_count(const struct pq_scan_pages *p);

/* In which order the bounds of pages are said to be. */
enum pq_boundary_order pq_scan_pages_order(const struct pq_scan_pages *p);

/* The rows of page PAGE, counted from the first of the row group, and what is said of them; strings belong to P. */
struct pq_range pq_scan_pages_facts(const struct pq_scan_pages *p, size_t page, struct prune_facts *ret);

#endif
