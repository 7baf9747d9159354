/*
 * The processes below this one, as /proc shows them.
 *
 * /proc may be that of an outer pid namespace (`unshare --pid --fork` without --mount-proc), whose numbers are others
 * than ours: each process has both, the one that /proc counts by and the one that kill(2) takes.
 */
#ifndef WEIR_RUN_PROCS_H
#define WEIR_RUN_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/base/strbuf.h"

struct proc {
	long number, parent;      /* as /proc has them */
	pid_t pid;                /* as kill(2) takes it */
	unsigned long long start; /* in clock ticks since the machine's start */
	char name[16];            /* of the program; cut as the kernel does */
	bool piped;               /* its standard input is a pipe or a socket */
	bool below;               /* it is a descendant of ours; the others are of no interest */
};

/* A picture; a zeroed one is empty. */
struct procs {
	struct proc *items; /* owned; descendants of this process that are no zombies, the oldest first */
	size_t count;
	long own; /* the number of this process */
};

/*
 * Take a picture anew in P, without those that are in OTHERS and what is below them.
 * 0, or -errno when /proc can not be read: P is empty then.
 */
int procs_read(struct procs *p, const struct procs *others) MUST_CHECK;
void procs_release(struct procs *p);

/* The one whose pid is PID, NULL: it is not there. */
const struct proc *procs_find(const struct procs *p, pid_t pid);

/* Whether ITEM is a source of the pipeline of SHELL, or, when that is not in P, of what it has left: see procs.c. */
bool procs_is_source(const struct procs *p, const struct proc *item, pid_t shell);

/* Who has the file FD open, beside this process: " (NAME, process N)" is appended to TEXT, or nothing. */
void procs_add_holder(int fd, struct strbuf *text);

#endif
