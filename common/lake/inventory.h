/*
 * All files of a table at one version, in a file beside the log: where its readers begin, so that they need no entry
 * before it, and what has to be there before old entries may go.
 *
 * Layer: lake (uses log, side, snapshot).  A writer makes one now and then, of the head that it follows, and its
 * entry's state names it: "inventory":{"name":"files-…","size":…,"crc":…,"version":V,"files":COUNT} "floor":F entries
 * before F are not needed any more: see retire.h "next":{"version":N,"at":MS}   what the floor will be, and since when
 * that is an inventory Later entries carry that on.  The file is a line
 *     {"inventory":{"v":1,"version":V,"own":{"version":N,"txnId":UUID}}}
 * (`own`: the entry of ours that the next one follows, which is V unless a foreign writer wrote that) and a line
 *     {"version":N,"add":{…}}
 * for each file, in the order of the commits, N being the version that has added it.
 */
#ifndef WEIR_LAKE_INVENTORY_H
#define WEIR_LAKE_INVENTORY_H

#include "common/lake/log.h"

struct inventory {
	int64_t version; /* -1: none, the log begins with its first entry */
	json_t *own;     /* owned; NULL: none */
	struct strbuf text;
	size_t pos; /* of the next line in TEXT */
};

/*
 * Read the one that STATE (may be NULL) names; none when it names none.  -EBADMSG when it is gone or was changed; or an
 * error of the store.  Release INV in any case.
 */
int inventory_read(
	struct inventory *inv, struct store *store, const char *dir, json_t *state, struct strbuf *err) MUST_CHECK;
void inventory_release(struct inventory *inv);

/* The next file: 1, its add action (owned by the caller), and the version that added it; 0 at the end; -EBADMSG. */
int inventory_next(struct inventory *inv, json_t **ret_add, int64_t *ret_version, struct strbuf *err) MUST_CHECK;

/* Whether LOG, at its head, has gone on for long enough without one. */
bool inventory_due(const struct log *log);

/*
 * Make one of LOG's head, and have STATE, the one of the entry after it, name it, at NOW_MS.  Entries are kept for
 * KEEP_MS at least.  Errors as of inventory_read(), log_next() and side_write(): STATE is as it was, and still right.
 */
int inventory_make(
	const struct log *log, json_t *state, int64_t now_ms, int64_t keep_ms, struct strbuf *err) MUST_CHECK;

#endif
