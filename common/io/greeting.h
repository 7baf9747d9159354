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
 * Make a greeting in the state "waiting for sinks".  Returns its descriptor, close-on-exec; negative when that is not
 * possible, which callers need not treat as a failure.
 */
int greeting_new(void);

/* All sinks have said hello; FD may be negative. */
void greeting_done(int fd);

/* Whether the source of the greeting that FD is open on still waits for sinks, or did so until it died. */
bool greeting_waits(int fd);

#endif
