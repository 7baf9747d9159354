/*
 * Where reading a Delta table begins: the checkpoint and the entries that a version needs.
 *
 * Layer: lake (uses store, delta_checkpoint).
 */
#ifndef WEIR_LAKE_DELTA_SNAPSHOT_FIND_H
#define WEIR_LAKE_DELTA_SNAPSHOT_FIND_H

#include "common/lake/as_of.h"
#include "common/lake/delta_checkpoint.h"

struct delta_found {
	int64_t version;
	struct delta_checkpoint checkpoint; /* the entries after its version are needed; version -1: all */
	char *v2;                           /* owned; the name of a V2 checkpoint of that version instead; NULL: none */
};

/*
 * Look for AS_OF in the log of STORE.  -ENOENT with ERR: there is no log, the version does not exist, cannot be had any
 * more, or all are later than the time; -EBADMSG: entries between the others are missing; errors of the store.  Release
 * RET in any case.
 */
int delta_snapshot_find(
	struct store *store, const struct as_of *as_of, struct delta_found *ret, struct strbuf *err) MUST_CHECK;
void delta_found_release(struct delta_found *found);

#endif
