/*
 * Whether a program is to check only what it would do, for `weir run --check`.
 *
 * Layer: base (uses libc only).  A variable of the environment says so, so that it reaches every program of a pipeline
 * whatever its options are.  opt_parse() ends a program whose opt_spec does not set `looks`: its options and operands
 * are right then.  A program that sets it continues, and promises to read no record, to write none and to change
 * nothing before it ends: it parses its expressions, and asks brokers, stores and databases whether it has access.
 */
#ifndef WEIR_BASE_CHECKING_H
#define WEIR_BASE_CHECKING_H

#include <stdbool.h>

#define CHECKING_VARIABLE "WEIR_CHECK_ONLY" /* set to 1 by `weir run --check` */

/* Whether this process is only to check. */
bool checking(void);

/* 0 when the file PATH could be opened for writing, or made there; else -errno.  Nothing is opened or made. */
int checking_file(const char *path) __attribute__((warn_unused_result));

/* 0 when the command NAME could be executed, by PATH unless it has a slash; else -ENOENT or -EACCES. */
int checking_command(const char *name) __attribute__((warn_unused_result));

#endif
