/*
 * What lake-put does with records, by the kind of the table.
 *
 * The sink (table.h) knows of the log, positions and commits only; how records become the files of a commit is behind
 * these operations: raw.h as they came, delta.h in Parquet.
 */
#ifndef WEIR_LAKE_PUT_TABLE_OPS_H
#define WEIR_LAKE_PUT_TABLE_OPS_H

#include "common/data/rejects.h"
#include "common/lake/log.h"
#include "common/stream/sink.h"

struct times;
struct layout;

/* What a table is opened with; all borrowed. */
struct table_place {
	struct store *store;
	struct log *log; /* at its head */
	struct layout *layout;
	struct times *times;
	struct rejects *rejects;
	const char *uuid; /* of this writer, in names of files */
	uint64_t memory;  /* bytes to use */
};

struct table_ops {
	enum table_kind kind;

	/* Open the table: an exit status, after a message unless it is EXIT_OK; *RET_SELF is freed by `free`. */
	int (*open)(const struct table_place *place, void **ret_self);
	void (*free)(void *self); /* SELF may be NULL */

	/* As the callback `span` of struct sink_ops. */
	int (*span)(
		void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err);

	/* As the callback `end` of struct sink_ops.  NULL: no record is open at the end of a span. */
	int (*end)(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err);

	/* All records of a commit were handed over: make their files durable, and set in COMMIT what belongs to them.
	 */
	int (*seal)(void *self, struct commit *commit, struct strbuf *err);

	/*
	 * Set in COMMIT, with files or without, what it says about the table itself.  -EAGAIN with ERR when there is
	 * nothing to say yet, and so no commit.  NULL: nothing.
	 */
	int (*say)(void *self, struct commit *commit, struct strbuf *err);

	/* What was sealed is committed and published: begin with the next commit. */
	void (*next)(void *self);

	/* All that is committed is acknowledged: do what can wait.  A failure of that is no failure.  NULL: nothing. */
	void (*rest)(void *self);

	/* Remove what was written since the last commit. */
	int (*discard)(void *self, struct strbuf *err);

	/* RECORDS are committed, and no more will come: say what there is to say. */
	void (*done)(const void *self, uint64_t records);
};

#endif
