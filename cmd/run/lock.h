/*
 * The lock of --lock: a flock(2) that is held for as long as this process, or one that has inherited it, lives.
 */
#ifndef WEIR_RUN_LOCK_H
#define WEIR_RUN_LOCK_H

#include "common/base/strbuf.h"

/*
 * Lock the regular file PATH, which is made when it is not there, and which stays as it is; *ret_fd is to be kept open.
 *
 * Returns 0; -EWOULDBLOCK when somebody else has it, who is appended to HOLDER when that can be found out; -EINVAL when
 * PATH is no regular file; or -errno.
 */
int lock_take(const char *path, int *ret_fd, struct strbuf *holder) MUST_CHECK;

#endif
