/*
 * Until when the times of a partition's records last, by the values of its columns.
 */
#ifndef WEIR_LAKE_COMPACT_SPAN_H
#define WEIR_LAKE_COMPACT_SPAN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/lake/layout.h"

/*
 * Set *RET_S to the end, in seconds since the epoch, of the partition with these VALUES: no record of it has a time at
 * or after that.  LAYOUT is a pattern (in the zone of time_zone_set()) or a list.  False when the values do not say: no
 * column is made of a time, or they are not such values.
 */
bool span_end(const struct layout *layout, char *const *values, int64_t *ret_s);

#endif
