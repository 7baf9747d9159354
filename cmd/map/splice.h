/*
 * Records of JSON of which members are only set or added: the new values are put between the bytes of the record, at
 * the places that its reader has found, so that nothing is scanned twice.
 */
#ifndef WEIR_CMD_MAP_SPLICE_H
#define WEIR_CMD_MAP_SPLICE_H

#include "cmd/map/mapper.h"

/* Apply the program to the current record.  True: it is done, with *RET as from a callback; false: it is not an object.
 */
bool splice_record(struct mapper *m, struct flow *flow, int *ret) MUST_CHECK;

#endif
