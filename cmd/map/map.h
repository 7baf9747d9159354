/* Running a program over records: the callbacks of their filter, from the beginning to the end. */
#ifndef WEIR_CMD_MAP_MAP_H
#define WEIR_CMD_MAP_MAP_H

#include "cmd/map/mapper.h"

/* Prepare M, whose program has been parsed.  OPT_GO, or an exit status after a message. */
int map_open(struct mapper *m, const struct map_options *opts, const struct opt_spec *spec) MUST_CHECK;
void map_release(struct mapper *m);
int map_run(struct mapper *m, char **operands) MUST_CHECK;

#endif
