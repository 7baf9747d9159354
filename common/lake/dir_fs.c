/*
 * Directories of a local table: making them, syncing them, and removing those that were not needed after all.  See
 * store.h and store_fs.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

char *fs_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(".");
}

int fs_root(struct store_fs *fs)
{
	struct stat st;
	/*
	 * Another writer that created the table but did not commit may have removed it; while our lock is in it, nobody
	 * can.
	 */
	if (fs->root >= 0 && fs->lock < 0 && fstat(fs->root, &st) == 0 && st.st_nlink == 0) {
		close(fs->root);
		fs->root = -1;
	}
	if (fs->root < 0)
		fs->root = open(fs->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fs->root;
}

/* Report that syncing the directory PATH failed. */
static int not_synced(const struct store_fs *fs, int code, const char *path, struct strbuf *err)
{
	return fs_unable(code) ? fs_lacks(fs, "fsync(2) of directories", err) : fs_fail(fs, code, "sync", path, err);
}

int fs_sync_dir(struct store_fs *fs, const char *path, struct strbuf *err)
{
	int fd = beneath_open(fs->root, path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fs_fail(fs, fd, "open", path, err);
	int r = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return r < 0 ? not_synced(fs, r, path, err) : 0;
}

/* Sync the directory that holds PATH, which is relative to the working directory. */
static int sync_parent(const struct store_fs *fs, const char *path, struct strbuf *err)
{
	char *dir = strcmp(path, "/") == 0 ? xstrdup("/") : fs_dirname(path);
	int fd = open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	free(dir);
	return r < 0 ? not_synced(fs, r, "", err) : 0;
}

/* mkdir -p of the table itself.  -ENOENT: another process has just removed a part of it. */
static int make_above(struct store_fs *fs, struct strbuf *err)
{
	char *path = xstrdup(fs->path);
	int r = 0;
	for (char *p = path; r == 0 && p;) {
		p += strspn(p, "/");
		p = strchr(p, '/');
		if (p)
			*p = '\0';
		if (*path && mkdir(path, 0777) == 0) {
			names_add(&fs->above, path);
			r = sync_parent(fs, path, err);
		} else if (*path && errno != EEXIST) {
			r = errno == ENOENT ? -ENOENT : fs_fail(fs, errno, "create", "", err);
		}
		if (p)
			*p = '/';
	}
	free(path);
	return r;
}

int fs_make_root(struct store_fs *fs, struct strbuf *err)
{
	int r = 0;
	for (int tries = 0; fs_root(fs) < 0 && tries < FS_TRIES; tries++) {
		if (errno != ENOENT)
			return fs_fail(fs, errno, "open", "", err);
		r = make_above(fs, err);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return fs->root < 0 ? fs_fail(fs, r < 0 ? ENOENT : EAGAIN, "create", "", err) : 0;
}

int fs_make_dir(struct store_fs *fs, const char *dir, struct strbuf *err)
{
	struct stat st;
	int r = beneath_mkdir(fs->root, dir);
	if (r == 0)
		names_add(&fs->made, dir);
	if (r == 0 || r == -ENOENT) /* its parent has just been removed: the user of the directory tries again */
		return 0;
	if (r != -EEXIST)
		return fs_fail(fs, r, "create", dir, err);
	r = beneath_stat(fs->root, dir, true, &st);
	if (r == -ENOENT && beneath_stat(fs->root, dir, false, &st) < 0)
		return 0; /* as above */
	if (r == 0 && !S_ISDIR(st.st_mode))
		r = -ENOTDIR;
	return r < 0 ? fs_fail(fs, r, "open", dir, err) : 0;
}

int fs_make_dirs(struct store_fs *fs, const char *path, struct strbuf *err)
{
	char *dir = xstrdup(path);
	int r = 0;
	names_add(&fs->dirty, ".");
	for (char *p = strchr(dir, '/'); r == 0 && p; p = strchr(p + 1, '/')) {
		*p = '\0';
		r = fs_make_dir(fs, dir, err);
		if (r == 0)
			names_add(&fs->dirty, dir);
		*p = '/';
	}
	free(dir);
	return r;
}

int dir_fs_sync(struct store *store, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int r = 0;
	names_sort(&fs->dirty);
	for (size_t i = 0; r == 0 && i < fs->dirty.count; i++) {
		size_t len = err->len;
		if (i > 0 && strcmp(fs->dirty.items[i], fs->dirty.items[i - 1]) == 0)
			continue;
		r = fs_sync_dir(fs, fs->dirty.items[i], err);
		if (r == -ENOENT) { /* it held none of our files, because only empty directories are removed */
			strbuf_setlen(err, len);
			r = 0;
		}
	}
	names_release(&fs->dirty);
	return r;
}

void fs_remove_made(struct store_fs *fs)
{
	for (size_t i = fs->made.count; i-- > 0;)
		beneath_unlink(fs->root, fs->made.items[i], AT_REMOVEDIR);
	for (size_t i = fs->above.count; i-- > 0;)
		rmdir(fs->above.items[i]);
}
