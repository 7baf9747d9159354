/*
 * Cleaning up behind the dead writers of a local table.  See store_fs.h.
 *
 * The order is what makes it safe.  A mark that can be locked has a dead writer: what that writer
 * committed it did before.  So the log's head is read after the locks are held; what the head names
 * is published, what older entries name was published before the head was written, and what is left
 * belongs to no commit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/store_fs.h"
#include "common/lake/uuid.h"

/* Whether neither the mark PATH nor one of the stages PATHS has changed since BEFORE_MS. */
static bool older(const struct store_fs *fs, const char *path, const struct names *paths, int64_t before_ms)
{
	bool old = before_ms == INT64_MAX || fs_modified_ms(fs, path) < before_ms;
	for (size_t i = 0; old && before_ms != INT64_MAX && i < paths->count; i++)
		old = fs_modified_ms(fs, paths->items[i]) < before_ms;
	return old;
}

/* Take the locked mark PATH over. */
static int take(struct store_fs *fs, const char *path, int fd, int64_t before_ms, struct claim *ret, struct strbuf *err)
{
	struct names paths = {0};
	int r = fs_read_mark(fs, path, &paths, err);
	bool ours = r == 0 && older(fs, path, &paths, before_ms);
	for (size_t i = 0; ours && i < paths.count; i++)
		names_add(&ret->paths, paths.items[i]);
	names_release(&paths);
	if (!ours) {
		close(fd);
		return r == -ENOENT ? 0 : r;
	}
	ret->fds = xreallocarray(ret->fds, ret->locks.count + 1, sizeof *ret->fds);
	ret->fds[ret->locks.count] = fd;
	names_add(&ret->locks, path);
	return 0;
}

/* Claim one mark; nothing happens when its writer lives. */
static int claim_mark(struct store_fs *fs, const char *path, int64_t before_ms, struct claim *ret, struct strbuf *err)
{
	int fd = openat(fs->root, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : fs_fail(fs, errno, "open", path, err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return 0;
	}
	return take(fs, path, fd, before_ms, ret, err);
}

int claim_fs(struct store *store, int64_t before_ms, struct claim *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct names all = {0};
	struct strbuf prefix = STRBUF_INIT, path = STRBUF_INIT;
	*ret = (struct claim){0};
	fs_mark_prefix(&prefix);
	int r = store_list(store, FS_MARKS, &all, err);
	for (size_t i = 0; r == 0 && i < all.count; i++) {
		bool here = false;
		const char *uuid = fs_mark_uuid(all.items[i], prefix.s, &here);
		if (!uuid || !here || strcmp(uuid, fs->writer) == 0)
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", FS_MARKS, all.items[i]);
		r = claim_mark(fs, path.s, before_ms, ret, err);
	}
	names_release(&all);
	strbuf_release(&prefix);
	strbuf_release(&path);
	if (r < 0)
		claim_fs_settle(store, ret, false);
	return r;
}

/* Remove the directories above PATH that are empty now. */
static void remove_empty(struct store_fs *fs, const char *path)
{
	char *dir = fs_dirname(path);
	while (strcmp(dir, ".") != 0 && unlinkat(fs->root, dir, AT_REMOVEDIR) == 0) {
		char *up = fs_dirname(dir);
		free(dir);
		dir = up;
	}
	free(dir);
}

/* What the writer of the mark PATH may have left in the log's directory. */
static void remove_temps(struct store_fs *fs, const char *mark)
{
	static const char *const dirs[] = {"_weir_log", "_delta_log"};
	const char *uuid = mark + strlen(mark) - UUID_LEN;
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		struct strbuf path = STRBUF_INIT;
		strbuf_addf(&path, "%s/.new-%s", dirs[i], uuid);
		unlinkat(fs->root, path.s, 0);
		strbuf_release(&path);
	}
}

void claim_fs_settle(struct store *store, struct claim *claim, bool clean)
{
	struct store_fs *fs = store_fs(store);
	for (size_t i = 0; clean && i < claim->paths.count; i++) {
		unlinkat(fs->root, claim->paths.items[i], 0);
		remove_empty(fs, claim->paths.items[i]);
	}
	KILL_POINT("settled");
	for (size_t i = 0; i < claim->locks.count; i++) {
		if (clean) {
			remove_temps(fs, claim->locks.items[i]);
			unlinkat(fs->root, claim->locks.items[i], 0); /* the mark last */
		}
		close(claim->fds[i]);
	}
	names_release(&claim->paths);
	names_release(&claim->locks);
	free(claim->fds);
	*claim = (struct claim){0};
}
