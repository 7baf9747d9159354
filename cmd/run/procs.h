/*
 * The processes below this one, as /proc shows them.
 *
 * /proc may be that of an outer pid namespace (`unshare --pid --fork` without --mount-proc), whose numbers differ from
 * ours: each process has both a number in /proc and one for kill(2).
 */
#ifndef WEIR_RUN_PROCS_H
#define WEIR_RUN_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/base/strbuf.h"

struct proc {
	long number, parent;      /* as in /proc */
	pid_t pid;                /* for kill(2) */
	unsigned long long start; /* in clock ticks since the machine's start */
	char name[16];            /* of the program; cut by the kernel */
	bool piped;               /* its standard input is a pipe or a socket */
	bool below;               /* it is a descendant of ours; the others are ignored */
};

/* A snapshot; a zeroed one is empty. */
struct procs {
	struct proc *items; /* owned; descendants of this process except zombies, the oldest first */
	size_t count;
	long own; /* the number of this process */
};

/*
 * Take a new snapshot in P, without those that are in OTHERS and their descendants.
 * 0, or -errno when /proc cannot be read: P is empty then.
 */
int procs_read(struct procs *p, const struct procs *others) MUST_CHECK;
void procs_release(struct procs *p);

/* The process with the pid PID, NULL: it is not there. */
const struct proc *procs_find(const struct procs *p, pid_t pid);

/*
 * Whether ITEM is a source of the pipeline of SHELL or, when SHELL is not in P, of the rest of its pipeline: see
 * procs.c.
 */
bool procs_is_source(const struct procs *p, const struct proc *item, pid_t shell);

/* Append to TEXT another process that has the file FD open, as " (NAME, process N)", or nothing. */
void procs_add_holder(int fd, struct strbuf *text);

#endif
