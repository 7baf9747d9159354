/*
 * consume: what its files share.
 *
 *     main      options                     source   the Kafka handle: queues, batches, memory
 *     topics    which partitions            range    from which offset to which
 *     begin     where a partition begins
 *     simple    reading without a group     discover  partitions that are added, without a group
 *     group     membership, rebalances      commits  what the group is told
 *     trouble   errors, and when it is over
 *     joining   how long the group may take to form
 *     others    a member without partitions, and when that is over
 *     cut       a message becomes bytes     sink     bytes become output, and what goes on meanwhile
 *     anew      topics that were deleted and made anew
 *     run       the loop                    positions  how far each partition is
 *     batch     marks (--batch)             gain, acks  what sinks hold and what they acknowledge
 *
 * One thread does everything; librdkafka's callbacks run in it, inside consume_serve().  They only note what happened,
 * because they may run while a record is half written (consume_serve() is what goes on while standard output takes
 * nothing); the loop acts on it.
 */
#ifndef WEIR_CONSUME_H
#define WEIR_CONSUME_H

#include <stdbool.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "batch.h"
#include "common/io/outbuf.h"
#include "common/kafka/client.h"
#include "common/kafka/conf.h"
#include "common/kafka/format.h"
#include "common/kafka/where.h"
#include "joining.h"
#include "positions.h"

enum output { OUTPUT_RAW, OUTPUT_JSON, OUTPUT_FORMAT };

struct range_of_partitions {
	int32_t first, last;
};

struct options {
	struct kafka_opts kafka;
	const char *group;
	struct range_of_partitions *partitions; /* of -p; owned */
	size_t partition_count;
	struct where from, to;
	bool from_given, to_given, reset;
	uint64_t count; /* records; UINT64_MAX: all */
	enum output output;
	const char *format; /* of -f */
	struct frame frame;
	bool plain;
	struct batch_options batch;
	const char *instance_id;
	uint64_t memory;    /* bytes */
	int64_t timeout_ms; /* without an answer of the brokers */
	char **topics;
};

struct source {
	rd_kafka_queue_t *data;        /* the records of all partitions */
	int wake_fd;                   /* eventfd: something came into a queue */
	uint64_t max_count, max_bytes; /* librdkafka's limits of what is queued */
	double record_bytes;           /* running mean of payloads */
	int64_t next_forward;
	bool was_full;                            /* fetching has probably stopped at a limit */
	int64_t discovery_ms, next_look;          /* see discover.c */
	rd_kafka_topic_partition_list_t *running; /* see simple.c; owned */
	rd_kafka_message_t *stray;                /* a record that came by the group's queue; owned */
};

struct group {
	bool member; /* joins the group; otherwise it commits for it at most */
	bool commits;
	bool something; /* there is a topic to read now */
	bool closing;   /* answers to librdkafka are due at once */
	bool lost;      /* partitions were taken away: the open batch is to be cut */
	bool revoking;  /* partitions are to be given back, at revoke_deadline at the latest */
	int64_t revoke_deadline;
	rd_kafka_topic_partition_list_t *gained; /* assigned, not yet read; owned */
	unsigned changes;                        /* counts gains and losses */
	struct joining joining;                  /* the wait for the group to form */
	int64_t empty_since;                     /* assigned nothing since then; 0: not so */
	struct others {
		rd_kafka_topic_partition_list_t *all; /* the partitions of all topics as the program began; owned */
		int64_t next_look;
		int64_t sum, moved; /* how far the others are, and when that has changed */
		bool done;          /* they have committed everything up to --to */
	} others;
	int64_t next_commit;
	int64_t interval_ms, max_poll_ms, session_ms, heartbeat_ms;
	bool in_flight;                 /* a commit waits for its answer */
	rd_kafka_resp_err_t commit_err; /* of the last commit */
	struct patience commit;         /* on: a commit has not succeeded since then */
	rd_kafka_queue_t *queue;        /* of answers to commits */
};

struct trouble {
	int64_t since; /* the brokers have not answered since then; 0: no trouble */
	int64_t next_probe;
	bool lost;    /* so is the next record of some partition */
	bool unknown; /* a topic was not there: nothing is read until it is known to be the same (--batch) */
};

struct sink {
	struct outbuf out;
	bool copied;      /* out.fd is a copy of standard output of its own, and non-blocking */
	bool begun;       /* something was put into it */
	int64_t deadline; /* of the current flush; 0: none */
	int64_t next_serve;
};

struct consume {
	const struct options *opt;
	struct kafka_client client;
	struct positions positions;
	struct source source;
	struct group group;
	struct trouble trouble;
	struct sink sink;
	struct batch batch;
	struct format format;
	uint64_t left;        /* records still to be written */
	unsigned batch_epoch; /* of the records in hand */
	int64_t next_look;    /* of anew.c */
	int64_t served_ms;    /* consume_serve() was here; 0: not yet */
	int64_t hold_ms;      /* until then nothing is read or cut: see consume_watch_clock(); 0: go on */
	int status;           /* 0, or the exit status to end with: its message was printed */
};

/* End with STATUS after a message; the first one counts. */
void consume_fail(struct consume *c, enum exit_status status, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Let librdkafka deliver what happened: errors, rebalances, answers to commits. */
void consume_serve(struct consume *c);

/*
 * Called after whatever may have taken long: notice that the process was stopped.  A member may have been replaced
 * meanwhile.  Nothing is read or cut then until the next heartbeat has had the time to tell, or its sink would commit
 * in the place of the one that has come.
 */
void consume_watch_clock(struct consume *c);

/* Whether the loop should go on. */
bool consume_goes_on(const struct consume *c);

/* run.c: 0 or the exit status. */
int consume_run(struct consume *c);

/* topics.c: read -p; see struct opt's parse. */
int topics_parse_partitions(const char *value, void *dest, struct strbuf *err);
/* Make sure that the topics exist; a list of their partitions as -p wants them, or NULL after consume_fail(). */
rd_kafka_topic_partition_list_t *topics_list(struct consume *c);

/*
 * The partitions of LIST that are to be read, a list of the caller's: internal topics, whose names begin with "__", are
 * left out unless they are named or an expression asks for such names.
 */
rd_kafka_topic_partition_list_t *topics_wanted(struct consume *c, const rd_kafka_topic_partition_list_t *list);
/* Whether an operand is an internal topic, or an expression that begins with "^__". */
bool topics_internal(const struct consume *c);
/* Whether TOPIC is an operand, not only matched by one. */
bool topics_named(const struct consume *c, const char *topic);

/* begin.c: note what the group has of the partitions in LIST as the program begins; false after consume_fail(). */
bool begin_look(struct consume *c, rd_kafka_topic_partition_list_t *list);
/*
 * Find out how many partitions the topics of LIST had when the group began to read them, from the sinks' answers to the
 * last Q (--batch) or from what begin_look() saw.  False after consume_fail(): the sinks disagree.
 */
bool begin_parts(struct consume *c, const rd_kafka_topic_partition_list_t *list);
/* Where to begin with P, whose bounds are known; false after consume_fail(). */
bool begin_at(struct consume *c, struct position *p, int64_t *ret_start);
/* Where a member would go on with P that gets it now. */
int64_t begin_group(struct consume *c, const struct position *p);
/* The offset that W means for P. */
int64_t begin_place(struct consume *c, const struct where *w, const struct position *p);
/* Say in one line where the group has positions of LIST that do not count, because the sinks have none. */
void begin_tell(struct consume *c, const rd_kafka_topic_partition_list_t *list);

/* range.c: find out where the partitions of LIST begin and end, and write their offsets into LIST and the table. */
bool range_resolve(struct consume *c, rd_kafka_topic_partition_list_t *list);
/*
 * How far the group is with the partitions of LIST: *ret_sum is the sum of its positions, *ret_behind a partition that
 * has not reached its end (--to), NULL when there is none.  False: it is not known (see c->status), or a rebalance
 * came.
 */
bool range_progress(
	struct consume *c, rd_kafka_topic_partition_list_t *list, const struct position **ret_behind, int64_t *ret_sum);
/* Partitions whose next record is gone: fails, or goes on at their start when --from said so. */
void range_serve(struct consume *c);
/* Ask for the group's positions of LIST, into the table. */
bool range_stored(struct consume *c, rd_kafka_topic_partition_list_t *list);
/* P's START lies before what it still has: false after consume_fail(), unless --from or --on-lost said so. */
bool range_forgive(struct consume *c, const struct position *p, int64_t start);
/* Ask for an offset of each partition in LIST (a time in ms, or librdkafka's logical ones), once. */
rd_kafka_resp_err_t range_ask(struct consume *c, rd_kafka_topic_partition_list_t *list, int64_t what, int timeout_ms);

/* source.c */
bool source_open(struct consume *c);
void source_close(struct consume *c);
/* Read these partitions from these offsets, and no others. */
bool source_assign(struct consume *c, rd_kafka_topic_partition_list_t *list);
/* The same partitions from `next` on, after something was wrong with one. */
bool source_restart(struct consume *c);
/* Up to MAX messages that are there; 0: none. */
size_t source_batch(struct consume *c, rd_kafka_message_t **messages, size_t max);
/* Wait until something happens, for at most TIMEOUT_MS. */
void source_wait(struct consume *c, int timeout_ms);

/* simple.c: what rd_kafka_assign() and rd_kafka_consumer_close() are to members, for who has no group. */
bool simple_assign(struct consume *c, const rd_kafka_topic_partition_list_t *list);
void simple_close(struct consume *c);

/* discover.c: without a group, read partitions that were added, from their start. */
void discover_serve(struct consume *c);

/* group.c */
bool group_configure(struct consume *c, rd_kafka_conf_t *conf);
bool group_join(struct consume *c);
void group_act(struct consume *c);     /* what rebalances ask for; not while a record is half written */
void group_retake(struct consume *c);  /* begin anew with what is assigned, as if it had just come */
void group_wait(struct consume *c);    /* word the wait for the group, and end it */
void group_overdue(struct consume *c); /* give partitions back whose time is over */
void group_leave(struct consume *c);

/* others.c: end a member that others have left nothing to do. */
void others_serve(struct consume *c);

/* commits.c */
void group_serve(struct consume *c);                           /* commits that are due */
bool group_commit_wait(struct consume *c, int64_t timeout_ms); /* true: all that was written is committed */

/* trouble.c */
void trouble_message(struct consume *c, const rd_kafka_message_t *m); /* an error that came instead of a record */
void trouble_serve(struct consume *c);
/* Whether the handle is of no use any more, which is then the end: a member was fenced, for one. */
bool trouble_fatal(struct consume *c);

/* anew.c: see to it that topics are still the ones that were begun with. */
void anew_serve(struct consume *c);
void anew_look(struct consume *c);
/*
 * Whether the log cannot be the one from which everything up to offset ANCHOR was read: ANSWER is where the first
 * record lies that is younger than all those, below 0 when there is none; CHECKED is the answer that was found
 * harmless.
 */
bool anew_suspicious(int64_t answer, int64_t anchor, int64_t checked);

/* cut.c: put M into the output; false after consume_fail() or a failed write. */
bool cut_record(struct consume *c, struct position *p, const rd_kafka_message_t *m);

/* sink.c */
void sink_open(struct consume *c);
/* Write out what is buffered, until DEADLINE (clock_ms(), 0: none); false: it failed. */
bool sink_flush(struct consume *c, int64_t deadline);
void sink_failed(struct consume *c); /* word the error of the output */
/* Close standard output; false when what was written may not have arrived after all. */
bool sink_close(struct consume *c);

#endif
