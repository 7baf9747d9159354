/* The lock of a writer of a local table.  See store_fs.h; how others interpret it is in owner_fs.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/killpoint.h"
#include "common/base/sig.h"
#include "common/io/file.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

#define CHECK_FROM (UINT64_C(1) << 20) /* a lock with fewer bytes may list stages that are gone */

static void lock_path(const struct store_fs *fs, struct strbuf *ret)
{
	strbuf_addstr(ret, FS_WRITERS "/");
	fs_host(ret);
	strbuf_addf(ret, "-%s", fs->writer);
}

/*
 * Take the flock(2) on the new lock FD, and write our identity into it.  -ENOENT without a message: a process of the
 * same user holds the flock(2), because it takes a lock that nobody holds yet for a leftover.
 */
static int fill_lock(struct store_fs *fs, int fd, const char *path, struct strbuf *err)
{
	struct strbuf header = STRBUF_INIT;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int code = errno;
		if (code == EWOULDBLOCK)
			return -ENOENT;
		return fs_unable(-code) || code == ENOLCK ? fs_lacks(fs, "locks, flock(2)", err)
							  : fs_fail(fs, code, "lock", path, err);
	}
	fs_lock_header(&header);
	int r = file_write(fd, header.s, header.len);
	fs->lock_size = fs->lock_head = header.len;
	fs->lock_check = CHECK_FROM;
	strbuf_release(&header);
	mode_t mask = umask(0);
	umask(mask);
	if (r == 0 && fchmod(fd, 0666 & ~mask) < 0)
		r = -errno;
	return r < 0 ? fs_fail(fs, r, "write", path, err) : 0;
}

/*
 * Create the lock PATH.  We take the flock(2) on it before it gets its name and before anyone else may read it, so no
 * reader can take it first.  -ENOENT without a message: a directory has just been removed.
 */
static int make_lock(struct store_fs *fs, const char *path, struct strbuf *err)
{
	char *temp = fs_temp_name(fs, path);
	int r = 0, fd = beneath_open(fs->root, temp, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0600);
	if (fd < 0) {
		r = fd == -ENOENT ? fd : fs_fail(fs, fd, "create", path, err);
		if (fd == -EEXIST)
			beneath_unlink(fs->root, temp, 0);
	} else {
		KILL_POINT("lock-created");
		r = fill_lock(fs, fd, path, err);
		if (r == 0 && (r = beneath_rename(fs->root, temp, path)) < 0 && r != -ENOENT)
			r = fs_fail(fs, r, "create", path, err);
		if (r < 0) {
			beneath_unlink(fs->root, temp, 0);
			close(fd);
		}
	}
	free(temp);
	if (r == 0)
		fs->lock = fd;
	return r;
}

int fs_lock(struct store_fs *fs, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	size_t from = err->len;
	int r = fs->lock >= 0 ? 0 : -ENOENT;
	if (r < 0)
		lock_path(fs, &path);
	for (int tries = 0; r == -ENOENT && err->len == from; tries++) {
		if (tries == FS_TRIES || (tries && sig_stop())) {
			r = fs_fail(fs, sig_stop() ? EINTR : EAGAIN, "create", path.s, err);
			break;
		}
		r = fs_make_root(fs, err);
		if (r == 0)
			r = fs_make_dir(fs, FS_WRITERS, err);
		if (r == 0)
			r = make_lock(fs, path.s, err);
	}
	strbuf_release(&path);
	KILL_POINT("locked");
	return r;
}

int fs_lock_kept(struct store_fs *fs, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	struct stat named, ours;
	lock_path(fs, &path);
	bool kept = fstat(fs->lock, &ours) == 0 && beneath_stat(fs->root, path.s, false, &named) == 0 &&
		    named.st_ino == ours.st_ino && named.st_dev == ours.st_dev;
	if (!kept)
		strbuf_addf(err, "'%s/%s' is gone: another process considered this writer dead, nothing is committed",
			fs->path, path.s);
	strbuf_release(&path);
	return kept ? 0 : -EAGAIN;
}

/* Whether a stage that the lock lists is still there. */
static bool stages_left(struct store_fs *fs, const char *path)
{
	struct fs_lock lock;
	struct stat st;
	bool left = fs_lock_read(fs, path, &lock) < 0;
	for (size_t i = 0; !left && i < lock.stages.count; i++)
		left = beneath_stat(fs->root, lock.stages.items[i], false, &st) != -ENOENT;
	fs_lock_release(&lock);
	return left;
}

/* A writer may run for months.  Once none of the stages in the lock exists any more, the list can be emptied. */
static void shorten(struct store_fs *fs)
{
	struct strbuf path = STRBUF_INIT;
	lock_path(fs, &path);
	if (!stages_left(fs, path.s) && ftruncate(fs->lock, (off_t)fs->lock_head) == 0)
		fs->lock_size = fs->lock_head;
	fs->lock_check = 2 * fs->lock_size > CHECK_FROM ? 2 * fs->lock_size : CHECK_FROM;
	strbuf_release(&path);
}

int fs_announce(struct store_fs *fs, const char *tag, struct strbuf *err)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "%s\n", tag);
	if (fs->lock_size >= fs->lock_check)
		shorten(fs);
	int r = file_write(fs->lock, line.s, line.len);
	fs->lock_size += line.len;
	strbuf_release(&line);
	return r < 0 ? fs_fail(fs, r, "write", "the lock of this writer", err) : 0;
}

void fs_unlock(struct store_fs *fs)
{
	if (fs->lock < 0)
		return;
	struct strbuf path = STRBUF_INIT;
	lock_path(fs, &path);
	KILL_POINT("before-unlock");
	/* Check the files instead of counting: another writer may have published the files that we committed. */
	if (fs_remove_temps(fs, fs->writer) && !stages_left(fs, path.s))
		beneath_unlink(fs->root, path.s, 0);
	close(fs->lock);
	fs->lock = -1;
	strbuf_release(&path);
}
