/*
 * The Kafka handle: its properties, its queues and its memory.
 *
 * Records go into a queue of their own, beside the consumer's queue, which then holds rebalances and errors only.  So a
 * rebalance does not wait behind everything that was prefetched, and while standard output is blocked the group can be
 * served without taking records.  Neither pause nor seek is used: with batch reads both lose records before librdkafka
 * 2.1.
 *
 * With --by-time each partition has a queue of its own instead; see inputs.h.
 *
 * Callbacks of librdkafka only append to the news; the loop acts on them.
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
	NEWS_REVOKED,   /* must be answered in time by broker_unassign() */
	NEWS_LOST,      /* the same, without waiting */
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
	int wake_fd;                                              /* eventfd: something was put into a queue */
	rd_kafka_queue_t *data, *commits;                         /* records of all partitions; answers to commits */
	size_t shares; /* number of queues of records that share the memory */
	struct simple simple;
	rd_kafka_message_t *stray; /* a record that arrived through the consumer's queue; owned */
	struct news *news;         /* in the order of arrival; owned */
	size_t news_count, news_cap;
	struct joining joining;
	bool closing;

	uint64_t max_count, max_bytes; /* librdkafka's limits for queued records */
	double record_bytes;           /* running mean of payloads */
	bool was_full;                 /* fetching has probably stopped at a limit */
	int64_t next_forward;
	int64_t discovery_ms; /* within what time added partitions and topics must be noticed */
	size_t unheard;       /* the number of assigned partitions that have not delivered anything yet */
};

/*
 * Open B.  0, or an exit status with the reason in ERR.  Close B in any case.  SHARES, at least 1, is the number of
 * queues of records among which the memory is divided.
 */
int broker_open(struct broker *b, const struct consume_options *opt, size_t shares, struct strbuf *err) MUST_CHECK;

/* Leave the group; if librdkafka hangs, the watchdog ends the program: see STATUS_OF_WATCHDOG. */
void broker_leave(struct broker *b, int status_of_watchdog);
void broker_close(struct broker *b);

/* Join the group; an error of librdkafka. */
rd_kafka_resp_err_t broker_join(struct broker *b) MUST_CHECK;

/* Let librdkafka call its callbacks, which append to the news. */
void broker_serve(struct broker *b);
void broker_forget_news(struct broker *b);

/*
 * Fetch up to MAX messages of the partitions of T, as many as have arrived.  Returns how many; the caller destroys
 * each.
 */
size_t broker_fetch(struct broker *b, const struct cursors *t, rd_kafka_message_t **messages, size_t max);

/*
 * With --by-time: the queue of C's partition, which wakes the loop.  Open it before C is assigned, and close it by
 * broker_close_queue(), which drops the records of the old assignment.  NULL: there is no such partition.
 */
rd_kafka_queue_t *broker_open_queue(struct broker *b, const struct cursor *c) MUST_CHECK;
void broker_close_queue(rd_kafka_queue_t *queue);

/* Like broker_fetch(), but from QUEUE; *record_bytes is the running mean of its payloads, at first 0. */
size_t broker_fetch_from(rd_kafka_queue_t *queue, rd_kafka_message_t **messages, size_t max, double *record_bytes);

/* Whether fetching stops, or will soon stop, with QUEUED messages of that size in a queue. */
bool broker_is_full(const struct broker *b, size_t queued, double record_bytes);

/*
 * For partitions in T whose queues were full and have room again: resume fetching now, instead of up to a second later.
 */
void broker_wake(struct broker *b, const struct cursors *t);

/* The end of C's partition, as the brokers last reported it; control records may lie before it. */
int64_t broker_end(struct broker *b, const struct cursor *c);

/* Note that something of C has arrived. */
void broker_heard(struct broker *b, struct cursor *c);

/* Read the COUNT PARTS, from their offsets, and no others. */
rd_kafka_resp_err_t broker_assign(struct broker *b, const struct session_part *parts, size_t count) MUST_CHECK;
rd_kafka_resp_err_t broker_unassign(struct broker *b) MUST_CHECK;

/* Commit PARTS for the group, with TABLE (or NULL) as metadata; the answer comes as news. */
void broker_commit(struct broker *b, const struct session_part *parts, size_t count, const char *table);

/* For callbacks: append an item of news, to be filled in. */
struct news *broker_add_news(struct broker *b, enum news_kind kind);

/* broker_conf.c: make the properties; an exit status with the reason in ERR, and no *ret. */
int broker_configure(struct broker *b, rd_kafka_conf_t **ret, struct strbuf *err) MUST_CHECK;

#endif
