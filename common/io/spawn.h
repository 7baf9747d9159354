/*
 * Starting a program of which only the output or the messages are wanted.
 *
 * Layer: io (uses base).
 */
#ifndef WEIR_IO_SPAWN_H
#define WEIR_IO_SPAWN_H

#include <sys/types.h>

#include "common/base/diag.h"

/*
 * Start ARGV, found by PATH unless it has a slash, with nothing to read, its standard output going to OUT and its
 * standard error to ERR; -1: to nowhere.  0 and *ret_pid, which the caller waits for; or -errno.
 */
int spawn_hushed(char *const *argv, int out, int err, pid_t *ret_pid) MUST_CHECK;

#endif
