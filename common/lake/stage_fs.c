/*
 * Staged files of a local directory: a hidden file beside the place where it will be published.
 * See store.h and store_fs.h.
 *
 * dt=x/part-1.zst is staged as dt=x/.part-1.new.  Most readers of directories ignore hidden files, but DuckDB, Polars
 * and ClickHouse do not; so the name also has a suffix that no reader looks for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/io/file.h"
#include "common/lake/aside.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"

/* The name of the stage of PATH; the caller frees it. */
static char *stage_name(const char *path)
{
	struct strbuf s = STRBUF_INIT;
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash + 1 - path) : 0;
	strbuf_add(&s, path, dir);
	strbuf_addch(&s, '.');
	strbuf_add(&s, path + dir, strcspn(path + dir, "."));
	strbuf_addstr(&s, FS_STAGE_END);
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
 * Open STAGE for appending.  Only one descriptor is open at a time: partitions are flushed in long pieces, so opening a
 * file again takes no measurable time, and the limit on open files is never reached.  If the kernel fails to write a
 * file back while it is closed, the next open reports that error.
 */
static int open_stage(struct store_fs *fs, struct stage *stage, struct strbuf *err)
{
	if (fs->fd_of == stage)
		return 0;
	int r = close_last(fs, err);
	if (r < 0)
		return r;
	int fd = beneath_open(fs->root, stage->tag, O_WRONLY | O_APPEND | O_NOFOLLOW, 0);
	if (fd == -ENOENT) /* the process that removed it has probably removed more */
		fd = -EAGAIN;
	if (fd < 0)
		return fs_fail(fs, fd, "open", stage->tag, err);
	fs->fd = fd;
	fs->fd_of = stage;
	return 0;
}

/*
 * Create the file of STAGE, and the directories that it needs, which another writer may be removing at the same time.
 */
static int create_stage(struct store_fs *fs, struct stage *stage, struct strbuf *err)
{
	int r = close_last(fs, err), fd = -ENOENT;
	for (int tries = 0; r == 0 && fd == -ENOENT && tries < FS_TRIES; tries++) {
		r = fs_make_dirs(fs, stage->tag, err);
		if (r == 0)
			fd = beneath_open(fs->root, stage->tag, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0666);
	}
	if (r < 0)
		return r;
	if (fd < 0)
		return fs_fail(fs, fd == -ENOENT ? -EAGAIN : fd, "create", stage->tag, err);
	fs->fd = fd;
	fs->fd_of = stage;
	return 0;
}

int stage_fs_open(struct store *store, const char *path, struct stage **ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct stage *stage = xcalloc(1, sizeof *stage);
	stage->path = xstrdup(path);
	stage->tag = stage_name(path);
	int r = fs_lock(fs, err);
	if (r == 0) /* before the file exists, so that no crash leaves a file that is not listed */
		r = fs_announce(fs, stage->tag, err);
	KILL_POINT("stage-announced");
	if (r == 0)
		r = create_stage(fs, stage, err);
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
	int r = open_stage(fs, stage, err);
	if (r < 0)
		return r;
	r = file_write(fs->fd, data, len);
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
	int r = open_stage(fs, stage, err);
	if (r < 0)
		return r;
	if (fsync(fs->fd) < 0)
		return fs_unable(-errno) ? fs_lacks(fs, "fsync(2)", err) : fs_fail(fs, errno, "sync", stage->tag, err);
	KILL_POINT("stage-sealed");
	return close_last(fs, err);
}

/* -EBADMSG, with the reason in ERR, when ST says that PATH is not a regular file. */
static int check_regular(const struct store_fs *fs, const char *path, const struct stat *st, struct strbuf *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	strbuf_addf(err, "'%s/%s' is not a regular file", fs->path, path);
	return -EBADMSG;
}

/* 0 when PATH is a file of SIZE bytes, -ENOENT when it is not there. */
static int check_size(struct store_fs *fs, const char *path, uint64_t size, bool follow, struct strbuf *err)
{
	struct stat st;
	int r = beneath_stat(fs->root, path, follow, &st);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? -ENOENT : fs_fail(fs, r, "look at", path, err);
	r = check_regular(fs, path, &st, err);
	if (r < 0 || (uint64_t)st.st_size == size)
		return r;
	strbuf_addf(err, "'%s/%s' has %llu bytes, but the log says %llu", fs->path, path,
		(unsigned long long)st.st_size, (unsigned long long)size);
	return -EBADMSG;
}

int stage_fs_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct stat st;
	int r = fs_root(fs) < 0 ? -errno : beneath_stat(fs->root, path, true, &st);
	if (r < 0)
		return r == -ENOENT || r == -ENOTDIR ? -ENOENT : fs_fail(fs, r, "look at", path, err);
	r = check_regular(fs, path, &st, err);
	if (r == 0)
		*ret = (uint64_t)st.st_size;
	return r;
}

/* Check that TAG is the name of PATH's stage, so that a forged log cannot make us rename another file. */
static int check_names(const struct store_fs *fs, const char *path, const char *tag, struct strbuf *err)
{
	char *expected = stage_name(path), *aside = aside_name(path);
	const char *slash = strrchr(tag, '/');
	bool stage = strcmp(tag, expected) == 0 && fs_is_stage(slash ? slash + 1 : tag, NULL);
	bool good = beneath_ok(path) && (stage || (aside && strcmp(tag, aside) == 0));
	free(expected);
	free(aside);
	if (good)
		return 0;
	strbuf_addf(err, "the log of '%s' names '%s' as what is to become '%s', which is not a stage of it", fs->path,
		tag, path);
	return -EBADMSG;
}

/* Whether another process was faster, and a later commit has set the file aside since. */
static bool was_set_aside(struct store_fs *fs, const char *path, uint64_t size, struct strbuf *err)
{
	char *aside = aside_name(path);
	bool there = aside && check_size(fs, aside, size, false, err) == 0;
	free(aside);
	return there;
}

int stage_fs_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	int r = check_names(fs, path, tag, err);
	if (r < 0)
		return r;
	KILL_POINT("before-publish");
	r = check_size(fs, tag, size, false, err);
	if (r == 0 && (r = beneath_rename(fs->root, tag, path)) < 0 && r != -ENOENT)
		r = fs_fail(fs, r, "publish", path, err);
	if (r == -ENOENT) /* another process was faster */
		r = check_size(fs, path, size, true, err);
	if (r == -ENOENT && was_set_aside(fs, path, size, err))
		return 0;
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
	const char *slash = strrchr(tag, '/'), *name = slash ? slash + 1 : tag;
	if (!beneath_ok(tag) || (!fs_is_stage(name, NULL) && !fs_is_temp(name))) { /* tags come from the log, too */
		strbuf_addf(err, "the log of '%s' names '%s' as a stage, which it is not", fs->path, tag);
		return -EBADMSG;
	}
	if (fs->fd_of && strcmp(fs->fd_of->tag, tag) == 0) {
		close(fs->fd);
		fs->fd = -1;
		fs->fd_of = NULL;
	}
	int r = beneath_unlink(fs->root, tag, 0);
	return r < 0 && r != -ENOENT ? fs_fail(fs, r, "remove", tag, err) : 0;
}
