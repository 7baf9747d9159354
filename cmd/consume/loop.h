/*
 * The loop: everything that consume owns, and what happens when.
 *
 * - loop: the only place that waits; the beginning and the end
 * - take: turns records into output (take_by_time: for --by-time)
 * - hear: turns what has happened into events of the session (hear_done: finished work of consume itself; hear_time:
 * what is due)
 * - act: carries out the session's actions
 * - in_group: sinks that commit the positions in the group
 * - reject: records that cannot be written; fail: the first failure counts
 */
#ifndef WEIR_CONSUME_LOOP_H
#define WEIR_CONSUME_LOOP_H

#include "broker.h"
#include "common/data/rejects.h"
#include "common/stream/source_watch.h"
#include "common/stream/source_words.h"
#include "encode.h"
#include "health.h"
#include "inputs.h"
#include "lookup.h"
#include "options.h"
#include "others.h"

enum { FETCH_MAX = 1000 }; /* messages of librdkafka at once */

struct consume {
	const struct consume_options *opt;
	struct source source;
	struct encoder encoder;
	struct rejects rejects;
	struct broker broker;
	struct lookup lookup, others_lookup;
	struct health health;
	struct others others;

	/* The `have` messages fetched from librdkafka; the first `taken` of them are done. */
	rd_kafka_message_t *messages[FETCH_MAX];
	size_t have, taken;
	unsigned epoch;                    /* the epoch in which they were fetched */
	struct cursor *touched[FETCH_MAX]; /* the partitions whose newest record is kept */
	size_t touched_count;
	struct inputs inputs; /* for --by-time; then `messages` is empty */
	const rd_kafka_topic_t
		/*
		 * topic and partition of the last message, and its cursor, because successive messages are often of the
		 * same partition
		 */
		*last_topic;
	struct cursor *last;

	bool in_group;        /* the sink commits the positions in the group */
	struct strbuf member; /* in_group.c: for that, the membership that the last R names */
	char *cluster;        /* the id of the cluster, librdkafka's; NULL: not known */
	bool join_named;      /* report the named partitions as assigned */
	int64_t close_by;     /* the latest end of the run; 0: no limit */
	bool stop_told;

	struct source_watch watch; /* of sinks */
	struct patience commit;    /* on: a commit has not succeeded since then */
	rd_kafka_resp_err_t commit_err;
	int64_t next_discovery; /* when to look for partitions that were added; 0: not yet */
	int64_t next_look;      /* when topics are checked for having been recreated; 0: not yet */
	int64_t turned_ms;      /* the last turn; 0: none yet */
	int64_t hold_ms;        /* until this time nothing is read and no batch is ended; 0: go on */
	bool fail_told;         /* the session was told of the failure */
	int status;             /* 0, or the exit status to end with, whose message was printed */
};

/* End with CODE after a message; only the first call has an effect.  The loop informs the session. */
#define consume_fail(c, code, ...) source_words_fail(&(c)->status, code, __VA_ARGS__)
/* fail.c: the same when the handle can no longer be used. */
void consume_fail_client(struct consume *c);

/*
 * in_group.c, for a sink that commits the positions in the group, in its transactions.  in_group_begin() is called once
 * all sinks have said hello; false: there is a failure.  in_group_resume() takes the membership for the R that a
 * finished look-up leads to; false: there is none, since a rebalance is coming, and there must be no R.
 */
bool in_group_begin(struct consume *c);
bool in_group_resume(struct consume *c);

/* act.c: pass an event to the session, and carry out its actions. */
void consume_step(struct consume *c, const struct session_event *event);
void consume_step_kind(struct consume *c, enum session_event_kind kind);
/* The cursor of M's partition. */
struct cursor *consume_cursor(struct consume *c, const rd_kafka_message_t *m);
/* Note the newest records' identities, and destroy them; before any step that may end a batch. */
void consume_free_newest(struct consume *c);

/*
 * reject.c.  The first function rejects M, whose record the encoder has refused; true: go on without it.  The other two
 * write the rejected records before the action A, which writes the mark of their batch, and in a plain stream before
 * the event E, after which offsets may be committed.  False: the run has failed, and neither may happen.
 */
bool reject_record(struct consume *c, const struct cursor *cursor, const rd_kafka_message_t *m);
bool reject_batch(struct consume *c, const struct session_action *a);
bool reject_flush(struct consume *c, const struct session_event *e);

/* hear.c: turn what has happened into events. */
void hear_brokers(struct consume *c);
void hear_message(struct consume *c, const rd_kafka_message_t *m); /* an error that came instead of a record */
void hear_sinks(struct consume *c);
/* hear_done.c: finished work of consume itself. */
void hear_lookups(struct consume *c);
void hear_output(struct consume *c);
/* hear_time.c: what is due, and waits that last too long. */
void hear_time(struct consume *c);

/* take.c: turn records into output, as long as output is accepted; false: there were no records. */
bool take_records(struct consume *c);
void take_release(struct consume *c);
/*
 * take() writes M, and destroys it, perhaps later. take_goes_on() tells whether records may be taken and output is
 * accepted.
 */
void take(struct consume *c, rd_kafka_message_t *m);
bool take_goes_on(struct consume *c);

/* take_by_time.c: the same with --by-time. */
bool take_by_time(struct consume *c);

/* loop.c: 0 or the exit status. */
int consume_run(struct consume *c);

#endif
