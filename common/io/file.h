/*
 * Files that are read whole, or replaced whole: a reader sees all of the old contents or all of the new.
 *
 * Layer: io (uses base).  The new contents go into a temporary file with a random name in the same directory, which is
 * created there (O_EXCL, so that a link that another user has placed is not followed) and then renamed over the old
 * file.  The old one must be a regular file or not exist: devices, FIFOs and links are not replaced.
 */
#ifndef WEIR_IO_FILE_H
#define WEIR_IO_FILE_H

#include <stddef.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

struct file {
	int fd;                 /* to write to; -1: not open */
	char *path, *temporary; /* owned */
};

/*
 * Begin to replace PATH; the mode of the new file is 0666 without the umask.
 * Returns 0; -EINVAL when PATH is not a regular file; or -errno.  Then FILE need not be released.
 */
int file_begin(struct file *file, const char *path) MUST_CHECK;

/*
 * Call it when all is written to file->fd: it makes the file durable and renames it to PATH.  0; or -errno, and PATH is
 * unchanged.
 */
int file_commit(struct file *file) MUST_CHECK;

/* Give up: PATH stays unchanged. */
void file_drop(struct file *file);

/* Write all of the LEN bytes at DATA to FD, in as many calls as it takes.  0 or -errno. */
int file_write(int fd, const void *data, size_t len) MUST_CHECK;

/* Replace PATH by the LEN bytes at DATA.  0 or -errno, as the above. */
int file_replace(const char *path, const void *data, size_t len) MUST_CHECK;

/*
 * Append the contents of PATH, of any kind of file, to RET; "-" is standard input.  0, -EFBIG (there are more than MAX
 * bytes), or -errno; after an error RET holds a part of them.
 */
int file_read(const char *path, size_t max, struct strbuf *ret) MUST_CHECK;

/*
 * Open an empty file without a name in $TMPDIR, else /tmp, to read and write; on a file system without O_TMPFILE, a
 * file whose name begins with NAME is made and unlinked.  Returns the descriptor, or -errno.
 */
int file_unnamed(const char *name) MUST_CHECK;

/* The text for ERR, which file_begin() or file_replace() has returned; static or thread-local. */
const char *file_strerror(int err);

#endif
