/*
 * The lock of --lock: a flock(2) that is held as long as this process, or one that has inherited it, lives.
 */
#ifndef WEIR_RUN_LOCK_H
#define WEIR_RUN_LOCK_H

#include "common/base/strbuf.h"

/*
 * Lock the regular file PATH, which is created if necessary and never changed or removed; *ret_fd must be kept open.
 *
 * Returns 0; -EWOULDBLOCK when another process holds it; if that process can be found, it is appended to HOLDER;
 * -EINVAL when PATH is not a regular file; or -errno.
 */
int lock_acquire(const char *path, int *ret_fd, struct strbuf *holder) MUST_CHECK;

#endif
