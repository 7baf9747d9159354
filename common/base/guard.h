/*
 * Keeps the memory of a process that has secrets to itself.
 *
 * Layer: base (libc only).
 */
#ifndef WEIR_BASE_GUARD_H
#define WEIR_BASE_GUARD_H

#include "common/base/diag.h"

/*
 * From now on core files do not contain the memory of this process, and no other process of its user may read it (root
 * still may).  This is needed because secrets are also in places that a program cannot wipe, such as the environment
 * and what libraries have copied.  Returns 0 or -errno of prctl(2).
 */
int guard_memory(void) MUST_CHECK;

#endif
