/* Pipes among the operands: their end does not prove that all was there, because the writer may have died. */
#ifndef WEIR_LAKE_PUT_PIPES_H
#define WEIR_LAKE_PUT_PIPES_H

#include <stdbool.h>

/* Whether the operand PATH ("-": standard input) is not a pipe. */
bool pipes_no_pipe(const char *path);

/*
 * The id is committed already: read pipes among FILES (none: standard input) to their end all the same.  Otherwise
 * their writers would die of SIGPIPE, and the whole pipeline fail, although all is well.
 */
void pipes_drain(char **files);

#endif
