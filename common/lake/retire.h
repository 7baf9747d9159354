/*
 * Old entries of a log, which nobody can need any more: they are emptied, and keep their names.
 *
 * Layer: lake (uses log, side).  Readers by the log begin with its newest inventory, writers with its head, so entries
 * before an inventory are needed only by lake-check, which compares them with topics, and by those that stand there.
 * They are kept for as long as the writer says (LOG_KEPT_MS), and up to twice that: the state's `floor` is the version
 * before which nothing is needed, an inventory of it lies beside the log, and the entry itself stays.
 *
 * Why a name stays: a writer that has read version N, and was stopped there, puts version N+1 whenever it wakes up.  If
 * N+1 had been removed by then, that would succeed, and below the head: the writer would take for committed, and
 * acknowledge, what no reader ever sees.  Nothing that it could look at first closes that gap, since it may be stopped
 * again after each look.  So a version that was ever committed is never free again; what is removed is what it says.
 * An empty file costs its name.
 *
 * Who meets an empty entry below the floor goes on from the head (log_refresh()).  The floor that counts is that of the
 * entry before the head, because the head may be undone still.  A hand that undoes more than that (the head is damaged,
 * and the files of the one before are gone) may come back to a state whose floor is less than what was emptied; `next`
 * is not, since floors lie many versions apart, and the log begins there then.
 */
#ifndef WEIR_LAKE_RETIRE_H
#define WEIR_LAKE_RETIRE_H

#include "common/lake/log.h"

/*
 * LOG's head is published: empty the entries before LOG->retire, oldest first, and remove the files beside the log that
 * only they name.  What can not be done now the next commit does.
 */
void log_retire(struct log *log);

#endif
