/* Operands of which the end does not say that all was there: pipes, whose writer may have died. */
#ifndef WEIR_LAKE_PUT_PIPES_H
#define WEIR_LAKE_PUT_PIPES_H

#include <stdbool.h>

/* Whether the operand PATH ("-": standard input) is none of these. */
bool pipes_no_pipe(const char *path);

/*
 * The id is committed: read pipes among FILES (none: standard input) to their end all the same.  Whoever writes to one
 * would die of SIGPIPE, and the whole pipeline fail, though all is well.
 */
void pipes_drain(char **files);

#endif
