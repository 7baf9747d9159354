/*
 * Repairs a table whose newest entry cannot be used because it is damaged, or because a file that it names is gone.
 *
 * Layer: lake (uses log, snapshot, audit).  Nothing is rewritten: the next version takes back what the newest one has
 * done.  It removes the files that the newest entry adds, continues with the positions and ids of the entry before it,
 * and has `undoes`, so that readers skip entries that cannot be read.  It is only ever written as the version directly
 * after the head: if another writer commits meanwhile, that writer has found the head to be complete.
 */
#ifndef WEIR_LAKE_UNDO_H
#define WEIR_LAKE_UNDO_H

#include "common/lake/log.h"

/* What was undone. */
struct undo {
	int64_t first, last; /* versions that are no longer valid */
	struct entry entry;  /* the entry of version `last`, if it could be read; owned */
	json_t *state;       /* the state that is valid again, that of the entry before; owned */
};
void undo_release(struct undo *undo);

/*
 * Remove the remaining stages of the newest entry of STORE's log, and undo the entry; REASON (or NULL) goes into the
 * log.
 *
 *   -EINVAL    there is nothing to undo: the newest entry is complete, or can still be published
 *   -EEXIST    a file of it has its final name already, so readers may have seen its rows: ERR names it; it must be
 *   moved out of the table first. If the entry is damaged, this is a file that no entry names
 *   -EBADMSG   no entry before it can be read: there is nothing to go back to
 *   -ESTALE    another writer has committed meanwhile: check again
 *   STORE_UNKNOWN  it may be undone or not: check again
 *   other      as for log_open() and errors of the store
 */
int undo_head(struct store *store, const char *reason, struct undo *ret, struct strbuf *err) MUST_CHECK;

#endif
