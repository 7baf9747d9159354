/* The mark of a writer of a local table.  See store_fs.h; how others interpret it is in owner_fs.c. */
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

#define CHECK_FROM (UINT64_C(1) << 20) /* bytes of a mark: below, it may list stages that are gone */

static void mark_path(const struct store_fs *fs, struct strbuf *ret)
{
	strbuf_addstr(ret, FS_MARKS "/");
	fs_host(ret);
	strbuf_addf(ret, "-%s", fs->writer);
}

/*
 * Lock the new mark FD and write into it who we are.  -ENOENT without a text: a process of the same user holds the
 * lock, and takes a mark that is not locked yet for a leftover.
 */
static int fill_mark(struct store_fs *fs, int fd, const char *path, struct strbuf *err)
{
	struct strbuf header = STRBUF_INIT;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int code = errno;
		if (code == EWOULDBLOCK)
			return -ENOENT;
		return fs_unable(-code) || code == ENOLCK ? fs_lacks(fs, "locks, flock(2)", err)
							  : fs_fail(fs, code, "lock", path, err);
	}
	fs_mark_header(&header);
	int r = file_write(fd, header.s, header.len);
	fs->mark_size = fs->mark_head = header.len;
	fs->mark_check = CHECK_FROM;
	strbuf_release(&header);
	mode_t mask = umask(0);
	umask(mask);
	if (r == 0 && fchmod(fd, 0666 & ~mask) < 0)
		r = -errno;
	return r < 0 ? fs_fail(fs, r, "write", path, err) : 0;
}

/*
 * Create the mark PATH.  It is locked before it gets its name, and before anyone else may read it, so no reader can
 * lock it first.  -ENOENT without a text: a directory has just been removed.
 */
static int make_mark(struct store_fs *fs, const char *path, struct strbuf *err)
{
	char *temp = fs_temp_name(fs, path);
	int r = 0, fd = beneath_open(fs->root, temp, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0600);
	if (fd < 0) {
		r = fd == -ENOENT ? fd : fs_fail(fs, fd, "create", path, err);
		if (fd == -EEXIST)
			beneath_unlink(fs->root, temp, 0);
	} else {
		KILL_POINT("mark-created");
		r = fill_mark(fs, fd, path, err);
		if (r == 0 && (r = beneath_rename(fs->root, temp, path)) < 0 && r != -ENOENT)
			r = fs_fail(fs, r, "create", path, err);
		if (r < 0) {
			beneath_unlink(fs->root, temp, 0);
			close(fd);
		}
	}
	free(temp);
	if (r == 0)
		fs->mark = fd;
	return r;
}

int fs_mark(struct store_fs *fs, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	size_t from = err->len;
	int r = fs->mark >= 0 ? 0 : -ENOENT;
	if (r < 0)
		mark_path(fs, &path);
	for (int tries = 0; r == -ENOENT && err->len == from; tries++) {
		if (tries == FS_TRIES || (tries && sig_stop())) {
			r = fs_fail(fs, sig_stop() ? EINTR : EAGAIN, "create", path.s, err);
			break;
		}
		r = fs_make_root(fs, err);
		if (r == 0)
			r = fs_make_dir(fs, FS_MARKS, err);
		if (r == 0)
			r = make_mark(fs, path.s, err);
	}
	strbuf_release(&path);
	KILL_POINT("marked");
	return r;
}

int fs_mark_kept(struct store_fs *fs, struct strbuf *err)
{
	struct strbuf path = STRBUF_INIT;
	struct stat named, ours;
	mark_path(fs, &path);
	bool kept = fstat(fs->mark, &ours) == 0 && beneath_stat(fs->root, path.s, false, &named) == 0 &&
		    named.st_ino == ours.st_ino && named.st_dev == ours.st_dev;
	if (!kept)
		strbuf_addf(err, "'%s/%s' is gone: somebody has taken this writer for dead, nothing is committed",
			fs->path, path.s);
	strbuf_release(&path);
	return kept ? 0 : -EAGAIN;
}

/* Whether a stage that the mark lists is still there. */
static bool stages_left(struct store_fs *fs, const char *path)
{
	struct fs_mark mark;
	struct stat st;
	bool left = fs_mark_read(fs, path, &mark) < 0;
	for (size_t i = 0; !left && i < mark.stages.count; i++)
		left = beneath_stat(fs->root, mark.stages.items[i], false, &st) != -ENOENT;
	fs_mark_release(&mark);
	return left;
}

/* A writer may run for months: once none of the stages in the mark exists, they need not be listed any more. */
static void shorten(struct store_fs *fs)
{
	struct strbuf path = STRBUF_INIT;
	mark_path(fs, &path);
	if (!stages_left(fs, path.s) && ftruncate(fs->mark, (off_t)fs->mark_head) == 0)
		fs->mark_size = fs->mark_head;
	fs->mark_check = 2 * fs->mark_size > CHECK_FROM ? 2 * fs->mark_size : CHECK_FROM;
	strbuf_release(&path);
}

int fs_announce(struct store_fs *fs, const char *tag, struct strbuf *err)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "%s\n", tag);
	if (fs->mark_size >= fs->mark_check)
		shorten(fs);
	int r = file_write(fs->mark, line.s, line.len);
	fs->mark_size += line.len;
	strbuf_release(&line);
	return r < 0 ? fs_fail(fs, r, "write", "the mark of this writer", err) : 0;
}

void fs_unmark(struct store_fs *fs)
{
	if (fs->mark < 0)
		return;
	struct strbuf path = STRBUF_INIT;
	mark_path(fs, &path);
	KILL_POINT("before-unmark");
	/* Look at the files instead of counting: another writer may have published what we committed. */
	if (fs_remove_temps(fs, fs->writer) && !stages_left(fs, path.s))
		beneath_unlink(fs->root, path.s, 0);
	close(fs->mark);
	fs->mark = -1;
	strbuf_release(&path);
}
