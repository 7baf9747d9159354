/* Paths beneath a directory: see beneath.h. */
#include "common/lake/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/alloc.h"

#define TRIES    100 /* while directories are being renamed, openat2(2) may be unable to decide, and returns EAGAIN */
#define HARMLESS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

bool beneath_ok(const char *path)
{
	if (strchr(path, '\n'))
		return false;
	for (const char *p = path;; p++) {
		size_t n = strcspn(p, "/");
		if (n == 0 || (n == 1 && *p == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (!*p)
			return true;
	}
}

/* Open by openat2(2); -ENOSYS when there is no such call. */
static int open_resolved(int root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {.flags = (unsigned)flags,
		.mode = (flags & O_CREAT) ? mode : 0,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	for (int tries = 0;; tries++) {
		int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
		if (fd >= 0)
			return fd;
		if (errno == EAGAIN && tries < TRIES)
			continue;
		/*
		 * A sandbox that does not know the call may return EPERM, which the call itself never returns with
		 * these flags.
		 */
		return errno == EPERM ? -ENOSYS : -errno;
	}
}

/* Whether NAME in DIR (with "", the file that DIR is open on) is a symbolic link. */
static bool is_link(int dir, const char *name)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 && S_ISLNK(st.st_mode);
}

/* Open one part of a path, which must not be a symbolic link. */
static int open_part(int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, name, flags | O_NOFOLLOW, mode), code = errno;
	if (fd < 0)
		return code == ELOOP || (code == ENOTDIR && is_link(dir, name)) ? -EXDEV : -code;
	if (!(flags & O_PATH) || !is_link(fd, "")) /* O_PATH opens the link itself */
		return fd;
	close(fd);
	return -EXDEV;
}

/* Resolve the path part by part. */
static int open_parts(int root, const char *path, int flags, mode_t mode)
{
	char *copy = xstrdup(path), *part = copy;
	int dir = root, fd = -EXDEV;
	for (char *slash; (slash = strchr(part, '/')); part = slash + 1) {
		*slash = '\0';
		fd = open_part(dir, part, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		if (dir != root)
			close(dir);
		dir = fd;
		if (fd < 0)
			break;
	}
	if (dir >= 0) {
		fd = open_part(dir, part, flags, mode);
		if (dir != root)
			close(dir);
	}
	free(copy);
	return fd;
}

int beneath_open(int root, const char *path, int flags, mode_t mode)
{
	bool self = !*path || strcmp(path, ".") == 0;
	/* O_PATH can be combined with only a few flags, and never blocks. */
	flags |= (flags & O_PATH) ? O_CLOEXEC : HARMLESS;
	if (self) {
		int fd = openat(root, ".", flags);
		return fd < 0 ? -errno : fd;
	}
	if (!beneath_ok(path))
		return -EXDEV;
	int fd = open_resolved(root, path, flags, mode);
	return fd == -ENOSYS ? open_parts(root, path, flags, mode) : fd;
}

/* Open the directory of PATH; *ret_name is the file's name in it. */
static int open_parent(int root, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	if (!beneath_ok(path))
		return -EXDEV;
	char *dir = slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
	int fd = beneath_open(root, dir, O_PATH | O_DIRECTORY, 0);
	free(dir);
	*ret_name = slash ? slash + 1 : path;
	return fd;
}

int beneath_stat(int root, const char *path, bool follow, struct stat *ret)
{
	const char *name = "";
	int fd = follow ? beneath_open(root, path, O_PATH, 0) : open_parent(root, path, &name);
	if (fd < 0)
		return fd;
	int r = fstatat(fd, name, ret, follow ? AT_EMPTY_PATH : AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
	close(fd);
	return r;
}

int beneath_unlink(int root, const char *path, int flags)
{
	const char *name;
	int dir = open_parent(root, path, &name);
	if (dir < 0)
		return dir;
	int r = unlinkat(dir, name, flags) < 0 ? -errno : 0;
	close(dir);
	return r;
}

/* Open both directories and find both names, for rename and link. */
static int open_both(int root, const char *from, const char *to, int dirs[2], const char *names[2])
{
	dirs[0] = open_parent(root, from, &names[0]);
	if (dirs[0] < 0)
		return dirs[0];
	dirs[1] = open_parent(root, to, &names[1]);
	if (dirs[1] >= 0)
		return 0;
	close(dirs[0]);
	return dirs[1];
}

int beneath_rename(int root, const char *from, const char *to)
{
	int dirs[2];
	const char *names[2];
	int r = open_both(root, from, to, dirs, names);
	if (r < 0)
		return r;
	r = renameat(dirs[0], names[0], dirs[1], names[1]) < 0 ? -errno : 0;
	close(dirs[0]);
	close(dirs[1]);
	return r;
}

int beneath_link(int root, const char *from, const char *to)
{
	int dirs[2];
	const char *names[2];
	int r = open_both(root, from, to, dirs, names);
	if (r < 0)
		return r;
	r = linkat(dirs[0], names[0], dirs[1], names[1], 0) < 0 ? -errno : 0;
	close(dirs[0]);
	close(dirs[1]);
	return r;
}

/*
 * Let everyone who may write to DIR also write to its directory NAME.  If the system refuses that, NAME stays private.
 */
static void share(int dir, const char *name)
{
	struct stat above, st;
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(dir, &above) == 0 && fstat(fd, &st) == 0) {
		mode_t group = (above.st_mode & S_IWGRP) ? S_IRWXG : 0;
		mode_t others = (above.st_mode & S_IWOTH) ? S_IRWXO : 0;
		mode_t mode = (st.st_mode & 07777) | group | others | (above.st_mode & S_ISVTX);
		int r = mode == (st.st_mode & 07777) ? 0 : fchmod(fd, mode);
		(void)r;
	}
	close(fd);
}

int beneath_mkdir(int root, const char *path)
{
	const char *name;
	int dir = open_parent(root, path, &name);
	if (dir < 0)
		return dir;
	int r = mkdirat(dir, name, 0777) < 0 ? -errno : 0;
	if (r == 0)
		share(dir, name);
	close(dir);
	return r;
}
