/* A program of statements: its text, read into steps. */
#ifndef WEIR_CMD_MAP_PROGRAM_H
#define WEIR_CMD_MAP_PROGRAM_H

#include "cmd/map/step.h"

#define PROGRAM_MAX_STEPS   1000
#define PROGRAM_MAX_EXPLODE 8 /* each multiplies the number of records */

struct map_program {
	struct map_step *steps;
	size_t count, explodes;
};

/* Append the statements in TEXT.  -EINVAL with the reason in ERR. */
int program_parse(struct map_program *p, const char *text, struct strbuf *err) MUST_CHECK;
void program_release(struct map_program *p);

#endif
