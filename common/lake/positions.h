/*
 * The positions of a table with many partitions: those that have not moved for long lie in a file beside the log.
 *
 * Layer: lake (uses side, jansson).  Up to POSITIONS_IN_ENTRY an entry's state holds them all, in `positions`.  With
 * more `position_file` names a file, which has the positions of all at some version, and `positions` those that differ:
 * what has moved since, or is new.  Whoever reads an entry gets them together (log_read()), and need not know.  A file
 * is the JSON object {"positions":{GROUP:{TOPIC:{PARTITION:…}}}}.
 */
#ifndef WEIR_LAKE_POSITIONS_H
#define WEIR_LAKE_POSITIONS_H

#include <jansson.h>

#include "common/lake/store.h"

#define POSITIONS_IN_ENTRY 64

/*
 * Have STATE (may be NULL), as it was read from an entry in DIR, hold all positions.  -EBADMSG when the file is gone or
 * was changed; or an error of the store.
 */
int positions_unfold(struct store *store, const char *dir, json_t *state, struct strbuf *err) MUST_CHECK;

/*
 * Have STATE, which holds all positions and is to be written as VERSION, hold only those that differ from its file;
 * where that are too many a new file is written first.  MOVED is how many the commit moves: when it moves most of them
 * it says them all anyway, and there is no file.  Errors as above and of side_write(): the entry must not be written.
 */
int positions_fold(struct store *store, const char *dir, json_t *state, int64_t version, size_t moved,
	struct strbuf *err) MUST_CHECK;

#endif
