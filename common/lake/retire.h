/*
 * Old entries of a log that are no longer needed: they are emptied, but keep their names.
 *
 * Layer: lake (uses log, side).  Readers begin with the log's newest inventory, writers with its head.  Entries before
 * an inventory are therefore needed only by lake-check, which compares them with topics, and by programs that have read
 * up to there.  They are kept for the time that the writer has set (LOG_KEPT_MS), and up to twice as long.  `floor` in
 * the state is the version before which nothing is needed; an inventory of it lies beside the log, and the floor's own
 * entry stays.
 *
 * Why the names stay: a writer that has read version N, and was stopped there, puts version N+1 whenever it wakes up.
 * If N+1 had been removed by then, the put would succeed, below the head: the writer would believe that its records are
 * committed, and acknowledge them, but no reader would ever see them.  No check beforehand closes that gap, since the
 * writer may be stopped again after each check.  So a version that was ever committed is never free again; only its
 * contents are removed.  An empty file takes only the space of its name.
 *
 * A reader that meets an empty entry below the floor goes on from the head (log_refresh()).  The floor in force is that
 * of the entry before the head, because the head may still be undone.  A user who undoes more than the head (the head
 * is damaged, and files of the entry before are gone) may come back to a state whose floor is lower than the versions
 * that were emptied.  Its `next` is not lower, because floors are many versions apart; so the log then begins with
 * `next`.
 */
#ifndef WEIR_LAKE_RETIRE_H
#define WEIR_LAKE_RETIRE_H

#include "common/lake/log.h"

/*
 * LOG's head is published: empty the entries before LOG->retire, oldest first, and remove the files beside the log that
 * only they name.  If something cannot be done now, the next commit tries again.
 */
void log_retire(struct log *log);

#endif
