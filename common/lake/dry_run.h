/*
 * Checks whether a table could be written: does each kind of operation that a writer needs once, on objects of its own.
 *
 * Layer: lake (uses store, housekeeping, log).
 */
#ifndef WEIR_LAKE_DRY_RUN_H
#define WEIR_LAKE_DRY_RUN_H

#include "common/lake/entry.h"
#include "common/lake/store.h"

/*
 * Read, list, create (twice: the second time must be refused), stage, publish, read back and remove in STORE, which was
 * opened for the writer UUID, as a table of KIND needs it: the files of a Delta table are made in place where stores
 * can do that.  Leaves nothing behind unless the removal fails.  Returns 0, or the first error, with ERR.
 */
int dry_run(struct store *store, enum table_kind kind, const char *uuid, struct strbuf *err) MUST_CHECK;

#endif
