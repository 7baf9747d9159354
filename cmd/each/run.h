/*
 * Running CMD on a batch.
 */
#ifndef WEIR_EACH_RUN_H
#define WEIR_EACH_RUN_H

#include "common/stream/flow.h"

/*
 * Start ARGV (by PATH) with STDIN_FD as standard input; what it prints goes to FLOW, records that are cut at
 * flow->delim, the last one also when unterminated.  A noted signal is passed on to it.
 *
 * Sets *ret_status to what waitpid(2) says.  Returns 0; FLOW_STOP when writing to FLOW failed; -errno when CMD can not
 * be started or its output not be read (then *ret_status is untouched).
 */
int run_command(char *const *argv, int stdin_fd, struct flow *flow, int *ret_status) MUST_CHECK;

#endif
