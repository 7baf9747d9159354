/*
 * Whether a table could be written: every kind of operation that a writer needs, once, on objects of its own.
 *
 * Layer: lake (uses store, housekeeping, log).
 */
#ifndef WEIR_LAKE_DRY_RUN_H
#define WEIR_LAKE_DRY_RUN_H

#include "common/lake/store.h"

/*
 * Read, list, create (twice: the second time must be refused), stage, publish, read back and remove in STORE, a
 * writer's.  Leaves nothing behind unless the removing fails.  0, or the first error, with ERR.
 */
int dry_run(struct store *store, struct strbuf *err) MUST_CHECK;

#endif
