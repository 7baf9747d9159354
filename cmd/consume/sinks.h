/*
 * What sinks say, by the acknowledgement socket.
 */
#ifndef WEIR_CONSUME_SINKS_H
#define WEIR_CONSUME_SINKS_H

#include "common/stream/ackd.h"
#include "common/stream/session.h"
#include "options.h"

struct sinks {
	struct ackd acks;     /* fd -1: not open */
	uint64_t asked;       /* the number of the last Q */
	uint64_t unseen;      /* the oldest batch that not all sinks have seen */
	int64_t unseen_since; /* since then its mark is behind an empty pipe; 0: not so */
	uint64_t warned;      /* the batch that the last warning was about, plus one */
};

/* Listen for the sinks of run RUN.  0, or -errno with the reason in ERR. */
int sinks_open(struct sinks *s, uint64_t run, uint64_t want, struct strbuf *err) MUST_CHECK;
void sinks_close(struct sinks *s);

/*
 * Take down what the sinks have answered about the partitions that S has asked for.  0, or -EEXIST when they disagree,
 * with what they say in ERR and *ret_cursor (NULL: about a whole topic, which ERR names).
 */
int sinks_take_answers(
	struct sinks *s, struct session *session, struct cursor **ret_cursor, struct strbuf *err) MUST_CHECK;

/*
 * The id of a table that the sinks write to: WANTED (may be NULL) if one of them does, else one of theirs, as the
 * group's metadata can hold one only; NULL: none has a table.  Borrowed.
 */
const char *sinks_table(const struct sinks *s, const char *wanted);

/*
 * Whether a command in between keeps a mark: no sink has seen that of batch *ret_batch for LIMIT_MS, although the pipe
 * was empty behind it (TAKEN).  Told once a batch.  BATCHES were cut, DONE of them are acknowledged.
 */
bool sinks_stalled(struct sinks *s, uint64_t batches, uint64_t done, bool taken, int64_t limit_ms, int64_t now_ms,
	uint64_t *ret_batch);

#endif
