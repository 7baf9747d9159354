/* Kill points: see killpoint.h. */
#include "common/base/killpoint.h"

#ifdef WEIR_KILL_POINTS

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Whether the environment's VARIABLE names this arrival at the point NAME; *PASSED counts the arrivals. */
static bool now(const char *variable, const char *name, int *passed)
{
	const char *at = getenv(variable);
	size_t len = strlen(name);
	if (!at || strncmp(at, name, len) != 0 || (at[len] && at[len] != ':'))
		return false;
	return ++*passed == (at[len] ? atoi(at + len + 1) : 1);
}

/* The counts are mutable globals, but only in the test build. */
void kill_point(const char *name)
{
	static int kills, stops;
	if (now("WEIR_KILL_AT", name, &kills))
		raise(SIGKILL);
	if (now("WEIR_STOP_AT", name, &stops))
		raise(SIGSTOP);
}

int64_t kill_limit(const char *variable, int64_t value)
{
	const char *limit = getenv(variable);
	return limit ? strtoll(limit, NULL, 10) : value;
}

#else

/* ISO C requires a declaration in every file. */
extern int kill_points_are_compiled_out;

#endif
