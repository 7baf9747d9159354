/*
 * What one version of a table's log means to a reader who has all rows of the versions before it: which rows it adds,
 * and whether it takes some away.
 *
 * Layer: lake (uses entry, delta_rules; identity of stream).  No store is read.  By Delta Lake's PROTOCOL.md, an action
 * with `dataChange` false only rearranges existing rows, as a compaction does, so a reader who has them skips it.
 */
#ifndef WEIR_LAKE_CHANGES_H
#define WEIR_LAKE_CHANGES_H

#include "common/lake/entry.h"
#include "common/stream/cursors.h"

struct changes {
	json_t *adds;     /* array of the add actions whose rows are new; owned */
	bool removes;     /* it takes away rows that were there, or replaces them by others */
	const char *what; /* with `removes`: what it does, borrowed from the entry or static: "DELETE" */
};

/* Find the changes of ENTRY; to be released. */
void changes_find(const struct entry *entry, struct changes *ret);
void changes_release(struct changes *c);

/*
 * Whether ENTRY makes another table of the one with the id TABLE: *ret_id, which may be NULL, is the new id, borrowed
 * from ENTRY.
 */
bool changes_table(const struct entry *entry, const char *table, const char **ret_id);

/*
 * What distinguishes ENTRY from any other one with the number VERSION: the time of its commit (-1: it does not say),
 * and the CRC-32 of its id or, when a foreign writer gave it none, of its actions.
 */
struct identity changes_identity(const struct entry *entry, int64_t version);

#endif
