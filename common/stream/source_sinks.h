/*
 * What sinks report to a source over the acknowledgement socket.
 *
 * Layer: stream (uses ackd, session).
 */
#ifndef WEIR_STREAM_SOURCE_SINKS_H
#define WEIR_STREAM_SOURCE_SINKS_H

#include "common/stream/ackd.h"
#include "common/stream/session.h"

struct source_sinks {
	struct ackd acks;   /* fd -1: not open */
	uint64_t asked;     /* the number of the last Q */
	uint64_t seen_told; /* the last value of ackd_seen() that the session knows */
	uint64_t unseen;    /* the oldest batch that not all sinks have seen */
	/* since when the pipe has been empty although the batch's mark was written; 0: it is not empty */
	int64_t unseen_since;
	uint64_t warned; /* the batch that the last warning was about, plus one */
};

/*
 * Store the sinks' answers about the partitions that S has asked for in their cursors.  0, or -EEXIST when the sinks
 * disagree, with their answers in ERR and the partition in *ret_cursor (NULL: a whole topic, which ERR names).
 */
int source_sinks_read_answers(
	struct source_sinks *s, struct session *session, struct cursor **ret_cursor, struct strbuf *err) MUST_CHECK;

/*
 * The id of the table to be named in the group's metadata, which has room for one.  It is WANTED (may be NULL) if a
 * sink writes to that table, else the table of any sink; NULL when no sink writes to a table.  Borrowed.
 */
const char *source_sinks_table(const struct source_sinks *s, const char *wanted);

/*
 * Whether some command in the pipeline holds a mark back: for LIMIT_MS not all sinks have seen the mark of *ret_batch,
 * although the pipe was empty (TAKEN) after it was written.  True once per batch.  BATCHES were ended, DONE of them are
 * acknowledged.
 */
bool source_sinks_stalled(struct source_sinks *s, uint64_t batches, uint64_t done, bool taken, int64_t limit_ms,
	int64_t now_ms, uint64_t *ret_batch);

#endif
