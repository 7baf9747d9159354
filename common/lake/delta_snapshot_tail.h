/*
 * The entries of a Delta table's log after the checkpoint: which files they have added, and which they have removed.
 *
 * Layer: lake (uses log, store; json of data; XXH3 of xxhash.h, compiled in).  A file is known by its path and its
 * deletion vector (PROTOCOL.md, "Action Reconciliation"), of which a hash of 128 bits is kept.
 */
#ifndef WEIR_LAKE_DELTA_SNAPSHOT_TAIL_H
#define WEIR_LAKE_DELTA_SNAPSHOT_TAIL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/lake/store.h"

#define DELTA_TAIL_BYTES (32u << 20) /* of the texts of entries that are kept in memory */

struct json;

struct delta_key {
	uint64_t low, high;
};

/* A file that an entry has named. */
struct delta_tail_file {
	struct delta_key key;
	uint32_t entry; /* counted from the first that was read */
	uint32_t at;    /* where its line begins in the text of the entry */
	uint32_t len : 31;
	bool gone : 1; /* the newest action of this file is another one, or it was removed */
};

struct delta_tail {
	struct store *store;           /* borrowed */
	int64_t first, last;           /* versions */
	json_t *protocol, *meta;       /* the newest ones; owned; NULL: none */
	json_t *own;                   /* entry_own() of the newest entry of ours; owned; NULL: none */
	struct delta_tail_file *files; /* in the order of the actions; owned */
	size_t count, cap;
	uint32_t *table; /* by their keys: the number of the newest one, and 1; 0: free; owned */
	size_t slots;
	struct strbuf *texts; /* of the entries; empty where it was not kept */
	size_t kept;          /* bytes in them */
	struct json *json;
	/* for delta_tail_next() */
	size_t next;
	uint32_t open; /* the entry that is in `text`, and 1 */
	struct strbuf text;
};

/* Make TAIL one without entries. */
void delta_tail_init(struct delta_tail *tail);

/*
 * Read the entries FIRST to LAST, none when LAST is before FIRST.  -EBADMSG: one is damaged, or one of ours does not
 * follow the one before; -ENOENT: one is gone; errors of the store.  Release TAIL in any case.
 */
int delta_tail_read(
	struct delta_tail *tail, struct store *store, int64_t first, int64_t last, struct strbuf *err) MUST_CHECK;
void delta_tail_release(struct delta_tail *tail);

/* Whether the entries name the file of ADD, so that what a checkpoint says of it is out of date. */
bool delta_tail_names(const struct delta_tail *tail, const json_t *add);

/* The next file that the entries have added and not removed again: 1, and its add action, owned; 0 at the end. */
int delta_tail_next(struct delta_tail *tail, json_t **ret_add, struct strbuf *err) MUST_CHECK;

#endif
