/* The memory of a process: see guard.h. */
#include "common/base/guard.h"

#include <errno.h>
#include <sys/prctl.h>

int guard_memory(void)
{
	return prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) < 0 ? -errno : 0;
}
