/* Applying the steps of a program to a record. */
#ifndef WEIR_CMD_MAP_RUN_H
#define WEIR_CMD_MAP_RUN_H

#include "cmd/map/mapper.h"

/* Apply the steps from FROM on to the current record, and write what comes out.  As the callbacks of record_filter.h.
 */
int run_steps(struct mapper *m, size_t from, struct flow *flow) MUST_CHECK;

#endif
