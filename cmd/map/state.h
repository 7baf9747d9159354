/* What a program knows of records before: the values of `step`, the keys of `dedupe`; and its state over restarts. */
#ifndef WEIR_CMD_MAP_STATE_H
#define WEIR_CMD_MAP_STATE_H

#include "cmd/map/mapper.h"

/* Prepare the statements of M that need it, and open the state.  OPT_GO, or an exit status after a message. */
int state_open(struct mapper *m) MUST_CHECK;

#endif
