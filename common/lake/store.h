/*
 * Where a lake table lives: a small set of operations that a local directory, S3, Azure and HDFS can
 * all give, with what each promises about visibility and durability (DESIGN section 5).
 *
 * Layer: lake (uses base).  PATH is relative to the table, '/' between its parts, without ".", ".."
 * or a line feed.  Every function that can fail returns 0 or -errno, and then appends to ERR what
 * failed, complete enough to print.
 *
 * A staged file is invisible until it is published; publishing needs nothing but the path, the size
 * and the `tag`, which the log keeps, so that anybody can finish it.  Between sealing or publishing
 * and relying on it stands one store_sync() for many files.
 */
#ifndef WEIR_LAKE_STORE_H
#define WEIR_LAKE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct store {
	const struct store_ops *ops;
	char *url; /* as the user wrote it, for messages */
};

/* Names in a directory, or paths. */
struct names {
	char **items;
	size_t count, cap;
};
void names_add(struct names *names, const char *name);
void names_sort(struct names *names);
void names_release(struct names *names);

/* A file that is being written; made by store_stage(), freed by store_stage_free(). */
struct stage {
	char *path;    /* where publishing puts it */
	char *tag;     /* what publishing needs beside */
	uint64_t size; /* bytes so far */
};

/* Whose stages may be cleaned away, beside those of writers of this machine that are dead. */
struct claim_rules {
	int64_t before_ms; /* only where nothing has changed since then; INT64_MAX: whenever it was */
	bool others;       /* likewise of writers that this machine cannot ask */
	const char *host;  /* or NULL: of all writers of this host that are not known to live, however young */
};

/* Stages that such writers left and that are now ours to clean away. */
struct claim {
	struct names paths; /* their tags */
	struct names marks; /* of the writers */
};

/* What is in a table beside directories and log, as store_survey() finds it. */
struct found {
	char *path;
	enum found_kind {
		FOUND_FILE,  /* every program sees it, whoever wrote it */
		FOUND_STAGE, /* staged by a writer of ours */
		FOUND_TEMP,  /* what such a writer leaves in the log's directory when it is killed there */
		FOUND_MARK,  /* what marks such a writer */
		FOUND_ODD,   /* no regular file, where only such belong */
	} kind;
	enum found_owner {
		OWNER_NONE,      /* of stages and temps: no mark names their writer; of files: always */
		OWNER_ALIVE,     /* the writer runs */
		OWNER_DEAD,      /* the writer is dead */
		OWNER_ELSEWHERE, /* of another machine, or with a mark that cannot be read: nobody here can say */
	} owner;
	int64_t modified_ms; /* last change, since the epoch; 0 for files */
};
struct survey {
	struct found *items; /* by path */
	size_t count, cap;
};
void survey_release(struct survey *survey);
/* The item PATH, NULL when there is none; borrowed. */
const struct found *survey_find(const struct survey *survey, const char *path);

/* The outcome of put_if_absent is not known: the entry may be there, be there later, or not. */
#define STORE_UNKNOWN (-EINPROGRESS)

struct store_ops {
	void (*close)(struct store *store);
	int (*get)(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err);
	int (*read)(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
		struct strbuf *err);
	int (*list)(struct store *store, const char *dir, struct names *ret, struct strbuf *err);
	int (*put)(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err);
	int (*put_if_absent)(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err);
	int (*stage)(struct store *store, const char *path, struct stage **ret, struct strbuf *err);
	int (*append)(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err);
	int (*seal)(struct store *store, struct stage *stage, struct strbuf *err);
	int (*sync)(struct store *store, struct strbuf *err);
	int (*publish)(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err);
	int (*discard)(struct store *store, const char *tag, struct strbuf *err);
	int (*size)(struct store *store, const char *path, uint64_t *ret, struct strbuf *err);
	int (*survey)(struct store *store, struct survey *ret, struct strbuf *err);
	int (*claim)(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err);
	void (*settle)(struct store *store, struct claim *claim, bool clean);
	void (*undo)(struct store *store);
};

/*
 * Open the table at URL, a path or file:PATH; nothing is created before something is written.
 *
 * WRITER names this writer in what it stages (a UUID; kept); NULL for a reader.  *ret_store is freed
 * by store_close().  -ENOTDIR and other errors of open(2), -EINVAL for other schemes.
 */
int store_open(const char *url, const char *writer, struct store **ret_store, struct strbuf *err) MUST_CHECK;
void store_close(struct store *store);

/*
 * The whole of a file; -ENOENT (ERR is set then, too), -EBADMSG when it is no regular file, leads out of the table or
 * has more than MAX bytes.
 */
int store_get(struct store *store, const char *path, uint64_t max, struct strbuf *ret, struct strbuf *err) MUST_CHECK;

/*
 * Up to SIZE bytes (at most INT_MAX) of a file from byte POS; TAG is that of its stage, which is read
 * while it is not published, or NULL.  Returns their number, 0 at the end of the file; -ENOENT, -EBADMSG as above.
 */
int store_read(struct store *store, const char *path, const char *tag, uint64_t pos, void *buf, size_t size,
	struct strbuf *err) MUST_CHECK;

/* The size of the file PATH, published or staged; -ENOENT (ERR is untouched then); -EBADMSG as above. */
int store_size(struct store *store, const char *path, uint64_t *ret, struct strbuf *err) MUST_CHECK;

/*
 * Look through the whole table.  What comes and goes meanwhile may be there or not; a writer that is just beginning
 * may look dead, so whoever acts on that looks twice.  After an error (the first one; ERR names all) RET holds the
 * rest; release it in any case.
 */
int store_survey(struct store *store, struct survey *ret, struct strbuf *err) MUST_CHECK;

/* The names in DIR, unsorted, added to RET; none when DIR is not there. */
int store_list(struct store *store, const char *dir, struct names *ret, struct strbuf *err) MUST_CHECK;

/* Create or replace a file, whole, but not durably: for hints. */
int store_put(struct store *store, const char *path, const struct strbuf *data, struct strbuf *err) MUST_CHECK;

/*
 * Create a file durably, whole or not at all.  -EEXIST when there is one already; STORE_UNKNOWN when
 * it may or may not be there; any other error says that it is not there by our doing.  -EAGAIN: somebody has taken
 * this writer for dead, and may have removed what it has staged; -EINVAL: the file system cannot do that.
 */
int store_put_if_absent(
	struct store *store, const char *path, const struct strbuf *data, struct strbuf *err) MUST_CHECK;

/* Begin a file that will be published as PATH; *ret_stage belongs to the caller. */
int store_stage(struct store *store, const char *path, struct stage **ret_stage, struct strbuf *err) MUST_CHECK;
/* Append; thousands of stages may be written in turn, they do not each hold a descriptor. */
int store_append(struct store *store, struct stage *stage, const void *data, size_t len, struct strbuf *err) MUST_CHECK;
/* The file is complete: make its contents durable. */
int store_seal(struct store *store, struct stage *stage, struct strbuf *err) MUST_CHECK;
/* Make the names of what was sealed or published since the last call durable. */
int store_sync(struct store *store, struct strbuf *err) MUST_CHECK;
void store_stage_free(struct stage *stage);

/*
 * Make a sealed stage visible as PATH; doing it again is no error.  -EBADMSG when neither it nor a
 * file of SIZE bytes at PATH is there.
 */
int store_publish(struct store *store, const char *path, uint64_t size, const char *tag, struct strbuf *err) MUST_CHECK;
/* Remove a stage that no commit names and none will name; one that is gone is no error; -EBADMSG when it is none. */
int store_discard(struct store *store, const char *tag, struct strbuf *err) MUST_CHECK;

/*
 * Find what dead writers have staged, and keep them from committing it, should they live after all.  The caller then
 * reads the log's head, publishes what it names, and calls store_settle(): with CLEAN the rest is deleted, since it was
 * committed before the head or never will be; without, it is left to the next one.  What may not be read or renamed
 * is passed over.
 */
int store_claim(struct store *store, const struct claim_rules *rules, struct claim *ret, struct strbuf *err) MUST_CHECK;
void store_settle(struct store *store, struct claim *claim, bool clean);
/* Leave the stage TAG alone when CLAIM is settled. */
void claim_spare(struct claim *claim, const char *tag);

/* Nothing was committed: remove the directories that were made, where they are empty. */
void store_undo(struct store *store);

/* The store of a local directory (store_fs.c). */
int store_fs_open(const char *path, const char *writer, struct store **ret, struct strbuf *err) MUST_CHECK;

#endif
