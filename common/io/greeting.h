/*
 * Tells other processes of the same user whether the sinks of a source have said hello, even after the source's death.
 *
 * Layer: io (libc only).  A source holds an anonymous file (memfd) with one byte; a process that finds that descriptor
 * in /proc/PID/fd may open it and read the byte at any time.
 */
#ifndef WEIR_IO_GREETING_H
#define WEIR_IO_GREETING_H

#include <stdbool.h>

/* What /proc/PID/fd/N points to. */
#define GREETING_LINK "/memfd:weir-greeting (deleted)"

/*
 * Make one, in the state "waiting for sinks".  Close-on-exec; negative when that is not possible, which is not a
 * failure.
 */
int greeting_new(void);

/* All sinks have said hello; FD may be negative. */
void greeting_done(int fd);

/* Whether the greeting that FD is open on is still waited for, or was until its source died. */
bool greeting_waits(int fd);

#endif
