/* Files that are replaced whole: see file.h. */
#include "common/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/strbuf.h"

#define TRIES 100 /* how many random names to try: there are 2^64 */

/* DIR/.weir-RANDOM for a file DIR/NAME; freed by the caller, NULL when there are no random numbers. */
static char *temporary_name(const char *path)
{
	uint64_t number;
	struct strbuf b = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return NULL;
	strbuf_add(&b, path, slash ? (size_t)(slash - path) + 1 : 0);
	strbuf_addf(&b, ".weir-%016" PRIx64, number);
	return strbuf_detach(&b);
}

int file_begin(struct file *file, const char *path)
{
	struct stat st;
	*file = (struct file){.fd = -1};
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return -EINVAL;
	for (int i = 0; i < TRIES; i++) {
		char *name = temporary_name(path);
		int fd = name ? open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
		if (fd >= 0) {
			*file = (struct file){.fd = fd, .path = xstrdup(path), .temporary = name};
			return 0;
		}
		int err = errno;
		free(name);
		if (err != EEXIST)
			return -err;
	}
	return -EEXIST;
}

/* Close and forget what is open. */
static int end(struct file *file)
{
	int r = close(file->fd) < 0 && errno != EINTR ? -errno : 0;
	free(file->path);
	free(file->temporary);
	*file = (struct file){.fd = -1};
	return r;
}

int file_commit(struct file *file)
{
	int r = fsync(file->fd) < 0 ? -errno : 0;
	if (!r && rename(file->temporary, file->path) < 0)
		r = -errno;
	if (r < 0)
		unlink(file->temporary);
	int closed = end(file);
	return r < 0 ? r : closed;
}

void file_drop(struct file *file)
{
	if (file->fd < 0)
		return;
	unlink(file->temporary);
	(void)end(file);
}

int file_write(int fd, const void *data, size_t len)
{
	for (const char *p = data; len;) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno != EINTR)
			return -errno;
		p += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int file_replace(const char *path, const void *data, size_t len)
{
	struct file file;
	int r = file_begin(&file, path);
	if (r < 0)
		return r;
	r = file_write(file.fd, data, len);
	if (r == 0)
		return file_commit(&file);
	file_drop(&file);
	return r;
}

const char *file_strerror(int err)
{
	return err == -EINVAL ? "not a regular file" : diag_strerror(err);
}

int file_unnamed(const char *name)
{
	const char *dir = getenv("TMPDIR");
	if (!dir || !*dir)
		dir = "/tmp";
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT))
		return fd < 0 ? -errno : fd;
	struct strbuf path = STRBUF_INIT;
	strbuf_addf(&path, "%s/%s-XXXXXX", dir, name);
	fd = mkostemp(path.s, O_CLOEXEC);
	int err = errno;
	if (fd >= 0)
		unlink(path.s);
	strbuf_release(&path);
	return fd < 0 ? -err : fd;
}

int file_read_at(int fd, void *data, size_t len, uint64_t at)
{
	for (char *p = data; len;) {
		ssize_t n = pread(fd, p, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENODATA;
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int file_write_at(int fd, const void *data, size_t len, uint64_t at)
{
	for (const char *p = data; len;) {
		ssize_t n = pwrite(fd, p, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		p += n;
		at += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

bool file_is_input(const char *path, char *const *inputs)
{
	struct stat st, other;
	if (!path || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	for (; *inputs; inputs++)
		if ((strcmp(*inputs, "-") == 0 ? fstat(STDIN_FILENO, &other) : stat(*inputs, &other)) == 0 &&
			st.st_dev == other.st_dev && st.st_ino == other.st_ino)
			return true;
	return false;
}
