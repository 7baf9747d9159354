/*
 * A source's half of the protocol between sources and sinks (weir-stream(7)), as a state machine.  It decides when to
 * ask for partitions, where to read them from, when a batch ends, what may be committed, and how a run ends.
 *
 * Layer: stream (uses base/alloc, cursors, progress, starts).  It has no side effects: no library of a source, no
 * descriptor, no clock, no message.  The shell around it reports what has happened (events) and does what the session
 * asks for (actions), in that order, one event at a time.  Records are not events, because there are millions a second:
 * cursors_accept() and session_took() are called for each.  Tests are scripts of events and the trace of the actions
 * that follow.
 *
 * A plain stream is a session without sinks: there are no marks and no questions, and what has been written to standard
 * output counts as safe.
 *
 *     GREETING ─ sinks are there ─> IDLE <──────────────── revoked ─────────────────┐
 *                                    │ assigned                                     │
 *                                    v                                              │
 *            ASKING (Q) ─> RESOLVING (look-up) ─> SETTLING (first positions) ─> READING ─> DRAINING ─> GIVING_BACK
 *                                                                                   │
 *                        any ─ the end ─> FINISHING (B, F, close) ─> LEAVING (last commit) ─> ENDED
 *                        any ─ failure ─> FAILING (close) ───────────────^
 *
 * Every question and look-up has a number, and whatever makes one obsolete raises that number: late answers carry an
 * old one and are ignored.
 */
#ifndef WEIR_STREAM_SESSION_H
#define WEIR_STREAM_SESSION_H

#include "common/stream/cursors.h"
#include "common/stream/progress.h"
#include "common/stream/where.h"

/* What does not change while a session lives. */
struct session_policy {
	uint64_t run; /* the number of the run, as in its marks */
	bool marked;  /* there are sinks, and batches */
	bool member;  /* a member of a group, whose partitions change; otherwise one ASSIGNED has them all */
	bool commits; /* positions are committed to a group; false from SINKS_READY on if the sink does it */
	bool named;   /* the partitions were named one by one, so none of them counts as one that came later */
	bool bounded; /* --to: it ends when all partitions have reached their ends */
	bool reset;   /* the group's position is ignored */
	bool adopt;   /* a group that belongs to another table is taken over */
	bool skip_lost;
	bool single; /* only one partition is read: --from must not lie beyond its end; --to of a named partition may */
	bool from_start; /* --from start was given: in a plain stream, records that the topic has lost do not matter */
	struct where from, to;
	uint64_t count;                      /* records to write; UINT64_MAX: all */
	uint64_t batch_records, batch_bytes; /* UINT64_MAX: no limit */
	int64_t batch_ms;                    /* how long a batch may be open */
	int64_t answer_ms;                   /* how long sinks may take to say hello, and to answer */
	/* for revoked partitions: time limits for their acknowledgements and then for their commit */
	int64_t drain_ms, give_back_ms;
	int64_t last_ack_ms; /* after F: how long sinks may be silent */
	int64_t commit_every_ms, last_commit_ms;
};

enum session_state {
	SESSION_GREETING,    /* S is written; waiting for sinks to say hello */
	SESSION_IDLE,        /* nothing is assigned */
	SESSION_ASKING,      /* Q is written; waiting for the positions of sinks */
	SESSION_RESOLVING,   /* a look-up is under way */
	SESSION_SETTLING,    /* R is written; where partitions begin becomes durable */
	SESSION_READING,     /* records are taken: in this state only */
	SESSION_RELOCATING,  /* the next record of a partition is gone; a look-up is under way */
	SESSION_DRAINING,    /* give partitions back, after what was read of them is acknowledged */
	SESSION_GIVING_BACK, /* the commit before they are given back */
	SESSION_FINISHING,   /* F is written, or a plain stream flushed for the last time */
	SESSION_FAILING,     /* something is wrong; what was written before may still arrive */
	SESSION_LEAVING,     /* the last commit */
	SESSION_ENDED,
};

/* A partition that an event or an action is about. */
struct session_part {
	struct cursor *cursor;
	int64_t offset;   /* ASSIGN: where to read on; COMMIT, COMMITTED: the position */
	bool other_table; /* FOUND: the group's position belongs to a table that no sink writes to */
};

enum session_event_kind {
	EVENT_BEGIN,       /* the first one: S may be written */
	EVENT_SINKS_READY, /* all sinks have said hello */
	EVENT_ASSIGNED,    /* `parts` are ours, and no others */
	EVENT_REVOKED,     /* give all partitions back */
	EVENT_LOST,        /* all were revoked at once, without time to drain them */
	EVENT_ANSWERED,    /* all sinks have answered question `number`: held, expected, cut, before of its cursors are
			      set */
	EVENT_DISAGREED,   /* the sinks' answers differ about parts[0], or, without parts, about a topic */
	EVENT_FOUND,       /* the look-up `number` has set lo, hi, from_timed, to_timed, stored of its cursors */
	EVENT_FULL,        /* session_took() has returned true */
	EVENT_FLUSHED,     /* all output has left */
	EVENT_SEEN,        /* sinks make progress */
	EVENT_ACKED,       /* all sinks have acknowledged the first `number` batches */
	EVENT_CLOSED,      /* standard output is closed */
	EVENT_COMMITTED,   /* the answer to COMMIT: `parts`, and `refusal` */
	EVENT_MISSING,     /* the next record of parts[0] is gone */
	EVENT_RETAKE,      /* begin the assignment again: a topic may have been recreated */
	EVENT_ADDED,       /* `parts` have been added to the topics; never for members, which get them by ASSIGNED */
	EVENT_REFETCH,     /* `before` of some cursors has been set, and that record must be fetched again */
	EVENT_DIFFERENT,   /* the record before the start of parts[0] is another one */
	EVENT_OTHERS_DONE, /* bounded, and the other members have read everything */
	EVENT_TIME,        /* time has passed */
	EVENT_STOP,        /* the run is to end */
	EVENT_FAILED,      /* the shell has met an error and printed it: the run is to end */
	EVENT_BROKEN,      /* the same, and standard output can no longer be written */
};

enum session_refusal {
	REFUSAL_NONE,
	REFUSAL_STALE, /* a rebalance came before the commit */
	REFUSAL_AGAIN, /* trying again later may succeed */
	REFUSAL_FINAL,
};

struct session_event {
	enum session_event_kind kind;
	uint64_t number;
	const struct session_part *parts; /* borrowed */
	size_t count;
	enum session_refusal refusal;
};

enum session_action_kind {
	ACTION_MARK,     /* write `mark` */
	ACTION_JOIN,     /* become a member, or report the partitions that were named as ASSIGNED */
	ACTION_LOOK_UP,  /* find out about `parts`, and report FOUND with `number` */
	ACTION_ASSIGN,   /* read `parts`, and no others; none: take part, but read nothing yet */
	ACTION_UNASSIGN, /* give all partitions back */
	ACTION_FLUSH,    /* report FLUSHED when all output has left */
	ACTION_CLOSE,    /* write out what is buffered, close standard output, report CLOSED */
	ACTION_COMMIT,   /* `parts` for the group; report COMMITTED */
	ACTION_TELL,     /* a message: `reason` */
	ACTION_FAIL,     /* an error: `reason`, and the `outcome` to end with */
	ACTION_END,      /* the run is over */
};

enum session_outcome {
	OUTCOME_DATA,   /* the data is wrong: trying again does not help */
	OUTCOME_AGAIN,  /* a new run may succeed */
	OUTCOME_CONFIG, /* a user must change something first */
};

/* What a message is about; A and B are those of the action, and the partition is parts[0]. */
enum session_reason {
	REASON_NO_SINKS,         /* not all sinks have said hello in time */
	REASON_NO_ANSWER,        /* not all have answered Q in time */
	REASON_NOT_ACKNOWLEDGED, /* not all have acknowledged the last batch in time */
	REASON_NOT_SETTLED,      /* not all have made durable in time where partitions begin */
	REASON_DISAGREE,         /* the sinks' answers differ */
	REASON_OTHER_TABLE,      /* the group belongs to another table */
	REASON_NO_POSITION,      /* --from stored, and the group has no position */
	REASON_LOST,             /* offsets A to B - 1 are lost */
	REASON_OUT_OF_RANGE,     /* A lies beyond the end, B */
	REASON_LOST_NEW_RUN,     /* offsets A to B - 1 are lost; a new run skips them */
	REASON_LOST_SKIPPED,     /* TELL: offsets A to B - 1 are lost, and reading goes on at B */
	REASON_BACKWARDS,        /* the sink holds A, but this run has read up to B */
	REASON_RECREATED,        /* the record at A is not the one that the sink has */
	REASON_GROUP_DIFFERS,    /* TELL: the sink holds A, the group B; the sink's position is used */
	REASON_GROUP_IGNORED,    /* TELL: the group is at A, the sink has nothing; beginning at B; and `more` others
				  */
	REASON_ADOPTED,          /* TELL: the group was another table's, at A; beginning at B; and `more` others */
	REASON_BEYOND,           /* TELL: a table begins at A; B offsets lie before it, in it and in `more` others */
	REASON_REVOKED,          /* TELL: the group revoked partitions before they could be drained */
	REASON_NOT_DRAINED,      /* TELL: not everything that was read of the revoked partitions is acknowledged */
	REASON_REFUSED,          /* the commit was refused, and trying again would not help */
	REASON_LAST_COMMIT,      /* the last commit failed */
};

/*
 * `wm`, how far event time has come, is the minimum, over the partitions of a batch that may have records left, of each
 * one's greatest timestamp.  A partition of which no record is known counts with 0; partitions without timestamps do
 * not count.  When no partition has records left, there is no `wm`.  It never falls, and changes only in a B that moves
 * a position: at any other B filters write nothing, because no position would show whether their rows were committed.
 */

/* What a mark says of a partition. */
struct session_mark_part {
	const struct cursor *cursor;
	int64_t from, to;
	uint64_t records;
	struct identity last;
	int64_t expected;
	int64_t end; /* OFFSET_NEVER: none */
	struct cut cut;
};

struct session_mark {
	char kind; /* S B Q R F */
	uint64_t number, records, done;
	bool flush;
	int64_t ts_min, ts_max;          /* -1: none */
	int64_t watermark;               /* how far event time has come; -1: not in the mark */
	const struct cursor *slowest;    /* the partition that determines it; NULL: not in the mark */
	struct session_mark_part *parts; /* by topic and partition; owned */
	size_t count;
};

struct session_action {
	enum session_action_kind kind;
	uint64_t number;
	struct session_mark *mark; /* MARK; it and `parts` are the session's, until the next step */
	struct session_part *parts;
	size_t count;
	enum session_outcome outcome;
	enum session_reason reason;
	int64_t a, b;
	size_t more;
};

struct session {
	const struct session_policy *policy;
	struct cursors cursors;
	struct progress progress;
	enum session_state state;
	bool stopping;         /* the end is to come as soon as the sinks have said hello */
	bool failed;           /* its message was printed */
	bool started;          /* an assignment has arrived, perhaps an empty one */
	bool closed;           /* nothing can be written any more */
	bool resumed;          /* R was written: there are batches */
	bool within;           /* only some of the records at an offset are in the output: see session_began() */
	int64_t deadline;      /* of the state; 0: none */
	uint64_t question;     /* the number of the last Q or look-up; answers to others are void */
	struct cursor **asked; /* the partitions that it is about; owned */
	size_t asked_count;
	bool elsewhere; /* the sinks had positions of the group before this run */

	uint64_t batch, records, bytes; /* the open batch */
	int64_t due;                    /* the latest time at which it must end */
	int64_t ts_min, ts_max;
	int64_t watermark;            /* the greatest written so far; 0: none */
	const struct cursor *slowest; /* the partition that determined the `wm` of the last B; NULL: none */
	uint64_t left;                /* records still to be written */
	bool others_done;

	int64_t next_commit;
	bool committing;
	enum session_refusal refusal; /* of the last commit */
	bool unknown; /* partitions were lost at the end of the run, before the group knew their positions */

	struct session_action *actions; /* of the last step; owned */
	size_t action_count, action_cap;
};

void session_init(struct session *s, const struct session_policy *policy);
void session_release(struct session *s);

/*
 * Handle EVENT, which has happened at NOW_MS.  The actions in s->actions are to be done in order, before the next step.
 */
void session_step(struct session *s, int64_t now_ms, const struct session_event *event);

/*
 * A record at OFFSET of C, with timestamp MS (-1: none) and BYTES bytes, was put into the output.  If it returns true,
 * the batch is full, or the last record that is wanted was written: report FULL.
 */
bool session_took(struct session *s, struct cursor *c, int64_t offset, int64_t ms, uint64_t bytes);

/*
 * For a source of which one offset may have any number of records, as the versions of a table do, and whose partitions
 * are never revoked.  session_began(): some of the records at C's next offset were put into the output.  Until all are,
 * no batch ends, and a marked stream does not end without a failure, because an offset cannot be divided.
 * session_took_many(): all RECORDS at OFFSET, which may be none, were put into the output; BYTES, MS and the result are
 * as for session_took().
 */
void session_began(struct session *s);
bool session_took_many(
	struct session *s, struct cursor *c, int64_t offset, int64_t ms, uint64_t records, uint64_t bytes);

/*
 * A record at OFFSET of C, with timestamp MS, was read but left out: it counts as read, but not as a record of the
 * batch.
 */
void session_left_out(struct session *s, struct cursor *c, int64_t offset, int64_t ms);

/* Whether the run has read everything that it should read. */
bool session_finished(const struct session *s);

/*
 * How far the group is with the COUNT PARTS, after a look-up: the first one that has not reached its end, or NULL;
 * *ret_sum is the sum of its positions.
 */
const struct cursor *session_behind(
	struct session *s, const struct session_part *parts, size_t count, int64_t *ret_sum);

/* How long the shell may wait for the next event, from NOW_MS on, at most MAX_MS. */
int session_wait_ms(const struct session *s, int64_t now_ms, int max_ms);

#endif
