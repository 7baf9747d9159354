/*
 * Checks that a Delta table is what its log says: its entries, including those of others, its checkpoints, its files,
 * and what writers have left beside them.
 *
 * Layer: lake (uses audit, delta_checkpoint, delta_rules, parquet_check).  Where others have cleaned old entries away,
 * the audit begins at the oldest checkpoint that leads to those that are left.  Files are examined in the same order as
 * those of a raw table, so that a table that is written to gives no findings for that reason (audit.h).
 */
#ifndef WEIR_LAKE_AUDIT_DELTA_H
#define WEIR_LAKE_AUDIT_DELTA_H

#include "common/lake/audit.h"

/*
 * Read all entries of the log that are left, the files beside it that they name, and the checkpoints.  -ENOENT with the
 * reason in ERR when there is no log; errors of store_list().
 */
int audit_delta_log(struct audit *audit, struct store *store, struct strbuf *err) MUST_CHECK;

/*
 * Check the files of the newest version: they exist and have the right size and, unless QUICK, are whole (as far as the
 * reader of Parquet knows what is in them) and have the number of rows that their statistics give.
 */
void audit_delta_files(struct audit *audit, struct store *store, bool quick, int64_t before_ms);

/*
 * Look for files that no version names: those of our writers count when they have not changed since BEFORE_MS and their
 * writer is not known to live, those of others after a week.  And for stages and locks, as audit_rest().
 */
void audit_delta_rest(struct audit *audit, struct store *store, const struct survey *first, const struct survey *second,
	int64_t before_ms);

/*
 * Whether FOUND, of SURVEY, which was made after audit_delta_log(), has the name of a data file that a writer of ours
 * has made and that it commits no more, by its age.
 */
bool audit_delta_is_left(
	const struct audit *audit, const struct survey *survey, const struct found *found, int64_t before_ms);

#endif
