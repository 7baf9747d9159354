/*
 * Where acknowledgement sockets live: DIR/weir-XXXXXX/ack, DIR being $XDG_RUNTIME_DIR or /tmp.
 *
 * Layer: io (uses base).
 */
#ifndef WEIR_IO_ACKDIR_H
#define WEIR_IO_ACKDIR_H

#include "common/base/diag.h"

/*
 * Make a directory (0700) and listen on a socket (0600) in it; remove those that dead processes of this user have left.
 *  Sets *ret_fd (non-blocking, close-on-exec), *ret_path (freed by the caller) and *ret_lock, a descriptor that holds a
 * lock on the directory as long as its owner lives.  Returns 0 or -errno.
 */
int ackdir_listen(int *ret_fd, char **ret_path, int *ret_lock) MUST_CHECK;

/*
 * Check that PATH, which came from a stream, can be a socket that a process of this user has made by ackdir_listen():
 * it must lie in a directory weir-XXXXXX of this user that is not a link and that no other user may enter.  Returns 0,
 * -EPERM when it does not, or -errno when there is no such directory.
 */
int ackdir_check(const char *path) MUST_CHECK;

/* Remove the socket PATH and its directory. */
void ackdir_remove(const char *path);

#endif
