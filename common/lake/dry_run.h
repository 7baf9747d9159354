/*
 * Checks whether a table could be written: does each kind of operation that a writer needs once, on objects of its own.
 *
 * Layer: lake (uses store, housekeeping, log).
 */
#ifndef WEIR_LAKE_DRY_RUN_H
#define WEIR_LAKE_DRY_RUN_H

#include "common/lake/store.h"

/*
 * Read, list, create (twice: the second time must be refused), stage, publish, read back and remove in STORE, which was
 * opened for a writer.  Leaves nothing behind unless removing fails.  0, or the first error, with ERR.
 */
int dry_run(struct store *store, struct strbuf *err) MUST_CHECK;

#endif
