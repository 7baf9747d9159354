/*
 * Checkpoints in the log of a Delta table.  A checkpoint is a Parquet file with the valid actions of all entries up to
 * a version; readers begin with it.
 *
 * Layer: lake (uses log, entry, ids; rows, shred and writer of parquet; jansson).  By PROTOCOL.md, "Checkpoints": we
 * write classic ones (`%020d.checkpoint.parquet`, a row for each action), and name the newest in `_last_checkpoint`.
 * Those of several files (`%020d.checkpoint.%010d.%010d.parquet`) are read, too; V2 checkpoints (with a UUID in their
 * names, or with sidecar files) are not.
 *
 * A new checkpoint is made from the one before and the actions of the entries since.  So memory holds both files,
 * compressed (each at most DELTA_CHECKPOINT_BYTES), one decoded row group of the older one, and the actions of about
 * DELTA_CHECKPOINT_ACTIONS files.  If the entries since then have more, checkpoints of versions in between are made
 * first.
 */
#ifndef WEIR_LAKE_DELTA_CHECKPOINT_H
#define WEIR_LAKE_DELTA_CHECKPOINT_H

#include "common/lake/delta_actions.h"
#include "common/lake/log.h"

#define DELTA_CHECKPOINT_BYTES   DELTA_ACTIONS_BYTES
#define DELTA_CHECKPOINT_ACTIONS 50000

struct delta_checkpoint {
	int64_t version; /* -1: none */
	unsigned parts;  /* 1: one file with a simple name */
};

/* --- delta_checkpoint_find.c: finding checkpoints --- */

struct delta_checkpoints {
	struct delta_checkpoint *items; /* the newest first */
	size_t count, cap;
	char *v2; /* the name of the newest V2 checkpoint, or of one of its files; NULL: none was seen */
};

/* Those with versions from FROM to TO that have all parts, in a list of the log's directory, sorted.  Release RET. */
void delta_checkpoints_pick(const struct names *names, int64_t from, int64_t to, struct delta_checkpoints *ret);

/*
 * The same for the directory of LOG; errors of store_list().  Release RET in any case.
 */
int delta_checkpoints_list(
	const struct log *log, int64_t from, int64_t to, struct delta_checkpoints *ret, struct strbuf *err) MUST_CHECK;
void delta_checkpoints_release(struct delta_checkpoints *list);

/* The path of part PART (from 1) in the store. */
void delta_checkpoint_path(
	const struct log *log, const struct delta_checkpoint *which, unsigned part, struct strbuf *ret);

/*
 * The checkpoint that `_last_checkpoint` names, which need not exist; version -1: it names none that can be read here.
 */
struct delta_checkpoint delta_checkpoint_hint(const struct log *log);

/* --- delta_checkpoint_read.c: reading the actions of a checkpoint --- */

struct delta_checkpoint_in {
	const struct log *log;
	struct delta_checkpoint which;
	unsigned part; /* number of the open part; 0: none yet */
	struct schema want;
	struct delta_actions actions;
};

/* Begin to read WHICH; its files (`add`, `remove`) only if FILES is set.  End the reading in any case. */
int delta_checkpoint_begin(struct delta_checkpoint_in *in, const struct log *log, struct delta_checkpoint which,
	bool files, struct strbuf *err) MUST_CHECK;
void delta_checkpoint_end(struct delta_checkpoint_in *in);

/*
 * Read the next action.  Returns 1 and {NAME:ACTION}, owned by the caller, where NAME is `protocol`, `metaData`, `txn`,
 * `add` or `remove`; 0 at the end; -EBADMSG: a file is gone or damaged; -ENOTSUP: it uses a feature that is not
 * supported here (V2); or an error of the store.
 */
int delta_checkpoint_next(struct delta_checkpoint_in *in, json_t **ret, struct strbuf *err) MUST_CHECK;

/* --- delta_checkpoint_write.c: writing a new checkpoint --- */

struct delta_checkpoint_out;

int delta_checkpoint_new(struct delta_checkpoint_out **ret, struct strbuf *err) MUST_CHECK;
void delta_checkpoint_free(struct delta_checkpoint_out *out);

/* Add an action.  -EINVAL when it has members that no such action has; -EILSEQ; -EIO. */
int delta_checkpoint_put(
	struct delta_checkpoint_out *out, const char *name, json_t *action, struct strbuf *err) MUST_CHECK;

/*
 * Write it as the checkpoint of VERSION, and name it in `_last_checkpoint`.  0, also when another writer has already
 * made that checkpoint; -EFBIG when it is larger than DELTA_CHECKPOINT_BYTES; errors of store_put_if_absent().
 */
int delta_checkpoint_finish(
	struct delta_checkpoint_out *out, const struct log *log, int64_t version, struct strbuf *err) MUST_CHECK;

/* --- delta_checkpoint.c --- */

/*
 * Make a checkpoint of LOG's head, which must have none yet.  Older checkpoints that cannot be read are skipped; PASSED
 * then has the reasons, even when it returns 0.  Errors as above; -ENOENT: entries that are needed were removed.
 */
int delta_checkpoint_make(const struct log *log, struct strbuf *passed, struct strbuf *err) MUST_CHECK;

/*
 * Whether LOG's head is at least delta_checkpoint_every() versions after the newest known checkpoint.
 * *LAST keeps the version of that checkpoint between calls; it must be INT64_MIN at first.
 */
bool delta_checkpoint_due(const struct log *log, int64_t *last);

#endif
