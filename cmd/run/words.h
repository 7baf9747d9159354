/*
 * The messages of `run`, and the names of programs in them.
 */
#ifndef WEIR_RUN_WORDS_H
#define WEIR_RUN_WORDS_H

#include "cmd/run/core.h"
#include "cmd/run/procs.h"

enum { NAMES_MAX = 64 };

/* The programs of a pipeline, from left to right; a zeroed one has none. */
struct program_names {
	size_t count;
	char names[NAMES_MAX][16];
};

void names_clear(struct program_names *n);

/* Note the names of the shell's children in a snapshot, unless it has fewer than are known: some have ended. */
void names_update(struct program_names *n, const struct procs *p, pid_t shell);

/* Print which processes are waited for. */
void words_report(const struct procs *p, pid_t shell, const struct core *core);

/* Print which processes are killed. */
void words_kill(const struct procs *p, pid_t shell);

/* Print how the pipeline has ended, and whether another try comes. */
void words_ended(const struct outcome *o, const struct program_names *n, const struct core *core);

#endif
