/*
 * The files of a Delta table at a version, whoever has written them: the reading side of Delta's log.
 *
 * Layer: lake (uses store, delta_actions, delta_checkpoint; json of data; jansson).  By PROTOCOL.md, "Action
 * Reconciliation": a snapshot is the newest checkpoint that is not later than the version (a classic one, one of
 * several files, or a V2 checkpoint with its sidecars) and the entries after it.  Files come one after the other, those
 * of the checkpoint first, then those of the entries in their order.
 *
 * Memory does not grow with the number of files, but with what the entries after the checkpoint have: 32 bytes for each
 * of their files, and their texts up to DELTA_TAIL_BYTES; what is more is read twice.  A file of a checkpoint is in
 * memory as a whole while it is read.
 */
#ifndef WEIR_LAKE_DELTA_SNAPSHOT_H
#define WEIR_LAKE_DELTA_SNAPSHOT_H

#include <jansson.h>

#include "common/lake/delta_snapshot_base.h"
#include "common/lake/delta_snapshot_find.h"
#include "common/lake/delta_snapshot_tail.h"

struct delta_snapshot {
	struct store *store; /* borrowed */
	int64_t version;
	json_t *protocol, *meta; /* the actions that are valid at the version; owned */
	struct delta_base base;
	struct delta_tail tail;
	bool in_tail; /* the files of the checkpoint have been read */
};

/*
 * Read the log of the Delta table in STORE up to what AS_OF says.  -ENOENT: there is no such table, or no such version
 * (any more); -EBADMSG: the log has gaps or is damaged; -ENOTSUP: the table needs something of its readers that weir
 * does not know; or an error of the store.  Release S in any case.
 */
int delta_snapshot_open(
	struct delta_snapshot *s, struct store *store, const struct as_of *as_of, struct strbuf *err) MUST_CHECK;
void delta_snapshot_release(struct delta_snapshot *s);

/* The next file: 1, and its add action, owned by the caller; 0 at the end; -EBADMSG; an error of the store. */
int delta_snapshot_next(struct delta_snapshot *s, json_t **ret_add, struct strbuf *err) MUST_CHECK;

#endif
