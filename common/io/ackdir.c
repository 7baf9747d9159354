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

#define PREFIX  "weir-"
#define FRESH_S 60

static bool set_path(struct sockaddr_un *addr, const char *path)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof addr->sun_path)
		return false;
	strcpy(addr->sun_path, path);
	return true;
}

/* $XDG_RUNTIME_DIR when sockets can live there and its name needs no escape in JSON, else /tmp. */
static const char *base_dir(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	if (!dir || *dir != '/' || strlen(dir) > 60 || strpbrk(dir, "\"\\\n\t ") || stat(dir, &st) < 0 ||
		!S_ISDIR(st.st_mode) || access(dir, W_OK | X_OK) < 0)
		return "/tmp";
	return dir;
}

/* A descriptor that holds the lock of the directory PATH, or negative when its owner lives. */
static int lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
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
		/* A fresh one may be about to listen. */
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) != 0 ||
			fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode) ||
			st.st_uid != geteuid())
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", base, e->d_name);
		int fd = lock(path.s);
		strbuf_addstr(&path, "/ack");
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

int ackdir_listen(int *ret_fd, char **ret_path, int *ret_lock)
{
	const char *base = base_dir();
	struct strbuf path = STRBUF_INIT;
	sweep(base);
	strbuf_addf(&path, "%s/" PREFIX "XXXXXX", base);
	int err = mkdtemp(path.s) ? 0 : -errno;
	if (!err)
		*ret_lock = err = lock(path.s);
	if (err >= 0) {
		strbuf_addstr(&path, "/ack");
		*ret_fd = err = listen_at(path.s);
		if (err < 0) {
			ackdir_remove(path.s);
			close(*ret_lock);
		}
	}
	if (err < 0) {
		strbuf_release(&path);
		return err;
	}
	*ret_path = strbuf_detach(&path);
	return 0;
}
