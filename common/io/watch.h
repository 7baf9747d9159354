/*
 * A thread that watches calls of a library which may wait long for another machine: after a second it says what is
 * waited for, and at a limit it shuts the socket down, so that the call fails.
 *
 * Layer: io (uses base).  For libraries whose calls block, such as libpq.  One call at a time.
 */
#ifndef WEIR_IO_WATCH_H
#define WEIR_IO_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

struct watch;

/*
 * Start the thread, in which all signals are blocked.  WHO is waited for; it is borrowed.  TELL prints a line; it is
 * called from that thread, but only between watch_begin() and watch_end().  NULL: nothing is said.  0 or -errno of
 * pthread_create().
 */
int watch_new(struct watch **ret, const char *who, void (*tell)(const char *line)) MUST_CHECK;

/* W may be NULL. */
void watch_free(struct watch *w);

/*
 * A call begins.  The message is `waiting for WHO: WHAT`; WHAT is borrowed until watch_end(), and only its beginning is
 * shown.  At the end of LIMIT_MS (-1: there is no limit) the socket FD is shut down.
 */
void watch_begin(struct watch *w, const char *what, int fd, int64_t limit_ms);

/* It has ended.  True: the limit was reached. */
bool watch_end(struct watch *w);

#endif
