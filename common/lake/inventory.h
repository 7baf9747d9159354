/*
 * All files of a table at one version, in a file beside the log.  Readers begin there and need no earlier entry; old
 * entries may be emptied only if there is one.
 *
 * Layer: lake (uses log, side).  Now and then a writer makes an inventory of the head before its own entry, and names
 * it in its entry's state; later entries repeat that:
 *     "inventory":{"name":"files-…","size":…,"crc":…,"version":V,"files":COUNT}
 *     "floor":F                   entries before F are not needed any more: see retire.h
 *     "next":{"version":N,"at":MS} the next floor, and since when an inventory of it has existed
 * The file is a line
 *     {"inventory":{"v":1,"version":V,"own":{"version":N,"txnId":UUID}}}
 * (`own`: the entry of ours that the next one follows, which is V unless a foreign writer wrote V) and a line
 *     {"version":N,"add":{…}}
 * for each file, in the order of the commits; N is the version that added it.  A file that was added several times is
 * listed once, by its newest add action; a file whose newest action is a remove is not listed.
 */
#ifndef WEIR_LAKE_INVENTORY_H
#define WEIR_LAKE_INVENTORY_H

#include "common/lake/log.h"

struct inventory {
	int64_t version; /* -1: there is none, and the log begins with its first entry */
	json_t *own;     /* owned; NULL: none */
	struct strbuf text;
	size_t pos; /* position of the next line in TEXT */
};

/*
 * Read the inventory that STATE (may be NULL) names; none when it names none.  -EBADMSG when the file is gone or was
 * changed; or an error of the store.  Release INV in any case.
 */
int inventory_read(
	struct inventory *inv, struct store *store, const char *dir, json_t *state, struct strbuf *err) MUST_CHECK;
void inventory_release(struct inventory *inv);

/* The next file: 1, its add action (owned by the caller), and the version that added it; 0 at the end; -EBADMSG. */
int inventory_next(struct inventory *inv, json_t **ret_add, int64_t *ret_version, struct strbuf *err) MUST_CHECK;

/*
 * Make a log that is at the version of INV; from there log_step() leads to the head of LOG, to which INV belongs.
 * Release it.
 */
struct log inventory_log(const struct inventory *inv, const struct log *log);

/* Whether it is time for a new inventory at LOG's head. */
bool inventory_due(const struct log *log);

/*
 * Make an inventory of LOG's head at NOW_MS, and name it in STATE, the state of the entry after the head.  Entries are
 * kept for at least KEEP_MS.  Errors as for inventory_read(), log_next() and side_write(): STATE is unchanged then, and
 * still valid.
 */
int inventory_make(
	const struct log *log, json_t *state, int64_t now_ms, int64_t keep_ms, struct strbuf *err) MUST_CHECK;

#endif
