/*
 * Whether a Parquet file in a store is whole: its footer, and all column chunks, which are read one after the other.
 *
 * Layer: lake (uses store; reader of parquet).  Memory has the footer and a page.
 */
#ifndef WEIR_LAKE_PARQUET_CHECK_H
#define WEIR_LAKE_PARQUET_CHECK_H

#include <stdbool.h>

#include "common/lake/store.h"

struct parquet_checked {
	int64_t rows; /* by its footer */
	bool ours;    /* it says that weir has made it */
	/*
	 * Something in it is not read here, such as an encoding: then only the footer is known to be good, and ERR
	 * names what it is.
	 */
	bool partly;
};

/* Columns of a file that were decoded as a whole. */
struct parquet_decoded {
	bool *leaf; /* by their numbers in the file; owned; NULL: none was */
	size_t leaves;
};

/* What parquet_check() does not read. */
struct parquet_spared {
	bool pages;                            /* all but the footer */
	const struct parquet_decoded *decoded; /* these columns; borrowed; NULL: none */
};

/*
 * Check the file PATH of SIZE bytes without what is SPARED.  -EBADMSG with the reason in ERR when it is damaged or its
 * parts contradict each other; -ENOENT; other errors of the store.  *RET is set only when it returns 0.
 */
int parquet_check(struct store *store, const char *path, uint64_t size, struct parquet_spared spared,
	struct parquet_checked *ret, struct strbuf *err) MUST_CHECK;

#endif
