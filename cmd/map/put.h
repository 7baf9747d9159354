/* Writing the records that a program makes. */
#ifndef WEIR_CMD_MAP_PUT_H
#define WEIR_CMD_MAP_PUT_H

#include "cmd/map/mapper.h"

/* Write the current record, or its row if there is one.  As the callbacks of record_filter.h. */
int put_record(struct mapper *m, struct flow *flow) MUST_CHECK;

/* A record is written that is the current one or was made of it: count it, and remember the keys of dedupe. */
void put_accept(struct mapper *m);

#endif
