/* Where acknowledgement sockets live: see ackdir.h. */
#include "common/io/ackdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/base/strbuf.h"

#define PREFIX   "weir-"
#define RANDOM   "XXXXXX"
#define SOCKET   "ack"
#define BASE_MAX 60 /* bytes: the whole path has to fit into a sockaddr_un */

static bool set_path(struct sockaddr_un *addr, const char *path)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof addr->sun_path)
		return false;
	strcpy(addr->sun_path, path);
	return true;
}

static bool fits(const char *dir)
{
	struct stat st;
	return *dir == '/' && strlen(dir) <= BASE_MAX && !strpbrk(dir, "\"\\\n\t ") && stat(dir, &st) == 0 &&
	       S_ISDIR(st.st_mode) && access(dir, W_OK | X_OK) == 0;
}

/*
 * $XDG_RUNTIME_DIR when sockets can be made there and its name needs no escape in JSON, else /tmp; as a path without
 * symbolic links, as ackdir_check() requires.  The caller frees it.
 */
static char *base_dir(void)
{
	const char *wish = getenv("XDG_RUNTIME_DIR");
	char *dir = wish && *wish == '/' ? realpath(wish, NULL) : NULL;
	if (dir && fits(dir))
		return dir;
	free(dir);
	dir = realpath("/tmp", NULL);
	if (dir && fits(dir))
		return dir;
	free(dir);
	return NULL;
}

/*
 * A descriptor that holds the lock of the directory PATH, or negative: -EWOULDBLOCK when its owner lives.  With OWN the
 * directory is ours, so that only a process that is cleaning up can hold the lock, and only for a moment.
 */
static int lock(const char *path, bool own)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r;
	if (fd < 0)
		return -errno;
	while ((r = flock(fd, own ? LOCK_EX : LOCK_EX | LOCK_NB)) < 0 && errno == EINTR)
		;
	if (r < 0) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

void ackdir_remove(const char *path)
{
	struct strbuf dir = STRBUF_INIT;
	strbuf_add(&dir, path, (size_t)(strrchr(path, '/') - path));
	unlink(path);
	rmdir(dir.s);
	strbuf_release(&dir);
}

/* Remove what killed processes of this user have left in BASE. */
static void sweep(const char *base)
{
	DIR *d = opendir(base);
	struct strbuf path = STRBUF_INIT;
	for (struct dirent *e; d && (e = readdir(d));) {
		struct stat st;
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) != 0 ||
			fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode) ||
			st.st_uid != geteuid())
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", base, e->d_name);
		int fd = lock(path.s, false);
		strbuf_addstr(&path, "/" SOCKET);
		/* A directory without a socket may just have been made, and get its socket next. */
		if (fd >= 0 && lstat(path.s, &st) == 0 && S_ISSOCK(st.st_mode))
			ackdir_remove(path.s);
		if (fd >= 0)
			close(fd);
	}
	strbuf_release(&path);
	if (d)
		closedir(d);
}

static int listen_at(const char *path)
{
	struct sockaddr_un addr;
	if (!set_path(&addr, path))
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&addr, sizeof addr) < 0 || chmod(path, 0600) < 0 || listen(fd, 64) < 0) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* Make the directory and the socket; PATH is that of the directory before, and of the socket after. */
static int make(struct strbuf *path, int *ret_fd, int *ret_lock)
{
	if (!mkdtemp(path->s))
		return -errno;
	int held = lock(path->s, true);
	if (held < 0) {
		rmdir(path->s);
		return held;
	}
	strbuf_addstr(path, "/" SOCKET);
	int fd = listen_at(path->s);
	if (fd < 0) {
		ackdir_remove(path->s);
		close(held);
		return fd;
	}
	*ret_fd = fd;
	*ret_lock = held;
	return 0;
}

int ackdir_listen(int *ret_fd, char **ret_path, int *ret_lock)
{
	char *base = base_dir();
	struct strbuf path = STRBUF_INIT;
	if (!base)
		return -ENOENT;
	sweep(base);
	strbuf_addf(&path, "%s/" PREFIX RANDOM, base);
	free(base);
	int r = make(&path, ret_fd, ret_lock);
	if (r < 0)
		strbuf_release(&path);
	else
		*ret_path = strbuf_detach(&path);
	return r;
}

/* Whether NAME has the form of a name that mkdtemp() makes: PREFIX and RANDOM. */
static bool is_made(const char *name)
{
	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return false;
	name += strlen(PREFIX);
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	return n == strlen(RANDOM) && !name[n];
}

/* Check that DIR is a directory, not a link, that only this user may enter: 0, -EPERM or -errno. */
static int check_dir(const char *dir)
{
	struct stat st;
	char *real = realpath(dir, NULL);
	if (!real)
		return -errno;
	bool straight = strcmp(real, dir) == 0;
	free(real);
	if (!straight)
		return -EPERM;
	if (lstat(dir, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 07777) == 0700 ? 0 : -EPERM;
}

int ackdir_check(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct strbuf dir = STRBUF_INIT;
	struct stat st;
	strbuf_add(&dir, path, slash ? (size_t)(slash - path) : 0);
	const char *name = strrchr(dir.s, '/');
	int r = -EPERM;
	if (*path == '/' && slash && strcmp(slash + 1, SOCKET) == 0 && name && is_made(name + 1))
		r = check_dir(dir.s);
	strbuf_release(&dir);
	if (r == 0 && lstat(path, &st) < 0)
		r = -errno; /* the source has just ended */
	else if (r == 0 && !S_ISSOCK(st.st_mode))
		r = -EPERM;
	return r;
}
