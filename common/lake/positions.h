/*
 * The positions of a table with many partitions: those that have not moved for a while lie in a file beside the log.
 *
 * Layer: lake (uses side, jansson).  Up to POSITIONS_IN_ENTRY of them are all in the entry's state, in `positions`.
 * With more, `position_file` names a file with all positions at some version, and `positions` has only those that
 * differ: the ones that have moved since, or are new.  log_read() combines the two, so readers of entries need not
 * know.  A file is the JSON object {"positions":{GROUP:{TOPIC:{PARTITION:…}}}}.
 */
#ifndef WEIR_LAKE_POSITIONS_H
#define WEIR_LAKE_POSITIONS_H

#include <jansson.h>

#include "common/lake/store.h"

#define POSITIONS_IN_ENTRY 64

/*
 * Complete STATE (may be NULL), as read from an entry in DIR, so that it holds all positions.  -EBADMSG when the file
 * is gone or was changed; or an error of the store.
 */
int positions_unfold(struct store *store, const char *dir, json_t *state, struct strbuf *err) MUST_CHECK;

/*
 * Reduce STATE, which holds all positions and is to be written as VERSION, to those that differ from its file; when
 * these are too many a new file is written first.  MOVED is how many positions the commit moves: when these are most of
 * them, the entry lists them all anyway, and no file is used.  Errors as above and of side_write(): the entry must not
 * be written then.
 */
int positions_fold(struct store *store, const char *dir, json_t *state, int64_t version, size_t moved,
	struct strbuf *err) MUST_CHECK;

#endif
