/*
 * The life of transactions, as a state machine: which call comes next, and what the end of each one means
 * (doc/design.md, 5).
 *
 * It has no side effects and knows no library: the shell (txn.h) makes the calls and reports how they have ended.  A
 * commit is BEGIN, SEND (left out when there are no records), OFFSETS, COMMIT.  After each event there is one action:
 *
 *     ASKED   by a question of the source    OPEN: a new producer, which settles the last transaction of the same id
 *     RESUMED reading goes on                NOTHING
 *     COMMIT  a commit is due                BEGIN; without a producer or a membership: END
 *     DONE    the call has succeeded         the next call, or END with TXN_GOOD
 *     FAILED  it has failed                  the same call, ABORT, or END with what is wrong; after TXN_AGAIN a commit
 *                                            of the same may be due, without a record or in another order
 *
 * A call that has timed out may still have its effect, even much later.  Nothing is called after it: the program ends,
 * and the next one begins by opening a producer of the same id, before it asks for positions.
 */
#ifndef WEIR_PRODUCE_TXN_CORE_H
#define WEIR_PRODUCE_TXN_CORE_H

#include <stdbool.h>

enum txn_event {
	TXN_ASKED,
	TXN_RESUMED,
	TXN_DUE,         /* a commit of offsets and records */
	TXN_DUE_OFFSETS, /* a commit of offsets only */
	TXN_DONE,
	TXN_FAILED,
};

/* How a call has failed. */
enum txn_failure {
	TXN_RETRY,     /* nothing has happened: the same call may succeed */
	TXN_SLOW,      /* timed out: it may still happen */
	TXN_SPOILED,   /* the transaction can only be aborted */
	TXN_OVERTAKEN, /* so it is, since the group has given the partitions to another member */
	TXN_FENCED,    /* another producer of the same id has been opened */
	TXN_REFUSED,   /* a user must change something first: rights, settings */
	TXN_UNSENT,    /* SEND: records were not accepted */
	TXN_REJECTED,  /* SEND: the brokers refuse a record for good, and the others may be sent without it */
	TXN_BROKEN,    /* the producer can no longer be used */
};

enum txn_action { TXN_NOTHING, TXN_OPEN, TXN_BEGIN, TXN_SEND, TXN_OFFSETS, TXN_COMMIT, TXN_ABORT, TXN_END };

/* How a question or a commit has ended. */
enum txn_end {
	TXN_GOOD,
	TXN_TEMP,     /* a new run may succeed */
	TXN_STALE,    /* another run has the partitions */
	TXN_UNKNOWN,  /* the commit may be there, or come: a new run will see */
	TXN_CONFIG,   /* a user must change something first */
	TXN_MESSAGES, /* records were not accepted, and the shell knows why */
	TXN_AGAIN,    /* nothing has happened, and the same commit may be tried without the record that is refused */
};

struct txn_core {
	enum txn_action call; /* under way; TXN_NOTHING: none */
	bool open;            /* there is a producer, without a transaction */
	bool resumed;         /* a membership is known for it */
	bool records;         /* of the commit under way */
	bool over;            /* it has ended badly: nothing more may be called */
	enum txn_end end;     /* with TXN_END; with TXN_ABORT: what it will be */
};

/* EVENT has happened, FAILURE says how if it is TXN_FAILED.  LATE: the time for a commit is over.  Returns what to do.
 */
enum txn_action txn_step(struct txn_core *core, enum txn_event event, enum txn_failure failure, bool late);

#endif
