/*
 * Whether the statistics of a file of a Delta table are true: those in the log, the bounds in its footer,
 * and those in its indexes of pages.
 *
 * Layer: lake (uses delta_facts, delta_vector, parquet_check, store; scan, scan_pages and actual of parquet).  By
 * PROTOCOL.md, "Per-file Statistics": engines skip files, row groups and pages whose bounds exclude what they look for,
 * so a bound that a value exceeds hides rows.  Bounds that are wider than need be are true.  The log speaks of the rows
 * that are not deleted, and a footer and indexes of all.  Columns are read one after the other, so memory has one of
 * them.
 */
#ifndef WEIR_LAKE_DELTA_STATS_CHECK_H
#define WEIR_LAKE_DELTA_STATS_CHECK_H

#include <jansson.h>

#include "common/lake/delta_columns.h"
#include "common/lake/parquet_check.h"
#include "common/lake/store.h"

/* A file that exists. */
struct delta_stats_of {
	struct store *store;
	const struct delta_columns *columns; /* of the table */
	const json_t *add;
	const char *path;
	uint64_t size;
};

/*
 * Read the columns of FILE, and add to FINDINGS a sentence about each that has wrong statistics.  What cannot be read
 * here, such as an encoding, is left out.  *RET_DECODED, whose list the caller frees, has the columns that were read,
 * whatever is returned.  -EBADMSG with ERR: the file is damaged, or is not of the table's schema; -ENOTSUP, -EFBIG as
 * scan.h; errors of the store.  The fields of FILE are borrowed.
 */
int delta_stats_check(const struct delta_stats_of *file, struct names *findings, struct parquet_decoded *ret_decoded,
	struct strbuf *err) MUST_CHECK;

#endif
