/*
 * Private to the store of a local directory: store_fs.c (opening, reading), put_fs.c (small files, the compare-and-
 * swap), dir_fs.c (directories), stage_fs.c (staged files), temp_fs.c (names of incomplete files), aside_fs.c (hidden
 * files), lock_fs.c (locks of writers), owner_fs.c (whether a writer lives), claim_fs.c (cleaning up after dead
 * writers), survey_fs.c (listing everything), fail_fs.c (messages).
 *
 * All paths are relative to the table's directory, which stays open, so renaming it meanwhile does no harm.  They are
 * resolved beneath it (beneath.h), so nothing in a file of the table can lead out of it, and nothing in the table can
 * make us wait.
 *
 * A writer has a lock: the file `.writers/HOST-UUID` in the table, on which it holds a flock(2), and in which it lists
 * what it stages.  The locks have a directory of their own because a writer that starts lists them, and the table may
 * hold 100,000 files.
 */
#ifndef WEIR_LAKE_STORE_FS_H
#define WEIR_LAKE_STORE_FS_H

#include <sys/types.h>

#include "common/lake/housekeeping.h"

#define FS_WRITERS   ".writers"
#define FS_NEW       ".new-"             /* followed by the UUID of a writer: a file that is not complete */
#define FS_STAGE_END ".new"              /* the end of the name of a stage */
#define FS_LOCK_MAX  (UINT64_C(1) << 26) /* limit for the bytes of a writer's lock */
#define FS_TRIES     100 /* how often to try again while others remove directories that they turned out not to need */

/* Identifies a process in a writer's lock; what is not known is empty or 0. */
struct fs_process {
	char machine[17]; /* a hash of the machine's id */
	char boot[37];    /* the id that the kernel generated when it started */
	uint64_t pidns;   /* the namespace of `pid` */
	int64_t pid;
	uint64_t start; /* when that process was started */
};

struct store_fs {
	struct store base;
	char *path;   /* of the table */
	int root;     /* descriptor of the table; -1: it does not exist yet */
	char *writer; /* UUID, NULL: a reader */

	struct names made;  /* directories that we made, in order; relative to the table */
	struct names above; /* the same for the table and the directories above it */
	struct names dirty; /* directories to be synced, with repetitions */

	int lock;            /* the writer's lock, -1: not made yet */
	uint64_t lock_size;  /* its bytes, */
	uint64_t lock_head;  /* those of its first line, */
	uint64_t lock_check; /* and the size from which on we check whether the listed stages are still needed */
	int fd;              /* the stage written last stays open, -1: none */
	struct stage *fd_of;
};

static inline struct store_fs *store_fs(struct store *store)
{
	return (struct store_fs *)store;
}

/*
 * Append to ERR that VERB ("write") failed on PATH; returns -CODE, but -EBADMSG for a path that leads out of the table
 * (EXDEV).
 */
int fs_fail(const struct store_fs *fs, int code, const char *verb, const char *path, struct strbuf *err);

/* Whether CODE, 0 or -errno, means that the file system does not support the operation. */
bool fs_unable(int code);
/* Append to ERR that the file system of the table has no WHAT; returns -EINVAL. */
int fs_lacks(const struct store_fs *fs, const char *what, struct strbuf *err);

/* The directory of PATH, "." for none; the caller frees it. */
char *fs_dirname(const char *path);

/* The hidden temporary name beside PATH; only this writer uses it.  The caller frees it. */
char *fs_temp_name(const struct store_fs *fs, const char *path);
/*
 * Remove the files that the writer UUID has left under such names in the directories of logs; false when some remain.
 */
bool fs_remove_temps(const struct store_fs *fs, const char *uuid);

/*
 * The descriptor of the table; it is opened if another process has made the table meanwhile, or made it again. -1:
 * there is none (see errno).
 */
int fs_root(struct store_fs *fs);

/* Open the table; if it does not exist, make it and the directories above it. */
int fs_make_root(struct store_fs *fs, struct strbuf *err) MUST_CHECK;

/* Make the directory DIR, which may exist already; it may be gone again by the time it is used. */
int fs_make_dir(struct store_fs *fs, const char *dir, struct strbuf *err) MUST_CHECK;
/* Make the directory of PATH, and note that it and those above it must be synced. */
int fs_make_dirs(struct store_fs *fs, const char *path, struct strbuf *err) MUST_CHECK;

/* Remove the directories that this writer has made and nobody uses. */
void fs_remove_made(struct store_fs *fs);

/* fsync(2) the directory PATH. */
int fs_sync_dir(struct store_fs *fs, const char *path, struct strbuf *err) MUST_CHECK;

/* --- writers' locks ----------------------------------------------------------------------------------------------- */

/*
 * Make this writer's lock, once.  Afterwards nobody removes the table.  -EINVAL when the file system has no flock(2);
 * -EAGAIN when others keep removing the table.
 */
int fs_lock(struct store_fs *fs, struct strbuf *err) MUST_CHECK;

/*
 * Check that the lock still has its name: a process that considers a writer dead renames the lock first.  0; or
 * -EAGAIN, and the stages may be gone.
 */
int fs_lock_kept(struct store_fs *fs, struct strbuf *err) MUST_CHECK;

/* Note in the lock that TAG is about to be staged. */
int fs_announce(struct store_fs *fs, const char *tag, struct strbuf *err) MUST_CHECK;

/* Remove the lock, unless something remains that other writers must clean up. */
void fs_unlock(struct store_fs *fs);

/* The UUID in the name NAME of a lock (a pointer into it), NULL when it is not one. */
const char *fs_lock_uuid(const char *name);
/* Whether NAME is the name of a temporary file: .new-UUID. */
bool fs_is_temp(const char *name);

/* Whether NAME is the name of a stage: .part-UUID-NUMBER.new; if UUID is not NULL, of that writer. */
bool fs_is_stage(const char *name, const char *uuid);

/* The contents and the owner of a writer's lock. */
struct fs_lock {
	int fd;
	char *host;          /* owned; "" when the lock does not name it */
	struct names stages; /* the stages that it lists */
	enum found_owner owner;
	bool held; /* a process holds the flock(2) */
};

/*
 * Read the lock PATH.  -ENOENT: it is gone; -EACCES: it may not be read; -EBADMSG: it is not a regular file, or is
 * larger than FS_LOCK_MAX; or -errno.  Call fs_lock_release() afterwards in any case.
 */
int fs_lock_read(struct store_fs *fs, const char *path, struct fs_lock *ret) MUST_CHECK;
void fs_lock_release(struct fs_lock *lock);

/* The first line of the lock of this process, with its line feed. */
void fs_lock_header(struct strbuf *ret);

/* The name of the machine HOST in locks: unusual bytes are replaced, and no lock is a hidden file. */
void fs_host_name(struct strbuf *ret, const char *host);

/* The same for this machine. */
void fs_host(struct strbuf *ret);

/* When PATH was last changed, in ms since the epoch; -1 when it does not exist.  Links are not followed. */
int64_t fs_modified_ms(const struct store_fs *fs, const char *path);

/* --- the operations ----------------------------------------------------------------------------------------------- */

int put_fs(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int put_fs_if_absent(struct store *, const char *path, const struct strbuf *data, struct strbuf *err);
int stage_fs_open(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int stage_fs_append(struct store *, struct stage *, const void *data, size_t len, struct strbuf *err);
int stage_fs_seal(struct store *, struct stage *, struct strbuf *err);
int stage_fs_publish(struct store *, const char *path, uint64_t size, const char *tag, struct strbuf *err);
int stage_fs_discard(struct store *, const char *tag, struct strbuf *err);
int aside_fs(struct store *, const char *path, const char *aside, struct strbuf *err);
int aside_fs_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int dir_fs_sync(struct store *, struct strbuf *err);
int stage_fs_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int survey_fs(struct store *, struct survey *ret, struct strbuf *err);
int claim_fs(struct store *, const struct claim_rules *rules, struct claim *ret, struct strbuf *err);
void claim_fs_end(struct store *, struct claim *claim, bool clean);

#endif
