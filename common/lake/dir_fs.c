/*
 * Directories of a local table: making them, making them last, taking back those that were made in
 * vain.  See store.h and store_fs.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/lake/store_fs.h"

int fs_sync_dir(struct store_fs *fs, const char *path, struct strbuf *err)
{
	int fd = openat(fs->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fs_fail(fs, errno, "open", path, err);
	int r = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return r < 0 ? fs_fail(fs, r, "sync", path, err) : 0;
}

/* Sync the directory that holds PATH, a path from the working directory. */
static int sync_parent(const char *path)
{
	char *dir = strcmp(path, "/") == 0 ? xstrdup("/") : fs_dirname(path);
	int fd = open(*dir ? dir : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	free(dir);
	return r;
}

/* mkdir -p of the table itself. */
static int make_above(struct store_fs *fs)
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
			r = sync_parent(path);
		} else if (*path && errno != EEXIST) {
			r = -errno;
		}
		if (p)
			*p = '/';
	}
	free(path);
	return r;
}

int fs_make_root(struct store_fs *fs, struct strbuf *err)
{
	if (fs->root >= 0)
		return 0;
	int r = make_above(fs);
	if (r < 0)
		return fs_fail(fs, r, "create", "", err);
	fs->root = open(fs->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fs->root < 0 ? fs_fail(fs, errno, "open", "", err) : 0;
}

int fs_make_dirs(struct store_fs *fs, const char *path, struct strbuf *err)
{
	char *dir = xstrdup(path);
	int r = 0;
	names_add(&fs->dirty, ".");
	for (char *p = strchr(dir, '/'); r == 0 && p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdirat(fs->root, dir, 0777) == 0)
			names_add(&fs->made, dir);
		else if (errno != EEXIST)
			r = fs_fail(fs, errno, "create", dir, err);
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
	for (size_t i = 0; r == 0 && i < fs->dirty.count; i++)
		if (i == 0 || strcmp(fs->dirty.items[i], fs->dirty.items[i - 1]) != 0)
			r = fs_sync_dir(fs, fs->dirty.items[i], err);
	names_release(&fs->dirty);
	return r;
}

void dir_fs_undo(struct store *store)
{
	struct store_fs *fs = store_fs(store);
	fs_unmark(fs);
	for (size_t i = fs->made.count; i-- > 0;)
		unlinkat(fs->root, fs->made.items[i], AT_REMOVEDIR);
	for (size_t i = fs->above.count; i-- > 0;)
		rmdir(fs->above.items[i]);
}
