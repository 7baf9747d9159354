/*
 * What lake-put does with records, depending on the kind of table.
 *
 * The sink (table.h) deals only with the log, positions and commits.  These operations turn records into the files of a
 * commit: raw.h stores them as they come, delta.h in Parquet.
 */
#ifndef WEIR_LAKE_PUT_TABLE_OPS_H
#define WEIR_LAKE_PUT_TABLE_OPS_H

#include "common/data/rejects.h"
#include "common/lake/log.h"
#include "common/stream/sink.h"

struct times;
struct layout;

/* What is needed to open a table; all borrowed. */
struct table_place {
	struct store *store;
	struct log *log; /* at its head */
	struct layout *layout;
	struct times *times;
	struct rejects *rejects;
	void *pool;       /* made by pool_new(); NULL: this table is alone */
	const char *uuid; /* UUID of this writer, used in names of files */
	uint64_t memory;  /* how many bytes of memory to use, beside the pool if there is one */
};

struct table_ops {
	enum table_kind kind;

	/*
	 * What the tables of a stream that has many share, within MEMORY bytes; *RET is freed by `pool_free`, after
	 * them.  -EINVAL with ERR: that is too little, or the codec is not available.
	 */
	int (*pool_new)(uint64_t memory, void **ret, struct strbuf *err);
	void (*pool_free)(void *pool);

	/* Open the table: an exit status, after a message unless it is EXIT_OK; *RET_SELF is freed by `free`. */
	int (*open)(const struct table_place *place, void **ret_self);
	void (*free)(void *self); /* SELF may be NULL */

	/* Like the callback `span` of struct sink_ops. */
	int (*span)(
		void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err);

	/* Like the callback `end` of struct sink_ops.  NULL: no record is ever open at the end of a span. */
	int (*end)(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err);

	/* All records of a commit were handed over: make their files durable, and set in COMMIT what belongs to them.
	 */
	int (*seal)(void *self, struct commit *commit, struct strbuf *err);

	/*
	 * Set in COMMIT, whether it has files or not, the parts about the table itself.  -EAGAIN with ERR when these
	 * are not known yet, so that there can be no commit.  NULL: there are no such parts.
	 */
	int (*say)(void *self, struct commit *commit, struct strbuf *err);

	/* The sealed files are committed and published: begin the next commit. */
	void (*next)(void *self);

	/*
	 * Everything committed is acknowledged: do the work that can wait.  Its errors are ignored.  NULL: there is no
	 * such work.
	 */
	void (*rest)(void *self);

	/* Remove the files that were written since the last commit. */
	int (*discard)(void *self, struct strbuf *err);

	/* RECORDS are committed, and no more will come: print final messages. */
	void (*done)(const void *self, uint64_t records);
};

#endif
