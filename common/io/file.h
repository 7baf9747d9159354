/*
 * Files that are replaced whole: a reader sees all of the old contents or all of the new.
 *
 * Layer: io (uses base).  The new contents go into a temporary file with a random name in the same directory, which is
 * created there (O_EXCL, so that a link that another user has placed is not followed) and then renamed over the old
 * file.  The old one must be a regular file or not exist: devices, FIFOs and links are not replaced.
 */
#ifndef WEIR_IO_FILE_H
#define WEIR_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* The LEN bytes of FD from byte AT on; its place does not change.  0; -ENODATA: there are fewer; or -errno. */
int file_read_at(int fd, void *data, size_t len, uint64_t at) MUST_CHECK;

/* Write all of the LEN bytes at DATA to FD, from byte AT on; its place does not change.  0 or -errno. */
int file_write_at(int fd, const void *data, size_t len, uint64_t at) MUST_CHECK;

/* Replace PATH by the LEN bytes at DATA.  0 or -errno, as the above. */
int file_replace(const char *path, const void *data, size_t len) MUST_CHECK;

/*
 * Whether PATH (NULL: no) is a regular file that one of INPUTS, to a NULL, names, too, so that writing it would destroy
 * what is to be read; "-" is standard input.
 */
bool file_is_input(const char *path, char *const *inputs);

/*
 * Open an empty file without a name in $TMPDIR, else /tmp, to read and write; on a file system without O_TMPFILE, a
 * file whose name begins with NAME is made and unlinked.  Returns the descriptor, or -errno.
 */
int file_unnamed(const char *name) MUST_CHECK;

/* The text for ERR, which file_begin() or file_replace() has returned; static or thread-local. */
const char *file_strerror(int err);

#endif
