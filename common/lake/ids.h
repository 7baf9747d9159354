/*
 * The names of --id that a table has committed, for 90 days.
 *
 * Layer: lake (uses side, entry, jansson).  An entry's state holds the newest ids, up to IDS_IN_ENTRY, in `ids`; older
 * ones lie in files beside the log, which `id_files` names, oldest first, each {"name",…,"ids":COUNT,"newest":MS}. When
 * an entry has that many, they move into a new file, together with the ids of those newest files that do not hold more
 * ids.  So there are few files, and each id is written only a few times, and not with every commit.  A file is a line
 * {"ids":{"v":1,"count":N}} and N lines ["NAME",MS].
 */
#ifndef WEIR_LAKE_IDS_H
#define WEIR_LAKE_IDS_H

#include <jansson.h>
#include <stdbool.h>

#include "common/lake/store.h"

#define IDS_IN_ENTRY 64
#define IDS_KEPT_MS  (INT64_C(90) * 86400 * 1000)

/* The part of a log that this module needs: where its files are. */
struct ids_place {
	struct store *store;
	const char *dir;
};

/*
 * Whether the table of STATE (may be NULL) has committed ID (UTF-8): 1 or 0.  -EBADMSG when that is not known because a
 * file of ids is gone or was changed; or an error of the store.
 */
int ids_find(struct ids_place place, json_t *state, const char *id, struct strbuf *err) MUST_CHECK;

/*
 * Put ID into STATE, that of the entry VERSION, which is about to be written at NOW_MS, and drop ids that are too old.
 * ID is NULL for a commit without one.  Errors as for ids_find() and side_write(): the entry must not be written then.
 */
int ids_add(struct ids_place place, json_t *state, const char *id, int64_t version, int64_t now_ms,
	struct strbuf *err) MUST_CHECK;

/* Whether an id that was committed at MS is forgotten at NOW_MS; not if MS shows that the clock was not set. */
bool ids_is_old(int64_t ms, int64_t now_ms);

/* What is wrong with `ids` and `id_files` of STATE, in words; NULL: nothing. */
const char *ids_fault(json_t *state);

/* Check that the file of REF, one of `id_files`, is unchanged: 0, or -EBADMSG; or an error of the store. */
int ids_check(struct ids_place place, json_t *ref, struct strbuf *err) MUST_CHECK;

#endif
