/*
 * How old the files of a store are, by the store's own clock.
 *
 * Layer: lake (uses store).
 */
#ifndef WEIR_LAKE_AGE_H
#define WEIR_LAKE_AGE_H

#include "common/lake/store.h"

/* The time since the epoch by the clock of the store; by this machine's, before the store has answered anything. */
int64_t store_now_ms(struct store *store);

/*
 * The time before which the last change of a file must lie, so that it is older than OLDER_MS.  For 0 it is INT64_MAX,
 * whatever the file's age: some servers tell their own time in whole seconds, that of their files in milliseconds, so
 * that a new file would be younger than nothing.
 */
int64_t store_before_ms(struct store *store, int64_t older_ms);

#endif
