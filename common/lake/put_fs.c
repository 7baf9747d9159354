/* Small files of a local table, among them the entries of its log.  See store.h and store_fs.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "common/io/file.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

/* Create the file TEMP, private to us, with all of DATA; messages call it NAME. */
static int write_new(struct store_fs *fs, const char *temp, const char *name, const struct strbuf *data, bool durable,
	struct strbuf *err)
{
	int fd = beneath_open(fs->root, temp, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd == -EEXIST) { /* an old one that could not be removed */
		int gone = beneath_unlink(fs->root, temp, 0);
		fd = gone < 0 ? gone : beneath_open(fs->root, temp, O_WRONLY | O_CREAT | O_EXCL, 0666);
	}
	if (fd == -ENOENT)
		return fd; /* the directory has just been removed */
	if (fd < 0)
		return fs_fail(fs, fd == -EEXIST ? -EAGAIN : fd, "create", name, err);
	int r = file_write(fd, data->s, data->len);
	if (r == 0 && durable && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0)
		return 0;
	beneath_unlink(fs->root, temp, 0); /* if that fails, fs_unlock() does it */
	return fs_fail(fs, r, "write", name, err);
}

/*
 * Write TEMP beside PATH, in a directory that is durable.  Another writer that has failed may at any time remove empty
 * directories that it has made.
 */
static int write_temp(struct store_fs *fs, const char *temp, const char *path, const struct strbuf *data, bool durable,
	struct strbuf *err)
{
	int r = -ENOENT;
	for (int tries = 0; r == -ENOENT && tries < FS_TRIES; tries++) {
		if (sig_stop() && tries)
			return fs_fail(fs, EINTR, "create", path, err);
		r = fs_make_dirs(fs, path, err);
		if (r == 0 && durable) /* the directories must be durable before the entry is in them */
			r = dir_fs_sync(&fs->base, err);
		if (r < 0)
			return r;
		r = write_new(fs, temp, path, data, durable, err);
	}
	return r == -ENOENT ? fs_fail(fs, EAGAIN, "create", path, err) : r;
}

int put_fs(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	char *temp = fs_temp_name(fs, path);
	int r = fs_lock(fs, err);
	if (r == 0)
		r = write_temp(fs, temp, path, data, false, err);
	if (r == 0 && (r = beneath_rename(fs->root, temp, path)) < 0) {
		r = fs_fail(fs, r, "rename", temp, err);
		beneath_unlink(fs->root, temp, 0);
	}
	free(temp);
	return r;
}

/*
 * link(2) never replaces a file, so it is the compare-and-swap; the file that appears is complete and durable.
 *
 * A process that considers us dead renames our lock, then removes TEMP, then reads the log, and then removes our
 * stages.  So if our lock still exists now that TEMP is written, either the link fails or that process finds the entry.
 */
static int put_link(struct store_fs *fs, const char *temp, const char *path, struct strbuf *err)
{
	KILL_POINT("before-link");
	int r = fs_lock_kept(fs, err);
	if (r < 0)
		return r;
	r = beneath_link(fs->root, temp, path);
	if (r == -EEXIST) /* the usual lost race: ERR gets no text */
		return r;
	if (r == -ENOENT)
		return fs_fail(fs, EAGAIN, "create", path, err);
	if (r == -EPERM || r == -EXDEV || r == -EMLINK || fs_unable(r))
		return fs_lacks(fs, "hard links", err);
	if (r < 0)
		return fs_fail(fs, r, "create", path, err);
	KILL_POINT("after-link");
	return 0;
}

int put_fs_if_absent(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	char *temp = fs_temp_name(fs, path), *dir = fs_dirname(path);
	int r = fs_lock(fs, err);
	if (r == 0)
		r = write_temp(fs, temp, path, data, true, err);
	if (r == 0) {
		r = put_link(fs, temp, path, err);
		if (r == 0 && fs_sync_dir(fs, dir, err) < 0)
			r = STORE_UNKNOWN;         /* it exists, but may not be durable */
		beneath_unlink(fs->root, temp, 0); /* if that fails, fs_unlock() does it */
	}
	free(temp);
	free(dir);
	return r;
}
