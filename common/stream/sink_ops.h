/*
 * What a sink supplies to the sink driver (sink.h).
 *
 * Layer: stream (uses base, filter, sink_core).
 */
#ifndef WEIR_STREAM_SINK_OPS_H
#define WEIR_STREAM_SINK_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/stream/filter.h"
#include "common/stream/sink_core.h"

/* The place of a record in the input, for messages. */
struct sink_place {
	const char *input; /* the operand that is being read */
	uint64_t batch;    /* of a marked stream, else 0 */
	uint64_t record;   /* in this batch, or in this input */
	uint64_t left_out; /* of these, not to be stored */
};

/* What to commit. */
struct sink_commit {
	const struct position *positions; /* the positions that the commit moves; none on a plain stream; borrowed */
	size_t count;
	size_t stay;      /* after those, this many positions that stay where they are; only their cuts may change */
	uint64_t records; /* records handed over since the last commit */
	bool marked;
	bool unchanged; /* no command upstream has changed the number of records: there are as many rows as records were
			   read */
	/* the sink sets them: what the table gained, and of the records, how many it has refused and left out */
	uint64_t bytes, refused;
};

/* The outcome of a commit is not known: nothing may be discarded. */
#define SINK_UNKNOWN (-EINPROGRESS)

/*
 * What a sink does.  SELF is what sink_run() was given.  Callbacks that return int return 0 or -errno with the reason
 * in ERR, which the driver prints; diag_status() turns the code into the exit status.
 */
struct sink_ops {
	/* Positions are kept in the source's consumer group, so the source commits none there; hello says so. */
	bool in_group;

	/* A plain stream is written as it comes, not all or nothing at its end. */
	bool streams;

	/*
	 * Take records: LEN bytes at S, whole lines each with flow->delim.  PLACE->record is how many came before in
	 * this batch or input; the sink adds those that it has taken, even when it fails, and to PLACE->left_out those
	 * of them that it has rejected.  A record that is refused is named by flow_refuse().  An exit status above 0 is
	 * also possible, after a message.
	 */
	int (*span)(
		void *self, struct sink_place *place, const char *s, size_t len, struct flow *flow, struct strbuf *err);

	/*
	 * The batch or the plain stream has no more bytes: take records that were still open at the end of the last
	 * span.  As `span`, which was called before.  May be NULL.
	 */
	int (*end)(void *self, struct sink_place *place, struct flow *flow, struct strbuf *err);

	/*
	 * Waits until FD, the input, can be read, at most TIMEOUT_MS, and moves on what was begun meanwhile: 1 it can,
	 * 0 not yet.  An error of what was begun is returned by the next operation.  May be NULL.
	 */
	int (*await_input)(void *self, int fd, int timeout_ms);

	/* Called now and then while there is no input.  0, or an exit status after a message.  May be NULL. */
	int (*meanwhile)(void *self, struct flow *flow);

	/*
	 * S has come, before `start`, or the chain begins again at this R: for members of marks that only this sink
	 * reads.  An exit status above 0 is also possible, after a message.  May be NULL.
	 */
	int (*look)(void *self, const struct mark *mark, struct strbuf *err);

	/*
	 * All records of a batch were handed over, and nothing of it is committed yet; MARK ends it, NULL: the plain
	 * stream has ended.  0, or an exit status after a message.  May be NULL.
	 */
	int (*gathered)(void *self, const struct mark *mark);

	/*
	 * A marked stream of GROUP begins.  *ret_began: the table has positions of that group, of whatever topic.
	 * An exit status above 0 is also possible, after a message.  NULL: the table holds no positions.
	 */
	int (*start)(void *self, const char *group, bool *ret_began, struct strbuf *err);

	/*
	 * Returns the id of the table that is written, borrowed, or NULL while there is none.  The callback may be
	 * NULL.
	 */
	const char *(*table)(void *self);

	/*
	 * Find what the table has of GROUP, as it is now, once all that is committed is visible: for each of RANGES set
	 * `was`, the next offset or RANGE_NONE; its `cut`, as it was committed with the position; `has_last` with
	 * last_ms, last_crc and last_offset of the last record; `topic_parts`, how many partitions the topic had when
	 * the group began, or RANGE_NONE.  An exit status above 0 is also possible, after a message.
	 */
	int (*locate)(void *self, const char *group, struct mark_ranges *ranges, struct strbuf *err);

	/* Prepare all records for the commit, as far as that is possible before it is decided.  May be NULL. */
	int (*seal)(void *self, struct sink_commit *commit, struct strbuf *err);

	/*
	 * Commit records and positions together, or neither.  -EALREADY: this was committed before, and there is
	 * nothing to do; -ESTALE: a position, even one that stays, is not the one on which the commit builds;
	 * SINK_UNKNOWN.  An exit status above 0 is also possible, after a message.
	 */
	int (*commit)(void *self, struct sink_commit *commit, struct strbuf *err);

	/* Make visible what is committed, and be ready for the next records.  May be NULL. */
	int (*publish)(void *self, struct strbuf *err);

	/*
	 * The program ends without another commit: remove everything that was handed over since the last one.  May be
	 * NULL.
	 */
	int (*discard)(void *self, struct strbuf *err);

	/* FIGURES have changed, or the committed positions of CHAIN (`was`; negative: none).  May be NULL. */
	int (*figures)(void *self, const struct sink_figures *figures, const struct chain *chain, struct strbuf *err);

	/*
	 * Append a description of the table at the start, when COMMIT is NULL ("'lake/clicks', which is new"), or of a
	 * commit that has become visible ("4 files in 3 partitions, version 13").  For inform(); may be NULL.
	 */
	void (*describe)(void *self, const struct sink_commit *commit, struct strbuf *out);

	/* RECORDS are committed and no more will come: the last chance to say something about them.  May be NULL. */
	void (*done)(void *self, uint64_t records);
};

#endif
