/*
 * The way out for a table whose newest entry cannot be used: it is damaged, or a file that it names is gone.
 *
 * Layer: lake (uses log, snapshot, audit).  Nothing is rewritten: the next version takes back what the newest one did.
 * It removes the files that the newest entry adds, carries on the positions and ids of the entry before it, and has
 * `undoes`, so that readers skip entries that cannot be read.  It is written as the version after the head and as no
 * other: a writer that commits meanwhile has found the head to be complete.
 */
#ifndef WEIR_LAKE_UNDO_H
#define WEIR_LAKE_UNDO_H

#include "common/lake/log.h"

/* What was undone. */
struct undo {
	int64_t first, last; /* versions that count no more */
	struct entry entry;  /* of the version `last`, when it could be read; owned */
	json_t *state;       /* the state that is valid again, that of the entry before; owned */
};
void undo_release(struct undo *undo);

/*
 * Undo the newest entry of STORE's log, after removing those of its stages that are left; REASON (or NULL) goes into
 * the log.
 *
 *   -EINVAL    there is nothing to undo: the newest entry is whole, or can still be published
 *   -EEXIST    a file of it has its final name already, so readers may have seen its rows: ERR names it; it has to be
 *              moved out of the table first.  Where the entry is damaged: a file that no entry names
 *   -EBADMSG   no entry before it can be read: there is nothing to go back to
 *   -ESTALE    another writer has committed meanwhile: look again
 *   STORE_UNKNOWN  it may be undone or not: look again
 *   other      as for log_open() and errors of the store
 */
int undo_head(struct store *store, const char *reason, struct undo *ret, struct strbuf *err) MUST_CHECK;

#endif
