/*
 * The checkpoint with which a snapshot of a Delta table begins: its protocol and schema, and its files.
 *
 * Layer: lake (uses delta_actions, delta_snapshot_find).  A classic checkpoint has one or several Parquet files.  A V2
 * checkpoint is one file, of Parquet or JSON lines, and sidecars, Parquet files in `_sidecars` that it names; a file
 * with the name of a classic checkpoint may have these, too.
 */
#ifndef WEIR_LAKE_DELTA_SNAPSHOT_BASE_H
#define WEIR_LAKE_DELTA_SNAPSHOT_BASE_H

#include "common/lake/delta_actions.h"
#include "common/lake/delta_snapshot_find.h"

struct delta_base {
	struct store *store; /* borrowed */
	struct names files;  /* paths of all its files: the first FIRST, and then the sidecars */
	size_t first;
	json_t *protocol, *meta; /* owned; NULL: there is none */
	struct schema want;      /* `add` */
	struct delta_actions actions;
	size_t next;  /* the file that is read after the open one */
	bool loaded;  /* that file is in `actions` already */
	bool reading; /* a file of Parquet is open */
	/* of a file of JSON lines */
	struct strbuf text;
	size_t at;
};

/* Make BASE one without a checkpoint. */
void delta_base_init(struct delta_base *base);

/*
 * Read protocol, schema and the list of sidecars of the checkpoint that FOUND names; nothing when it names none.
 * -EBADMSG: a file is gone or damaged; -ENOTSUP: it has an encoding that is not read; errors of the store.  Release
 * BASE in any case.
 */
int delta_base_open(
	struct delta_base *base, struct store *store, const struct delta_found *found, struct strbuf *err) MUST_CHECK;
void delta_base_release(struct delta_base *base);

/* The next file of the checkpoint: 1, and its add action, owned by the caller; 0 at the end; errors as above. */
int delta_base_next(struct delta_base *base, json_t **ret_add, struct strbuf *err) MUST_CHECK;

#endif
