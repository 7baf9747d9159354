/* The marks of the writers of a local table.  See store_fs.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/base/killpoint.h"
#include "common/lake/store_fs.h"
#include "common/lake/uuid.h"

#define TRIES 1000 /* the name may also be that of a link which leads nowhere */

void fs_mark_prefix(struct strbuf *ret)
{
	struct utsname host;
	size_t from = ret->len;
	strbuf_addstr(ret, uname(&host) == 0 ? host.nodename : "unknown");
	for (char *p = ret->s + from; *p; p++)
		if (*p == '/' || *p == '\n')
			*p = '_';
	strbuf_addch(ret, '-');
}

bool fs_is_uuid(const char *s)
{
	for (size_t i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (!s[i] || (dash ? s[i] != '-' : !strchr("0123456789abcdef", s[i])))
			return false;
	}
	return true;
}

const char *fs_mark_uuid(const char *name, const char *prefix, bool *ret_here)
{
	size_t len = strlen(name), host = strlen(prefix);
	if (len <= UUID_LEN || name[len - UUID_LEN - 1] != '-' || !fs_is_uuid(name + len - UUID_LEN))
		return NULL;
	*ret_here = len == host + UUID_LEN && strncmp(name, prefix, host) == 0;
	return name + len - UUID_LEN;
}

int64_t fs_modified_ms(const struct store_fs *fs, const char *path)
{
	struct stat st;
	if (fstatat(fs->root, path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

static void mark_path(const struct store_fs *fs, struct strbuf *ret)
{
	strbuf_addstr(ret, FS_MARKS "/");
	fs_mark_prefix(ret);
	strbuf_addstr(ret, fs->writer);
}

/* Open the mark; whoever undoes a table that was made in vain may take the directory away at any time. */
static int open_mark(struct store_fs *fs, const char *path, struct strbuf *err)
{
	for (int tries = 0;; tries++) {
		int fd = openat(fs->root, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		if (errno != ENOENT || tries == TRIES)
			return fs_fail(fs, errno, "create", path, err);
		if (mkdirat(fs->root, FS_MARKS, 0777) == 0)
			names_add(&fs->made, FS_MARKS);
		else if (errno != EEXIST)
			return fs_fail(fs, errno, "create", FS_MARKS, err);
	}
}

/* Create and lock the mark; 0 done, 1 somebody claimed and removed it between the two calls. */
static int make_mark(struct store_fs *fs, const char *path, struct strbuf *err)
{
	int fd = open_mark(fs, path, err);
	if (fd < 0)
		return fd;
	struct stat st = {0};
	int r = flock(fd, LOCK_EX) < 0 || fstat(fd, &st) < 0 ? -errno : 0;
	if (r == 0 && st.st_nlink > 0) {
		fs->mark = fd;
		return 0;
	}
	close(fd);
	return r == 0 || r == -EINTR ? 1 : fs_fail(fs, r, "lock", path, err);
}

int fs_mark(struct store_fs *fs, struct strbuf *err)
{
	int r = fs_make_root(fs, err);
	if (r < 0 || fs->mark >= 0)
		return r;
	struct strbuf path = STRBUF_INIT;
	mark_path(fs, &path);
	do
		r = make_mark(fs, path.s, err);
	while (r > 0);
	strbuf_release(&path);
	KILL_POINT("marked");
	return r;
}

int fs_read_mark(struct store_fs *fs, const char *path, struct names *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = fs->base.ops->get(&fs->base, path, &text, err);
	const char *uuid = path + strlen(path) - UUID_LEN;
	char *rest = text.s;
	for (char *lf; r == 0 && (lf = strchr(rest, '\n')); rest = lf + 1) {
		*lf = '\0';
		const char *slash = strrchr(rest, '/'), *base = slash ? slash + 1 : rest;
		if (fs_path_ok(rest) && *base == '.' && strstr(base, uuid))
			names_add(ret, rest);
	}
	strbuf_release(&text);
	return r;
}

/* Whether a stage that the mark PATH lists is still there. */
static bool stages_left(struct store_fs *fs, const char *path)
{
	struct names paths = {0};
	struct strbuf ignored = STRBUF_INIT;
	bool left = fs_read_mark(fs, path, &paths, &ignored) < 0;
	for (size_t i = 0; !left && i < paths.count; i++)
		left = faccessat(fs->root, paths.items[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	names_release(&paths);
	strbuf_release(&ignored);
	return left;
}

void fs_unmark(struct store_fs *fs)
{
	if (fs->mark < 0)
		return;
	struct strbuf path = STRBUF_INIT;
	mark_path(fs, &path);
	KILL_POINT("before-unmark");
	/* Not a count of our own: another writer may have published what we committed. */
	if (!stages_left(fs, path.s))
		unlinkat(fs->root, path.s, 0);
	close(fs->mark);
	fs->mark = -1;
	strbuf_release(&path);
}
