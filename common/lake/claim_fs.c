/*
 * Cleaning up what dead writers left in a local table.  See store_fs.h.
 *
 * The order makes it safe.  Whatever a dead writer committed, it committed before its death, so the log's head is read
 * after the claim.  The files that the head names are then published.  The files of older entries were published before
 * the head was written.  All remaining stages belong to no commit.
 *
 * Nothing is lost even if a living writer is considered dead, for example on a machine that was cloned with its id.
 * The claim renames the writer's lock, then removes the temporary file from which the writer would link(2) its next
 * entry, and only then reads the log.  The writer checks that its lock still exists after it has written that file and
 * before it links it.  So either we find its entry, or it notices the claim and commits nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/killpoint.h"
#include "common/lake/beneath.h"
#include "common/lake/store_fs.h"
#include "common/base/uuid.h"

#define CLAIMED "+dead-" /* precedes the UUID in the name of a claimed lock; no host has a '+' in its name */

/* Whether neither the lock PATH nor any of the stages that it lists has changed since BEFORE_MS. */
static bool older(const struct store_fs *fs, const char *path, const struct fs_lock *lock, int64_t before_ms)
{
	bool old = before_ms == INT64_MAX || fs_modified_ms(fs, path) < before_ms;
	for (size_t i = 0; old && before_ms != INT64_MAX && i < lock->stages.count; i++)
		old = fs_modified_ms(fs, lock->stages.items[i]) < before_ms;
	return old;
}

/* Whether the lock names HOST as its writer's. */
static bool of_host(const struct fs_lock *lock, const char *host)
{
	struct strbuf name = STRBUF_INIT;
	fs_host_name(&name, host);
	bool same = name.len && strcmp(name.s, lock->host) == 0;
	strbuf_release(&name);
	return same;
}

static bool wanted(
	const struct store_fs *fs, const char *path, const struct fs_lock *lock, const struct claim_rules *rules)
{
	if (lock->owner == OWNER_ALIVE)
		return false;
	if (rules->host && of_host(lock, rules->host))
		return true;
	bool known = lock->owner == OWNER_DEAD || (rules->others && !lock->held);
	return known && older(fs, path, lock, rules->before_ms);
}

/*
 * The lock at PATH does not have its final name yet: its writer has staged nothing, and makes a new lock if this one is
 * removed.
 */
static bool unfinished(const struct strbuf *path)
{
	return fs_is_temp(path->s + strlen(FS_WRITERS "/"));
}

/*
 * Rename the lock PATH, so that its writer no longer finds it.  0; or -errno when we must not clean it, or it is gone.
 */
static int rename_lock(struct store_fs *fs, struct strbuf *path)
{
	struct strbuf to = STRBUF_INIT;
	size_t host = path->len - UUID_LEN - 1, n = strlen(CLAIMED);
	int r = 0;
	if (unfinished(path))
		return 0;
	if (host + 1 < n || memcmp(path->s + host + 1 - n, CLAIMED, n) != 0) {
		strbuf_add(&to, path->s, host);
		strbuf_addf(&to, CLAIMED "%s", path->s + host + 1);
		r = beneath_rename(fs->root, path->s, to.s);
		if (r == 0) {
			strbuf_clear(path);
			strbuf_addstr(path, to.s);
		}
	}
	strbuf_release(&to);
	return r;
}

/* Claim the lock PATH, if RULES allow it. */
static int claim_lock(struct store_fs *fs, struct strbuf *path, const struct claim_rules *rules, struct claim *ret,
	struct strbuf *err)
{
	struct fs_lock lock;
	int r = fs_lock_read(fs, path->s, &lock);
	if (r == 0 && wanted(fs, path->s, &lock, rules) && rename_lock(fs, path) == 0) {
		KILL_POINT("claimed");
		for (size_t i = 0; i < lock.stages.count; i++)
			names_add(&ret->paths, lock.stages.items[i]);
		names_add(&ret->locks, path->s);
		if (!unfinished(path)) /* otherwise its writer may have a new lock by now, and be writing an entry */
			fs_remove_temps(fs, path->s + path->len - UUID_LEN);
	}
	fs_lock_release(&lock);
	/* It is gone, not readable, or not a file at all: lake-check reports it. */
	bool passed = r == 0 || r == -ENOENT || r == -EACCES || r == -EPERM || r == -EBADMSG;
	return passed ? 0 : fs_fail(fs, r, "read", path->s, err);
}

int claim_fs(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err)
{
	struct store_fs *fs = store_fs(store);
	struct names all = {0};
	struct strbuf path = STRBUF_INIT;
	int r = store_list(store, FS_WRITERS, &all, err);
	for (size_t i = 0; r == 0 && i < all.count; i++) {
		const char *uuid = fs_lock_uuid(all.items[i]);
		if (!uuid || strcmp(uuid, fs->writer) == 0)
			continue;
		strbuf_clear(&path);
		strbuf_addf(&path, "%s/%s", FS_WRITERS, all.items[i]);
		r = claim_lock(fs, &path, rules, ret, err);
	}
	names_release(&all);
	strbuf_release(&path);
	if (r < 0)
		claim_fs_end(store, ret, false);
	return r;
}

/* Remove the directories above PATH that are empty now, but only those inside the table. */
static void remove_empty(struct store_fs *fs, const char *path)
{
	char *dir = fs_dirname(path);
	while (strcmp(dir, ".") != 0 && beneath_unlink(fs->root, dir, AT_REMOVEDIR) == 0) {
		char *up = fs_dirname(dir);
		free(dir);
		dir = up;
	}
	free(dir);
}

void claim_fs_end(struct store *store, struct claim *claim, bool clean)
{
	struct store_fs *fs = store_fs(store);
	bool all = clean;
	for (size_t i = 0; clean && i < claim->paths.count; i++) {
		int r = beneath_unlink(fs->root, claim->paths.items[i], 0);
		all = all && (r == 0 || r == -ENOENT || r == -ENOTDIR || r == -EXDEV);
		remove_empty(fs, claim->paths.items[i]);
	}
	KILL_POINT("claim-ended");
	for (size_t i = 0; all && i < claim->locks.count; i++) /* last, because a stage that stays must stay listed */
		beneath_unlink(fs->root, claim->locks.items[i], 0);
	names_release(&claim->paths);
	names_release(&claim->locks);
}
