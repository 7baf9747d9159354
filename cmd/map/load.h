/* Making the row of a record. */
#ifndef WEIR_CMD_MAP_LOAD_H
#define WEIR_CMD_MAP_LOAD_H

#include "cmd/map/mapper.h"

/* Make the row of the current record.  As the callbacks of record_filter.h; m->row.loaded: whether it could be. */
int load_row(struct mapper *m, struct flow *flow) MUST_CHECK;

#endif
