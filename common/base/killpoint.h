/*
 * Named points at which a test kills the program, to examine what a crash there leaves behind.
 *
 * Layer: lowest floor.  Only `make KILL=1` compiles them in; elsewhere KILL_POINT() is nothing.
 * WEIR_KILL_AT=NAME in the environment kills the process by SIGKILL at the first KILL_POINT("NAME"),
 * WEIR_KILL_AT=NAME:3 at the third.  WEIR_STOP_AT stops it there, until it gets SIGCONT.
 */
#ifndef WEIR_BASE_KILLPOINT_H
#define WEIR_BASE_KILLPOINT_H

#ifdef WEIR_KILL_POINTS
void kill_point(const char *name);
#define KILL_POINT(name) kill_point(name)
#else
#define KILL_POINT(name) ((void)0)
#endif

#endif
