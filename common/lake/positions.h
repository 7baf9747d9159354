/*
 * The positions of a table with many partitions: positions that have not moved for a while are in a file beside the
 * log.
 *
 * Layer: lake (uses side, jansson).  Up to POSITIONS_IN_ENTRY of them are all in the entry's state, in `positions`.
 * With more, `position_file` names a file with all positions at some version, and `positions` has only those that
 * differ because they have moved since, or are new. log_read() combines the two, so other code need not know about it.
 * A file is the JSON object {"positions":{GROUP:{TOPIC:{PARTITION:…}}}}.
 */
#ifndef WEIR_LAKE_POSITIONS_H
#define WEIR_LAKE_POSITIONS_H

#include <jansson.h>

#include "common/lake/store.h"

#define POSITIONS_IN_ENTRY 64

/*
 * Complete STATE (may be NULL), which was read from an entry in DIR, so that it holds all positions.  -EBADMSG when the
 * file is gone or was changed; or an error of the store.
 */
int positions_unfold(struct store *store, const char *dir, json_t *state, struct strbuf *err) MUST_CHECK;

/*
 * Reduce STATE, which holds all positions and will be written as VERSION, to the positions that differ from its file;
 * when there are too many of these, a new file is written first.  MOVED is how many positions the commit moves.  When
 * most of them move, the entry lists all positions, and no file is used.  Errors as above and of side_write(): the
 * entry must not be written then.
 */
int positions_fold(struct store *store, const char *dir, json_t *state, int64_t version, size_t moved,
	struct strbuf *err) MUST_CHECK;

#endif
