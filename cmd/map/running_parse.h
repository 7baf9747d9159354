/* Reading the statement step, whose value is an expression of the value of a record and of one known before. */
#ifndef WEIR_CMD_MAP_RUNNING_PARSE_H
#define WEIR_CMD_MAP_RUNNING_PARSE_H

#include "cmd/map/step.h"
#include "cmd/map/words.h"

/* Read what follows after the word step.  0, or -EINVAL with a reason. */
int running_parse(struct map_words *w, struct map_step *s) MUST_CHECK;

#endif
