/*
 * Puts the files of all bins together, on several cores.
 *
 * Each helper is a thread with a store, a writer's name and a rewriter of its own, and takes one bin after the other;
 * they share the list of files, of which each bin has others, and the log, which nobody changes meanwhile.  All of it
 * has the memory of --memory together; if the share of one is not enough for it, one alone does all.
 */
#ifndef WEIR_LAKE_COMPACT_CREW_H
#define WEIR_LAKE_COMPACT_CREW_H

#include "compact.h"

struct bins;
struct crew;

/*
 * Carry out PLAN for C.  *RET_FILES has the files, durable, valid until crew_free().  The first error of a helper, with
 * ERR, -ECANCELED after a signal; -EAGAIN when there are no threads.  Free *RET in any case.
 */
int crew_run(struct compact *c, const struct rewriter *kind, const struct bins *plan, struct crew **ret,
	struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err) MUST_CHECK;

/* Nothing is committed: remove what was made.  What cannot be removed is left to those who clean up. */
void crew_discard(struct crew *crew);
void crew_free(struct crew *crew);

#endif
