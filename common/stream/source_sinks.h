/*
 * What sinks say to a source, by the acknowledgement socket.
 *
 * Layer: stream (uses ackd, session).
 */
#ifndef WEIR_STREAM_SOURCE_SINKS_H
#define WEIR_STREAM_SOURCE_SINKS_H

#include "common/stream/ackd.h"
#include "common/stream/session.h"

struct source_sinks {
	struct ackd acks;     /* fd -1: not open */
	uint64_t asked;       /* the number of the last Q */
	uint64_t seen_told;   /* what the session has been told last of ackd_seen() */
	uint64_t unseen;      /* the oldest batch that not all sinks have seen */
	int64_t unseen_since; /* since then its mark is behind an empty pipe; 0: not so */
	uint64_t warned;      /* the batch that the last warning was about, plus one */
};

/*
 * Take down what the sinks have answered about the partitions that S has asked for.  0, or -EEXIST when they disagree,
 * with what they say in ERR and *ret_cursor (NULL: about a whole topic, which ERR names).
 */
int source_sinks_take_answers(
	struct source_sinks *s, struct session *session, struct cursor **ret_cursor, struct strbuf *err) MUST_CHECK;

/*
 * The id of a table that the sinks write to: WANTED (may be NULL) if one of them does, else one of theirs, as the
 * group's metadata can hold one only; NULL: none has a table.  Borrowed.
 */
const char *source_sinks_table(const struct source_sinks *s, const char *wanted);

/*
 * Whether a command in between keeps a mark: no sink has seen that of batch *ret_batch for LIMIT_MS, although the pipe
 * was empty behind it (TAKEN).  Told once a batch.  BATCHES were cut, DONE of them are acknowledged.
 */
bool source_sinks_stalled(struct source_sinks *s, uint64_t batches, uint64_t done, bool taken, int64_t limit_ms,
	int64_t now_ms, uint64_t *ret_batch);

#endif
