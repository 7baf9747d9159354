/*
 * Files that are replaced whole: who reads one sees all of the old contents or all of the new.
 *
 * Layer: io (uses base).  The new contents go into a temporary file of a random name in the same directory, which is
 * made there (O_EXCL, so that a link that somebody has laid is not followed), and then take the name of the old one.
 * What the name stands for must be a regular file or nothing: devices, FIFOs and links are not replaced.
 */
#ifndef WEIR_IO_FILE_H
#define WEIR_IO_FILE_H

#include <stddef.h>

#include "common/base/diag.h"

struct file {
	int fd;                 /* to write to; -1: not open */
	char *path, *temporary; /* owned */
};

/*
 * Begin to replace PATH; the mode of the new file is 0666 without the umask.
 * Returns 0; -EINVAL when PATH is something else than a regular file; or -errno.  Then FILE need not be released.
 */
int file_begin(struct file *file, const char *path) MUST_CHECK;

/* All is written to file->fd: make it durable and put it in place.  0 or -errno, after which PATH is what it was. */
int file_commit(struct file *file) MUST_CHECK;

/* Give up: PATH stays what it was. */
void file_drop(struct file *file);

/* Write all of the LEN bytes at DATA to FD, whatever it takes.  0 or -errno. */
int file_write(int fd, const void *data, size_t len) MUST_CHECK;

/* Replace PATH by the LEN bytes at DATA.  0 or -errno, as the above. */
int file_replace(const char *path, const void *data, size_t len) MUST_CHECK;

/* What to say of ERR, which file_begin() or file_replace() has returned; static or thread-local. */
const char *file_strerror(int err);

#endif
