/*
 * A table as a source: first the rows that it has at some version, then what each later version adds.
 *
 * Layer: lake (uses log, snapshot, delta_snapshot, changes).  Nothing here waits: where there is nothing to read yet,
 * the caller asks again later.  A version is taken as a whole or not at all.  Of a raw table only the newest one can be
 * incomplete, when not all of its files are published yet; it may still be undone (undo.h), so it is taken only once
 * all of them are. Undone versions, compactions and moves of positions have no rows.
 */
#ifndef WEIR_LAKE_FEED_H
#define WEIR_LAKE_FEED_H

#include "common/lake/log.h"
#include "common/stream/cursors.h"

struct delta_snapshot;

#define FEED_ID_MAX 249 /* bytes; the longest name that a topic has elsewhere */

/* What to do about a version that removes rows, or replaces them by others. */
enum feed_removal {
	FEED_REFUSE, /* an error */
	FEED_SKIP,   /* the version counts as one without rows */
	FEED_ADDS,   /* only what it adds is read */
};

struct feed {
	struct log log; /* at the version before the next one */
	char *table;    /* the id of the table, owned */
	enum feed_removal removal;
	bool all;             /* what comes next is all rows of the newest version */
	struct identity last; /* of the version that LOG is at; not known: any will do */
	int64_t newest;       /* the highest version that there is known to be */
};

struct feed_version {
	int64_t version;    /* the last one that it covers; those before it without rows are covered as well */
	struct identity id; /* of `version` */
	bool all;           /* the rows of the whole table, not those of one version */
	bool empty;         /* there are no rows */
	json_t *meta;       /* of a Delta table: the metaData action under which its files are to be read; owned */
	const char
		*left_out; /* what the version does, when FEED_SKIP or FEED_ADDS has mattered; borrowed from the feed */
	/* for feed_version_next() */
	json_t *adds; /* array of add actions, owned; or: */
	size_t next;
	struct delta_snapshot *snapshot; /* owned */
};

/*
 * Read the log of the table in STORE up to its newest version.  Errors of log_open() or delta_snapshot_open(), -ENOENT
 * when there is no table, -EBADMSG when its id is missing or longer than FEED_ID_MAX.  Release F in any case.
 */
int feed_open(struct feed *f, struct store *store, enum feed_removal removal, struct strbuf *err) MUST_CHECK;
void feed_release(struct feed *f);

/* After feed_open(): go on to the newest version, *ret.  Errors of log_refresh(). */
int feed_newest(struct feed *f, int64_t *ret, struct strbuf *err) MUST_CHECK;

/*
 * After feed_newest(): the version NEXT is the first one that is wanted; 0: all rows of the newest version come first.
 * -EBADMSG when there is no version before NEXT, or it cannot be read.
 */
int feed_place(struct feed *f, int64_t next, struct strbuf *err) MUST_CHECK;

/*
 * What comes next.  1: *RET, to be released; 0: nothing yet; when a version is there but not complete, ERR says what is
 * missing.  -EBADMSG: the version cannot be read as what it is (it is damaged, its files or its entry are gone, it
 * removes rows), or the table is not the one that was read before; other errors of the store.
 */
int feed_next(struct feed *f, struct feed_version *ret, struct strbuf *err) MUST_CHECK;
void feed_version_release(struct feed_version *v);

/* The next file of V: 1, and its add action, owned by the caller; 0 at the end; errors of delta_snapshot_next(). */
int feed_version_next(struct feed_version *v, json_t **ret_add, struct strbuf *err) MUST_CHECK;

/* While there is nothing new: -EBADMSG when the version that was read last is not there any more, or is another one. */
int feed_check(const struct feed *f, struct strbuf *err) MUST_CHECK;

/*
 * The identity of VERSION.  1: it is in *RET; 0: its entry is gone or was emptied; errors of log_read().
 */
int feed_identity(const struct feed *f, int64_t version, struct identity *ret, struct strbuf *err) MUST_CHECK;

#endif
