/*
 * Named points at which a test kills the program, to examine what a crash there leaves behind.
 *
 * Layer: lowest floor.  Only `make KILL=1` compiles them in; elsewhere KILL_POINT() is nothing.  WEIR_KILL_AT=NAME in
 * the environment kills the process by SIGKILL at the first KILL_POINT("NAME"), WEIR_KILL_AT=NAME:3 at the third.
 * WEIR_STOP_AT stops it there, until it gets SIGCONT.  KILL_LIMIT() gives a time limit that is too long for a test; an
 * environment variable of that name shortens it.
 */
#ifndef WEIR_BASE_KILLPOINT_H
#define WEIR_BASE_KILLPOINT_H

#ifdef WEIR_KILL_POINTS
#include <stdint.h>

void kill_point(const char *name);
int64_t kill_limit(const char *variable, int64_t value);
#define KILL_POINT(name)            kill_point(name)
#define KILL_LIMIT(variable, value) kill_limit(variable, value)
#else
#define KILL_POINT(name)            ((void)0)
#define KILL_LIMIT(variable, value) (value)
#endif

#endif
