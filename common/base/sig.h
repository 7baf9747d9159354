/*
 * Signals: what a program does about SIGINT, SIGTERM and SIGPIPE (doc/design.md, 9).  SIGHUP (unless it is ignored, as
 * under nohup(1)), SIGXCPU, SIGUSR1 and SIGUSR2 would kill by default; they are treated like SIGTERM in everything
 * below.
 *
 * Layer: base.  The handlers are installed without SA_RESTART, so a blocking call returns EINTR and its caller calls
 * sig_stop().  A second SIGINT or SIGTERM kills the process, unless it comes within a second of the first one
 * (timeout(1), for example, sends the same signal twice).  sig_filter() and sig_effects() also prevent SIGXFSZ from
 * killing, so that write(2) returns EFBIG.
 */
#ifndef WEIR_BASE_SIG_H
#define WEIR_BASE_SIG_H

#include <signal.h>
#include <stdbool.h>

/* A pure filter: SIGINT and SIGTERM are noted, SIGPIPE kills silently (even if the parent ignored it). */
void sig_filter(void);

/* A program with side effects: SIGINT and SIGTERM are noted, SIGPIPE is ignored so that write(2) returns EPIPE. */
void sig_effects(void);

/* The first signal that was noted, 0 when none was. */
int sig_stop(void);

/* Whether a signal was noted; for use as a callback. */
bool sig_stopped(void);

/* Block these signals in this thread; *ret_old is the mask for a ppoll(2) that waits for them without a race. */
void sig_block(sigset_t *ret_old);

#endif
