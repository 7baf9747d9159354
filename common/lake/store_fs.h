/*
 * Private to the store of a local directory: store_fs.c (files), dir_fs.c (directories), stage_fs.c
 * (staged files), mark_fs.c (marks of writers), claim_fs.c (what dead ones left), survey_fs.c (all that there is).
 *
 * All paths are relative to the table's directory, which stays open: whoever renames it meanwhile
 * does no harm.  A writer marks itself by `.writers/HOST-UUID` in the table, holds a flock(2) on it
 * and lists in it what it stages.  The host is in the name because flock is seldom shared between
 * machines: a mark of another one is never taken for dead.  The marks have a directory of their own
 * because a writer that starts lists them, and the table may hold 100,000 files.
 */
#ifndef WEIR_LAKE_STORE_FS_H
#define WEIR_LAKE_STORE_FS_H

#include "common/lake/store.h"

#define FS_MARKS ".writers"

struct store_fs {
	struct store base;
	char *path;   /* of the table */
	int root;     /* the table, -1: it is not there yet */
	char *writer; /* UUID, NULL: a reader */

	struct names made;  /* directories that we made, in order; path from the root */
	struct names above; /* the same for the table and what is above it */
	struct names dirty; /* directories to be synced, with repetitions */

	int mark; /* the writer's mark, -1: not made yet */
	int fd;   /* the stage written last stays open, -1: none */
	struct stage *fd_of;
};

struct store_fs *store_fs(struct store *store);

/* Say in ERR that VERB ("write") failed on PATH; returns -CODE. */
int fs_fail(const struct store_fs *fs, int code, const char *verb, const char *path, struct strbuf *err);

/* False for what must never be opened: absolute, empty or dotted parts, line feeds. */
bool fs_path_ok(const char *path);

/* The directory of PATH, "." for none; the caller frees it. */
char *fs_dirname(const char *path);

/* The table, opened by now if somebody has made it since; -1: there is none (errno says why). */
int fs_root(struct store_fs *fs);

/* Open the table, making it (and what is above it) when it is not there. */
int fs_make_root(struct store_fs *fs, struct strbuf *err) MUST_CHECK;

/* Make the directory of PATH and note that it and those above it must be synced. */
int fs_make_dirs(struct store_fs *fs, const char *path, struct strbuf *err) MUST_CHECK;

/* Create PATH (new, or -EEXIST) with all of DATA; NAME is what messages call it. */
int fs_write_new(struct store_fs *fs, const char *path, const char *name, const struct strbuf *data, bool durable,
	struct strbuf *err) MUST_CHECK;

/* write(2) all of it.  Returns 0 or -errno. */
int fs_write_all(int fd, const void *data, size_t len) MUST_CHECK;

/* fsync(2) the directory PATH. */
int fs_sync_dir(struct store_fs *fs, const char *path, struct strbuf *err) MUST_CHECK;

/* Mark this writer, once. */
int fs_mark(struct store_fs *fs, struct strbuf *err) MUST_CHECK;
/* Remove the mark, unless a stage is left that others must look after. */
void fs_unmark(struct store_fs *fs);

/* "HOST-", the odd bytes of the host's name replaced: how the marks of this machine begin. */
void fs_mark_prefix(struct strbuf *ret);

/*
 * The UUID in the name NAME of a mark (a pointer into it), NULL when it is none; *ret_here: of this machine, whose
 * prefix is PREFIX.
 */
const char *fs_mark_uuid(const char *name, const char *prefix, bool *ret_here);

/* Whether S begins with a UUID in lower case. */
bool fs_is_uuid(const char *s);

/* Add the stages that the mark PATH lists: hidden files that carry its UUID, nothing else.  -ENOENT. */
int fs_read_mark(struct store_fs *fs, const char *path, struct names *ret, struct strbuf *err) MUST_CHECK;

/* When PATH was last changed, ms since the epoch; -1 when it is not there.  Links are not followed. */
int64_t fs_modified_ms(const struct store_fs *fs, const char *path);

int stage_fs_open(struct store *, const char *path, struct stage **ret, struct strbuf *err);
int stage_fs_append(struct store *, struct stage *, const void *data, size_t len, struct strbuf *err);
int stage_fs_seal(struct store *, struct stage *, struct strbuf *err);
int stage_fs_publish(struct store *, const char *path, uint64_t size, const char *tag, struct strbuf *err);
int stage_fs_discard(struct store *, const char *tag, struct strbuf *err);
int dir_fs_sync(struct store *, struct strbuf *err);
void dir_fs_undo(struct store *);
int stage_fs_size(struct store *, const char *path, uint64_t *ret, struct strbuf *err);
int survey_fs(struct store *, struct survey *ret, struct strbuf *err);
int claim_fs(struct store *, int64_t before_ms, struct claim *ret, struct strbuf *err);
void claim_fs_settle(struct store *, struct claim *claim, bool clean);

#endif
