/*
 * Old entries of a log that are not needed any more: they are emptied, and keep their names.
 *
 * Layer: lake (uses log, side).  Readers begin with the log's newest inventory, writers with its head.  Entries before
 * an inventory are therefore needed only by lake-check, which compares them with topics, and by programs that have read
 * up to there.  They are kept as long as the writer's setting says (LOG_KEPT_MS), and up to twice that: `floor` in
 * the state is the version before which nothing is needed; there is an inventory of it beside the log, and the floor's
 * own entry stays.
 *
 * Why the names stay: a writer that has read version N, and was stopped there, puts version N+1 whenever it wakes up.
 * If N+1 had been removed by then, that would succeed, below the head: the writer would take for committed, and
 * acknowledge, what no reader ever sees.  No check beforehand closes that gap, since the writer may be stopped again
 * after each check.  So a version that was ever committed is never free again; only its contents are removed.  An empty
 * file costs no more than its name.
 *
 * A reader that meets an empty entry below the floor goes on from the head (log_refresh()).  The floor in force is that
 * of the entry before the head, because the head may still be undone.  A user who undoes more than the head (the head
 * is damaged, and files of the entry before are gone) may come back to a state whose floor is lower than the versions
 * that were emptied.  Its `next` is not lower, since floors lie many versions apart, and the log begins there then.
 */
#ifndef WEIR_LAKE_RETIRE_H
#define WEIR_LAKE_RETIRE_H

#include "common/lake/log.h"

/*
 * LOG's head is published: empty the entries before LOG->retire, oldest first, and remove the files beside the log that
 * only they name.  What cannot be done now is left to the next commit.
 */
void log_retire(struct log *log);

#endif
