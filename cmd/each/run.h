/*
 * Running CMD on a batch.
 */
#ifndef WEIR_EACH_RUN_H
#define WEIR_EACH_RUN_H

#include "common/stream/flow.h"

/*
 * Start ARGV (by PATH) with STDIN_FD as standard input.  Its output goes to FLOW as records, split at flow->delim,
 * including an unterminated last one.  A noted signal is passed on to it.
 *
 * Sets *ret_status to what waitpid(2) returns.  Returns 0; FLOW_STOP when writing to FLOW failed; -errno when CMD
 * cannot be started, or its output cannot be read (then *ret_status is untouched).
 */
int run_command(char *const *argv, int stdin_fd, struct flow *flow, int *ret_status) MUST_CHECK;

#endif
