/* What steps do to the names of a header, and to records that get the same columns. */
#ifndef WEIR_CMD_MAP_NAMES_H
#define WEIR_CMD_MAP_NAMES_H

#include "cmd/map/mapper.h"

/* Apply a step that changes which members there are.  0, -ENOTDIR: there is no place for one, -EMSGSIZE: too
 * much would be made, or -errno of regex_replace(). */
int names_shape(struct mapper *m, struct map_step *s) MUST_CHECK;

/* Columns: add those that parse makes, without values. */
void names_extract(struct mapper *m, struct map_step *s);

/* Apply what the steps do to names to the row, which has the names of a header. */
void names_apply(struct mapper *m);

#endif
