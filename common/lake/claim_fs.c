/*
 * Marks of the writers of a local table, and cleaning up behind dead ones.  See store_fs.h.
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
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/base/alloc.h"
#include "common/base/killpoint.h"
#include "common/lake/store_fs.h"

#define UUID_LEN 36

/* ".writer-HOST-", the host's odd bytes replaced. */
static void mark_prefix(struct strbuf *ret)
{
	struct utsname host;
	strbuf_addstr(ret, ".writer-");
	size_t from = ret->len;
	strbuf_addstr(ret, uname(&host) == 0 ? host.nodename : "unknown");
	for (char *p = ret->s + from; *p; p++)
		if (*p == '/' || *p == '\n')
			*p = '_';
	strbuf_addch(ret, '-');
}

static void mark_name(const struct store_fs *fs, struct strbuf *ret)
{
	mark_prefix(ret);
	strbuf_addstr(ret, fs->writer);
}

/* Create and lock the mark; 0 done, 1 somebody claimed and removed it between the two calls. */
static int make_mark(struct store_fs *fs, const char *name, struct strbuf *err)
{
	int fd = openat(fs->root, name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return fs_fail(fs, errno, "create", name, err);
	struct stat st = {0};
	int r = flock(fd, LOCK_EX) < 0 || fstat(fd, &st) < 0 ? -errno : 0;
	if (r == 0 && st.st_nlink > 0) {
		fs->mark = fd;
		return 0;
	}
	close(fd);
	return r == 0 || r == -EINTR ? 1 : fs_fail(fs, r, "lock", name, err);
}

int fs_mark(struct store_fs *fs, struct strbuf *err)
{
	int r = fs_make_root(fs, err);
	if (r < 0 || fs->mark >= 0)
		return r;
	struct strbuf name = STRBUF_INIT;
	mark_name(fs, &name);
	do
		r = make_mark(fs, name.s, err);
	while (r > 0);
	strbuf_release(&name);
	KILL_POINT("marked");
	return r;
}

/* Add the paths that the mark NAME lists: hidden files that carry its UUID, nothing else. */
static int read_mark(struct store_fs *fs, const char *name, struct names *ret, struct strbuf *err)
{
	struct strbuf text = STRBUF_INIT;
	int r = fs->base.ops->get(&fs->base, name, &text, err);
	const char *uuid = name + strlen(name) - UUID_LEN;
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

/* Whether a stage that the mark NAME lists is still there. */
static bool stages_left(struct store_fs *fs, const char *name)
{
	struct names paths = {0};
	struct strbuf ignored = STRBUF_INIT;
	bool left = read_mark(fs, name, &paths, &ignored) < 0;
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
	struct strbuf name = STRBUF_INIT;
	mark_name(fs, &name);
	KILL_POINT("before-unmark");
	/* Not a count of our own: another writer may have published what we committed. */
	if (!stages_left(fs, name.s))
		unlinkat(fs->root, name.s, 0);
	close(fs->mark);
	fs->mark = -1;
	strbuf_release(&name);
}

/* Claim one mark; nothing happens when its writer lives. */
static int claim_mark(struct store_fs *fs, const char *name, struct claim *ret, struct strbuf *err)
{
	int fd = openat(fs->root, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : fs_fail(fs, errno, "open", name, err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		return 0;
	}
	int r = read_mark(fs, name, &ret->paths, err);
	if (r < 0) {
		close(fd);
		return r == -ENOENT ? 0 : r;
	}
	ret->fds = xreallocarray(ret->fds, ret->locks.count + 1, sizeof *ret->fds);
	ret->fds[ret->locks.count] = fd;
	names_add(&ret->locks, name);
	return 0;
}

int claim_fs(struct store *store, struct claim *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct names all = {0};
	struct strbuf prefix = STRBUF_INIT;
	*ret = (struct claim){0};
	mark_prefix(&prefix);
	int r = store_list(store, ".", &all, err);
	for (size_t i = 0; r == 0 && i < all.count; i++) {
		const char *name = all.items[i];
		if (strncmp(name, prefix.s, prefix.len) == 0 && strlen(name) == prefix.len + UUID_LEN &&
			strcmp(name + prefix.len, fs->writer) != 0)
			r = claim_mark(fs, name, ret, err);
	}
	names_release(&all);
	strbuf_release(&prefix);
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

/* What the writer of the mark NAME may have left in the log's directory. */
static void remove_temps(struct store_fs *fs, const char *name)
{
	static const char *const dirs[] = {"_weir_log", "_delta_log"};
	const char *uuid = name + strlen(name) - UUID_LEN;
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
