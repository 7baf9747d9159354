/*
 * Whether the sinks of a source have said hello, for other processes of the same user to see, also after its death.
 *
 * Layer: io (libc only).  A source holds an anonymous file (memfd) with one byte; whoever finds that descriptor in
 * /proc/PID/fd may open it and read the byte at any time.
 */
#ifndef WEIR_IO_GREETING_H
#define WEIR_IO_GREETING_H

#include <stdbool.h>

/* What /proc/PID/fd/N points to. */
#define GREETING_LINK "/memfd:weir-greeting (deleted)"

/* A new one: sinks are waited for.  Close-on-exec; negative when there can not be one, which is no failure. */
int greeting_new(void);

/* All sinks have said hello; FD may be negative. */
void greeting_done(int fd);

/* Whether the greeting that FD is open on is still, or for ever, waited for. */
bool greeting_waits(int fd);

#endif
