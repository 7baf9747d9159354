/*
 * Pipes among the operands: the end of a pipe does not prove that the input was complete, because the writer may have
 * died.
 */
#ifndef WEIR_IO_PIPES_H
#define WEIR_IO_PIPES_H

#include <stdbool.h>

/* Whether the operand PATH ("-": standard input) is not a pipe. */
bool pipes_no_pipe(const char *path);

/*
 * The id is already committed: still read the pipes among FILES (none: standard input) to their end.  Otherwise their
 * writers would die of SIGPIPE, and the whole pipeline would fail although all is well.
 */
void pipes_drain(char **files);

#endif
