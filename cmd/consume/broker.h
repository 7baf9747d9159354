/*
 * The Kafka handle: its properties, its queues, its memory.
 *
 * Records go into a queue of their own, beside the consumer's queue, which then holds rebalances and errors only.  So a
 * rebalance is not stuck behind everything that was prefetched, and while standard output takes nothing the group can
 * be served without taking records.  Neither pause nor seek is used: with batch reads both lose records before
 * librdkafka 2.1.
 *
 * With --by-time each partition has a queue of its own instead; see inputs.h.
 *
 * Callbacks of librdkafka do nothing but append to the news, which the loop acts on.
 */
#ifndef WEIR_CONSUME_BROKER_H
#define WEIR_CONSUME_BROKER_H

#include <librdkafka/rdkafka.h>

#include "common/kafka/client.h"
#include "common/stream/session.h"
#include "joining.h"
#include "options.h"
#include "simple.h"

enum news_kind {
	NEWS_ASSIGNED,  /* `list` */
	NEWS_REVOKED,   /* broker_unassign() is the answer, in time */
	NEWS_LOST,      /* the same, at once */
	NEWS_COMMITTED, /* `list` and `err` */
	NEWS_MESSAGE,   /* an error that came instead of a record: `message` */
};

struct news {
	enum news_kind kind;
	rd_kafka_topic_partition_list_t *list; /* owned, NULL: none */
	rd_kafka_resp_err_t err;
	rd_kafka_message_t *message; /* owned, NULL: none */
};

struct broker {
	const struct consume_options *opt;
	struct kafka_client client;
	bool member;                                              /* joins the group */
	int64_t commit_ms, max_poll_ms, session_ms, heartbeat_ms; /* of the properties */
	int wake_fd;                                              /* eventfd: something came into a queue */
	rd_kafka_queue_t *data, *commits;                         /* records of all partitions; answers to commits */
	size_t shares;                                            /* so many queues of records share the memory */
	struct simple simple;
	rd_kafka_message_t *stray; /* a record that came by the consumer's queue; owned */
	struct news *news;         /* in the order in which it came; owned */
	size_t news_count, news_cap;
	struct joining joining;
	bool closing;

	uint64_t max_count, max_bytes; /* librdkafka's limits of what is queued */
	double record_bytes;           /* running mean of payloads */
	bool was_full;                 /* fetching has probably stopped at a limit */
	int64_t next_forward;
	int64_t discovery_ms; /* how soon what is added is to be noticed */
	size_t unheard;       /* how many assigned partitions were not heard of */
};

/*
 * 0, or an exit status with the reason in ERR.  Close B in any case.  SHARES: in so many queues of records the memory
 * is parted, at least 1.
 */
int broker_open(struct broker *b, const struct consume_options *opt, size_t shares, struct strbuf *err) MUST_CHECK;

/* Leave the group, without an answer for ever at the worst: see STATUS_OF_WATCHDOG. */
void broker_leave(struct broker *b, int status_of_watchdog);
void broker_close(struct broker *b);

/* Join the group; an error of librdkafka. */
rd_kafka_resp_err_t broker_join(struct broker *b) MUST_CHECK;

/* Let librdkafka deliver what has happened, into the news. */
void broker_serve(struct broker *b);
void broker_forget_news(struct broker *b);

/* Up to MAX messages of the partitions of T that are there, 0: none; each is the caller's to destroy. */
size_t broker_fetch(struct broker *b, const struct cursors *t, rd_kafka_message_t **messages, size_t max);

/*
 * With --by-time: the queue of C's partition, which wakes the loop, to be opened before C is assigned, and to be closed
 * by broker_close_queue(); what it holds then is of an assignment that goes.  NULL: there is no such partition.
 */
rd_kafka_queue_t *broker_open_queue(struct broker *b, const struct cursor *c) MUST_CHECK;
void broker_close_queue(rd_kafka_queue_t *queue);

/* As broker_fetch(), from QUEUE; *record_bytes is the running mean of its payloads, at first 0. */
size_t broker_fetch_from(rd_kafka_queue_t *queue, rd_kafka_message_t **messages, size_t max, double *record_bytes);

/* QUEUED messages of that size in a queue are so many that fetching stops, or soon will. */
bool broker_is_full(const struct broker *b, size_t queued, double record_bytes);

/* Of partitions in T whose queues were full and have room again: go on fetching now, not within a second. */
void broker_wake(struct broker *b, const struct cursors *t);

/* Where C's partition ended, as the brokers said when last asked; it may have control records before that. */
int64_t broker_end(struct broker *b, const struct cursor *c);

/* Something came of P. */
void broker_heard(struct broker *b, struct cursor *c);

/* Read the COUNT PARTS, from their offsets, and no others. */
rd_kafka_resp_err_t broker_assign(struct broker *b, const struct session_part *parts, size_t count) MUST_CHECK;
rd_kafka_resp_err_t broker_unassign(struct broker *b) MUST_CHECK;

/* Commit PARTS for the group, with TABLE (or NULL) as metadata; the answer is news. */
void broker_commit(struct broker *b, const struct session_part *parts, size_t count, const char *table);

/* For callbacks: the next news, to be filled in. */
struct news *broker_add_news(struct broker *b, enum news_kind kind);

/* broker_conf.c: the properties; an exit status with the reason in ERR, and no *ret. */
int broker_configure(struct broker *b, rd_kafka_conf_t **ret, struct strbuf *err) MUST_CHECK;

#endif
