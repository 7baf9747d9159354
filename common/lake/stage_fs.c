/*
 * Staged files of a local directory: a hidden file beside the place where it will be published.
 * See store.h and store_fs.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/store_fs.h"

/* dt=x/part-1 is staged as dt=x/.part-1; readers of directories ignore such names. */
static char *hidden(const char *path)
{
	struct strbuf s = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash + 1 - path) : 0;
	strbuf_add(&s, path, dir);
	strbuf_addch(&s, '.');
	strbuf_addstr(&s, path + dir);
	return strbuf_detach(&s);
}

/* Close the stage that was written last. */
static int close_last(struct store_fs *fs, struct strbuf *err)
{
	if (fs->fd < 0)
		return 0;
	int r = close(fs->fd) < 0 ? fs_fail(fs, errno, "close", fs->fd_of->tag, err) : 0;
	fs->fd = -1;
	fs->fd_of = NULL;
	return r;
}

/*
 * Have STAGE open for appending.  One descriptor at a time: partitions are flushed in long pieces,
 * so that opening anew costs nothing measurable, and no limit on open files is ever met.  An error
 * of writing back that the kernel meets while the file is closed is kept for the next open.
 */
static int open_stage(struct store_fs *fs, struct stage *stage, int flags, struct strbuf *err)
{
	if (fs->fd_of == stage)
		return 0;
	int r = close_last(fs, err);
	if (r < 0)
		return r;
	int fd = openat(fs->root, stage->tag, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666);
	if (fd < 0 && errno == ENOENT && flags) { /* no such directory, or somebody cleaned it away */
		r = fs_make_dirs(fs, stage->tag, err);
		if (r < 0)
			return r;
		fd = openat(fs->root, stage->tag, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666);
	}
	if (fd < 0)
		return fs_fail(fs, errno, flags ? "create" : "open", stage->tag, err);
	fs->fd = fd;
	fs->fd_of = stage;
	return 0;
}

/* List the stage in the mark before it is there, so that no crash leaves one that is not listed. */
static int announce(struct store_fs *fs, const struct stage *stage, struct strbuf *err)
{
	struct strbuf line = STRBUF_INIT;
	strbuf_addf(&line, "%s\n", stage->tag);
	int r = fs_write_all(fs->mark, line.s, line.len);
	strbuf_release(&line);
	return r < 0 ? fs_fail(fs, r, "write", "the mark of this writer", err) : 0;
}

int stage_fs_open(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct stage *stage = xcalloc(1, sizeof *stage);
	stage->path = xstrdup(path);
	stage->tag = hidden(path);
	int r = fs_mark(fs, err);
	if (r == 0)
		r = announce(fs, stage, err);
	if (r == 0)
		r = fs_make_dirs(fs, path, err);
	KILL_POINT("stage-announced");
	if (r == 0)
		r = open_stage(fs, stage, O_CREAT | O_EXCL, err);
	if (r < 0) {
		store_stage_free(stage);
		return r;
	}
	KILL_POINT("stage-created");
	*ret = stage;
	return 0;
}

int stage_fs_append(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int r = open_stage(fs, stage, 0, err);
	if (r < 0)
		return r;
	r = fs_write_all(fs->fd, data, len);
	if (r < 0)
		return fs_fail(fs, r, "write", stage->tag, err);
	stage->size += len;
	KILL_POINT("stage-appended");
	return 0;
}

int stage_fs_seal(struct store *store, struct stage *stage, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	KILL_POINT("stage-written");
	int r = open_stage(fs, stage, 0, err);
	if (r < 0)
		return r;
	if (fsync(fs->fd) < 0)
		return fs_fail(fs, errno, "sync", stage->tag, err);
	KILL_POINT("stage-sealed");
	return close_last(fs, err);
}

/* 0 when PATH is a file of SIZE bytes, -ENOENT when it is not there. */
static int check_size(struct store_fs *fs, const char *path, uint64_t size, struct strbuf *err)
{
	struct stat st;
	if (fstatat(fs->root, path, &st, 0) < 0)
		return errno == ENOENT ? -ENOENT : fs_fail(fs, errno, "look at", path, err);
	if ((uint64_t)st.st_size == size && S_ISREG(st.st_mode))
		return 0;
	strbuf_addf(err, "'%s/%s' has %llu bytes, but the log says %llu", fs->path, path,
		(unsigned long long)st.st_size, (unsigned long long)size);
	return -EBADMSG;
}

int stage_fs_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct stat st;
	if (!fs_path_ok(path)) {
		strbuf_addf(err, "the log of '%s' names the file '%s'", fs->path, path);
		return -EBADMSG;
	}
	if (fs_root(fs) < 0 || fstatat(fs->root, path, &st, 0) < 0)
		return errno == ENOENT || errno == ENOTDIR ? -ENOENT : fs_fail(fs, errno, "look at", path, err);
	if (!S_ISREG(st.st_mode)) {
		strbuf_addf(err, "'%s/%s' is no file", fs->path, path);
		return -EBADMSG;
	}
	*ret = (uint64_t)st.st_size;
	return 0;
}

int stage_fs_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	if (!fs_path_ok(path) || !fs_path_ok(tag)) {
		strbuf_addf(err, "the log of '%s' names the file '%s' (staged as '%s')", fs->path, path, tag);
		return -EBADMSG;
	}
	KILL_POINT("before-publish");
	int r = check_size(fs, tag, size, err);
	if (r == 0 && renameat(fs->root, tag, fs->root, path) < 0)
		r = errno == ENOENT ? -ENOENT : fs_fail(fs, errno, "publish", path, err);
	if (r == -ENOENT) /* somebody was faster */
		r = check_size(fs, path, size, err);
	if (r == -ENOENT) {
		strbuf_addf(err, "'%s/%s' is gone, though the log names it", fs->path, path);
		return -EBADMSG;
	}
	if (r < 0)
		return r;
	char *dir = fs_dirname(path);
	names_add(&fs->dirty, dir);
	free(dir);
	KILL_POINT("after-publish");
	return 0;
}

int stage_fs_discard(struct store *store, const char *tag, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	if (fs->fd_of && strcmp(fs->fd_of->tag, tag) == 0) {
		close(fs->fd);
		fs->fd = -1;
		fs->fd_of = NULL;
	}
	if (unlinkat(fs->root, tag, 0) < 0 && errno != ENOENT)
		return fs_fail(fs, errno, "remove", tag, err);
	return 0;
}
