/*
 * lake-compact: puts the small files of a table together, removes what is old, and cleans up.
 *
 * main.c has the options, tell.c what is printed, table.c the opening of the table and its list of files, round.c one
 * commit, crew.c the work on several cores, plan.c which files are put together, raw.c and delta.c how (with
 * delta_input.c, which reads, delta_sort.c and sort_by.c, which sort), expire.c which
 * files are too old, vacuum.c the removal of files that no version needs any more, trim.c that of old entries of a
 * Delta table's log.
 */
#ifndef WEIR_LAKE_COMPACT_COMPACT_H
#define WEIR_LAKE_COMPACT_COMPACT_H

#include "common/base/opt.h"
#include "common/io/outbuf.h"
#include "common/lake/layout.h"
#include "common/lake/log.h"
#include "common/lake/store_opt.h"

#define COMPACT_FILES 20000 /* how many files one commit replaces at most, so that its entry stays short */

struct compact_options {
	uint64_t target, memory; /* bytes */
	int64_t expire_ms;       /* -1: not given */
	int64_t older_ms;        /* of --vacuum, -1: not given */
	const char *sort_by;     /* columns; NULL: the rows keep their order */
	bool vacuum, dry_run;
	struct store_options store;
};

/* A file of the table. */
struct table_file {
	json_t *add; /* borrowed from the table's list */
	char *path;
	char *group;         /* files with the same may be put together */
	char **values;       /* of the partition columns */
	uint64_t size;       /* bytes */
	int64_t records;     /* -1: not known */
	uint64_t deleted;    /* of them, by a deletion vector */
	bool stays;          /* it cannot be read here, and is not replaced */
	int64_t modified_ms; /* when the newest of its records was committed, since the epoch; 0: not known */
};

/* A table that is open for writing. */
struct compact {
	const struct compact_options *opt;
	struct store *store;
	struct log log;
	char uuid[UUID_LEN + 1];
	struct layout layout; /* only the names of the partition columns */
	size_t made;          /* files so far, for their names */

	struct outbuf out; /* of --dry-run */

	/* the files of the version SINCE, whose schema is that of META_VERSION */
	int64_t since, meta_version;
	json_t *adds;
	struct table_file *files;
	size_t nfiles;
	uint64_t outside; /* files of the table that are in another one, as in a shallow clone: they stay */
	uint64_t told;    /* of how many of them there was a message */
};

/* A file that was made of others. */
struct made_file {
	struct lake_file file; /* first: a commit has pointers to it */
	struct stage *stage;
};

/* --- tell.c --- */

/* Print what was done, with -v, or what would be done, on standard output.  The line feed is added. */
void compact_tell(struct compact *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Flush; 0, or the exit status after a message. */
int compact_tell_end(struct compact *c);

/* --- table.c --- */

/*
 * Open the table at URL, publish what its head has left, and read its properties.  -EINVAL when it is not a table that
 * can be compacted, with the reason in ERR; errors of the store and the log.  Close C in any case.
 */
int table_open(struct compact *c, const char *url, const struct compact_options *opt, struct strbuf *err) MUST_CHECK;
void table_close(struct compact *c);

/* Read the list of the files of the newest version; errors of snapshot_read() and the checkpoints. */
int table_list(struct compact *c, struct strbuf *err) MUST_CHECK;

/* --- round.c: each returns 0, or a negative errno with ERR --- */

/* Put small files together, in as many commits as it takes. */
int compact_files(struct compact *c, struct strbuf *err) MUST_CHECK;

/* Whether the columns of --sort-by are there: 0; -EINVAL, with the reason in ERR. */
int compact_check_sort(const struct compact *c, struct strbuf *err) MUST_CHECK;

/* Remove files of which all records are older than --expire. */
int compact_expire(struct compact *c, struct strbuf *err) MUST_CHECK;

/* --- plan.h; raw.c, delta.c --- */

struct plan_bin;

/* What a kind of table has to put files together. */
struct rewriter {
	/* Begin; *RET is passed to the others, and freed by `end` in any case.  NULL: nothing is needed. */
	int (*begin)(struct compact *c, void **ret, struct strbuf *err);
	/* Put the files of BIN, unless they are marked by this as those that stay, into new ones. */
	int (*bin)(void *self, const struct plan_bin *bin, struct strbuf *err);
	/* All is there: make it durable, and return the files, which are valid until `end`. */
	int (*finish)(void *self, struct lake_file ***ret_files, size_t *ret_count, struct strbuf *err);
	/* Nothing is committed: remove what was made. */
	int (*discard)(void *self, struct strbuf *err);
	void (*end)(void *self);
};
extern const struct rewriter raw_rewriter, delta_rewriter;

/* --- expire.c --- */

struct expire {
	int64_t before_ms; /* older records go */
	struct layout layout;
	bool by_time; /* the partitions are made of times, by LAYOUT */
};

/* Prepare for the table C and the time of its store; errors of layout_init().  Release RET in any case. */
int expire_init(const struct compact *c, struct expire *ret, struct strbuf *err) MUST_CHECK;
void expire_release(struct expire *e);

/* Whether all records of FILE are too old. */
bool expire_is_due(const struct expire *e, const struct table_file *file);

/* --- vacuum.c, trim.c --- */

/* Remove the files that no version since --older-than names.  Prints what it removes. */
int compact_vacuum(struct compact *c, struct strbuf *err) MUST_CHECK;

/* Remove entries of a Delta table's log that are older than the table keeps them and lie behind a checkpoint. */
int compact_trim(struct compact *c, struct strbuf *err) MUST_CHECK;

#endif
