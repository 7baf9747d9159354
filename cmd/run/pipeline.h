/*
 * A pipeline: the bash that runs its text, and the statuses of its programs that it reports.
 */
#ifndef WEIR_RUN_PIPELINE_H
#define WEIR_RUN_PIPELINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "cmd/run/judge.h"
#include "common/base/diag.h"

#define PIPELINE_FD 20 /* descriptors that a pipeline inherits are this one or higher: scripts use lower ones */

struct pipeline {
	const char *name; /* its name in bash's messages */
	const char *text;
	int lock;    /* a descriptor that all of its processes inherit; -1: none */
	pid_t shell; /* 0: it does not run */
	int words;   /* the file to which the shell writes the statuses, -1: none */
	int null;    /* its standard input, -1: not open yet */
};

/*
 * Whether bash can parse the text; bash prints what is wrong.
 * 0, -EINVAL when it cannot, or -errno when bash cannot be run.
 */
int pipeline_check(const struct pipeline *p) MUST_CHECK;

/* Start it, in a process group of its own; standard input is empty.  0 or -errno. */
int pipeline_start(struct pipeline *p) MUST_CHECK;

/* Reap every process that has ended; true: the shell was one of them, and *ret is its outcome. */
bool pipeline_reap(struct pipeline *p, struct outcome *ret);

/* Close what is open; a running shell goes on. */
void pipeline_release(struct pipeline *p);

#endif
