/* Kill points: see killpoint.h. */
#include "common/base/killpoint.h"

#ifdef WEIR_KILL_POINTS

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* The count is a mutable global, in the test build only. */
void kill_point(const char *name)
{
	static int passed;
	const char *at = getenv("WEIR_KILL_AT");
	size_t len = strlen(name);
	if (!at || strncmp(at, name, len) != 0 || (at[len] && at[len] != ':'))
		return;
	if (++passed >= (at[len] ? atoi(at + len + 1) : 1))
		raise(SIGKILL);
}

#else

/* ISO C wants a declaration in every file. */
extern int kill_points_are_compiled_out;

#endif
