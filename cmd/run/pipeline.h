/*
 * A pipeline: the bash that runs its text, and what that tells of the end of its programs.
 */
#ifndef WEIR_RUN_PIPELINE_H
#define WEIR_RUN_PIPELINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "cmd/run/judge.h"
#include "common/base/diag.h"

#define PIPELINE_FD 20 /* descriptors that a pipeline inherits are this one or above it: those of scripts are below */

struct pipeline {
	const char *name; /* what bash calls it in its messages */
	const char *text;
	int lock;    /* a descriptor that all of its processes inherit, -1: none */
	pid_t shell; /* 0: it does not run */
	int words;   /* the file that the shell leaves its word in, -1: none */
	int null;    /* its standard input, -1: not open yet */
};

/*
 * Whether bash can parse the text; it has said why not.
 * 0, -EINVAL when it can not, or -errno when bash can not be run.
 */
int pipeline_check(const struct pipeline *p) MUST_CHECK;

/* Start it, in a process group of its own; standard input is empty.  0 or -errno. */
int pipeline_start(struct pipeline *p) MUST_CHECK;

/* Take the end of every process that has ended; true: the shell was one of them, and *ret is its end. */
bool pipeline_reap(struct pipeline *p, struct outcome *ret);

/* Close what is open; a shell that runs goes on. */
void pipeline_release(struct pipeline *p);

#endif
