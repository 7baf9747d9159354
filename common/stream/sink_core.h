/*
 * The sink's half of the protocol between source and sinks, as a state machine (doc/design.md, 5).
 *
 * Layer: stream (uses base/alloc, base/strbuf, chain).  It has no side effects: no table, no socket, no clock, no
 * message.  The shell (sink.h) passes in what has happened, a mark or the outcome of a commit, and carries out the
 * actions that it gets, in that order:
 *
 *     START      S                       HELLO
 *     BATCH      B                       SEEN, and COMMIT when one is due, else FIGURES
 *     QUERY      Q                       ANSWER; with a batch in hand first COMMIT, then the event AGAIN
 *     RESUME     R                       RESUMED, FIGURES; with a batch in hand first COMMIT, then the event AGAIN
 *     FINAL      F                       COMMIT if anything is in hand, DONE
 *     END        a plain stream's end    COMMIT if there were records, DONE
 *     COMMITTED  durable and visible     ACK when a batch was in hand, FIGURES
 *     CONFLICT   another owns a position FIGURES
 *
 * A commit is due when B asks for it (flush), when the oldest batch in hand is as old as the policy says, and when
 * there are this many bytes or records.  When no position moves and no record is in hand, there is no commit: the batch
 * is acknowledged at once.
 */
#ifndef WEIR_STREAM_SINK_CORE_H
#define WEIR_STREAM_SINK_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/stream/chain.h"

/* When a commit is due. */
struct sink_policy {
	int64_t every_ms; /* when the oldest batch in hand is that old */
	uint64_t bytes;   /* in hand */
	uint64_t records; /* in hand */
};

enum sink_event_kind {
	SINK_START,
	SINK_BATCH,
	SINK_QUERY,
	SINK_RESUME,
	SINK_FINAL,
	SINK_END,
	SINK_COMMITTED,
	SINK_CONFLICT,
};

struct sink_event {
	enum sink_event_kind kind;
	char *group;               /* START: NULL when S names none */
	struct mark_ranges ranges; /* BATCH: from, to, records, last; QUERY: which; RESUME: was, start, topic_parts */
	uint64_t batch;            /* its number */
	uint64_t n;                /* marks: records on the last hop since the mark before */
	int64_t start_ms, end_ms;  /* BATCH: when it was read */
	int64_t oldest_ms;         /* BATCH: timestamp of its oldest record, -1: none */
	bool flush;                /* BATCH */
	uint64_t bytes, refused;   /* COMMITTED: what was added to the table; how many records were left out */
};

enum sink_action {
	SINK_HELLO = 1, /* greet the source */
	SINK_SEEN,      /* tell it that the mark of `batch` was read */
	SINK_COMMIT,    /* make durable and visible what is in hand, then pass in COMMITTED or CONFLICT, or end */
	SINK_AGAIN,     /* pass in the same event once more */
	SINK_ANSWER,    /* send the positions that the table has */
	SINK_ACK,       /* tell the source that `batch` and all before it are durable and visible */
	SINK_RESUMED,   /* the chain begins again, at this R */
	SINK_FIGURES,   /* they have changed */
	SINK_DONE,      /* nothing more will be committed */
};
#define SINK_ACTIONS_MAX 4

struct sink_actions {
	enum sink_action items[SINK_ACTIONS_MAX];
	size_t count;
};

/* Figures for monitoring. */
struct sink_figures {
	uint64_t commits, conflicts, records, bytes; /* since the start */
	int64_t oldest_ms;                           /* timestamp of the oldest record in hand, -1: none */
};

struct sink_core {
	struct sink_policy policy;
	struct chain chain; /* its group is NULL before S, and on a plain stream */
	uint64_t batch;     /* the last one that is complete */
	bool in_hand;       /* there are batches that are not acknowledged */
	int64_t began_ms;   /* when the oldest of them began */
	uint64_t records;   /* not yet committed, including those of the open batch */
	uint64_t bytes;
	struct sink_figures figures;
};

/* Prepare CORE for a stream; release it at the end. */
void sink_core_init(struct sink_core *core, const struct sink_policy *policy);
void sink_core_release(struct sink_core *core);

/* Tell CORE that RECORDS more records, of BYTES bytes in all, were read. */
void sink_core_read(struct sink_core *core, uint64_t records, uint64_t bytes);

/*
 * Handle EVENT: RET lists the actions to be done.  -EBADMSG when the stream names no group, -ESTALE when a batch does
 * not follow the one before it, both with the reason in ERR.
 */
int sink_core_step(struct sink_core *core, const struct sink_event *event, struct sink_actions *ret,
	struct strbuf *err) MUST_CHECK;

/* Whether the stream is a marked one, as far as was read. */
static inline bool sink_core_marked(const struct sink_core *core)
{
	return core->chain.group;
}

#endif
