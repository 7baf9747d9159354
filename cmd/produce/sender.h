/*
 * The part of produce that talks to Kafka: it takes records, and at the end knows which of them were acknowledged.
 *
 * librdkafka keeps the records handed over until a broker has acknowledged them or they have failed for good.
 * Successes are not reported one by one (delivery.report.only.error): a record that has neither failed nor is
 * outstanding is acknowledged, without any work for this program.
 *
 * Records without headers and timestamps are gathered in a batch, which borrows their parts until sender_flush_batch()
 * copies them into librdkafka's queue.  Functions return 0, or an exit status above 0 after they have printed the
 * message; then nothing more may be added.
 */
#ifndef WEIR_PRODUCE_SENDER_H
#define WEIR_PRODUCE_SENDER_H

#include <stdbool.h>

#include "common/kafka/client.h"
#include "common/kafka/conf.h"
#include "common/kafka/record.h"
#include "common/kafka/topic_config.h"

#define SENDER_BATCH 1000

/* How to write to which topic; all is borrowed while sender_init() runs. */
struct sender_setup {
	const struct kafka_opts *kafka;
	const char *topic;
	int32_t partition;       /* RD_KAFKA_PARTITION_UA: the partitioner chooses */
	const char *codec;       /* a compression type; NULL: as configured */
	const char *partitioner; /* as the library calls it; NULL: as configured */
	const char *dead_letter; /* a topic for records with `topic`; NULL: none */
	int timeout_ms;          /* see sender_init() */
	const char *transaction; /* the transactional id; NULL: no transactions */
};

/* The first failure of a record that had been handed over. */
struct sender_failure {
	rd_kafka_resp_err_t err;
	uint64_t record;   /* its number, from 1 */
	uint64_t last;     /* the largest number of those that have failed in the same way */
	size_t size;       /* of key and value, bytes */
	const char *topic; /* where it was to go, borrowed from the sender; NULL: the library has not accepted it */
	int32_t partition; /* below 0: none yet */
	bool no_key;
};

struct sender {
	struct kafka_client client;
	rd_kafka_topic_t *topic, *dead; /* dead: NULL, or for records with `topic` */
	char *name;                     /* of the topic */
	int32_t leader;                 /* of its first partition, -1: none */
	int32_t partitions;             /* how many it has */
	struct topic_config config;
	uint64_t batch_size; /* bytes */
	bool own_batch_size; /* the user has not set it */
	bool compresses;     /* so that the size of a batch is not known before */
	int32_t partition;   /* RD_KAFKA_PARTITION_UA: the partitioner chooses */
	size_t max_size;     /* of key and value, bytes: message.max.bytes or the queue's size */
	rd_kafka_message_t *batch;
	size_t batched;
	uint64_t accepted; /* records that librdkafka accepted */
	uint64_t failed;   /* accepted records that it gave up */
	uint64_t refused;  /* records that were added, but that librdkafka did not accept */
	struct sender_failure first;
	struct patience patience; /* the wait for acknowledgements */
	uint64_t acked;           /* how many records were acknowledged at the last check */
	int timeout_ms;           /* limit for a broker's answer at the start, and for each acknowledgement */
	bool ready;
};

/*
 * Connect and look TOPIC up, so that a wrong name, password or partition is noticed before anything is read.
 *
 * S must stay where it is until sender_release().  SETUP->timeout_ms is the limit for the brokers' answer now, for the
 * acknowledgement of each record (message.timeout.ms, unless the user sets that), and for all of them after a signal.
 * A second without acknowledgements is reported.
 */
int sender_init(struct sender *s, const struct sender_setup *setup) MUST_CHECK;
void sender_release(struct sender *s);

/* Whether a record of these sizes is within max_size. */
static inline bool sender_fits(const struct sender *s, size_t key_len, size_t value_len)
{
	return value_len <= s->max_size && key_len <= s->max_size - value_len;
}

/*
 * Why the topic, by its settings as they were at the start, takes no such record at the time NOW (clock_epoch_ms());
 * NULL: nothing is known against it.
 */
const char *sender_refuses(const struct sender *s, const struct record *r, int64_t now) MUST_CHECK;

/* Hand over the batch, waiting for room in the queue; then the borrowed parts may be reused. */
int sender_flush_batch(struct sender *s) MUST_CHECK;

/* Add a record that fits; KEY and VALUE are NULL when absent, and must stay until the next sender_flush_batch(). */
static inline int MUST_CHECK sender_add(
	struct sender *s, const char *key, size_t key_len, const char *value, size_t value_len)
{
	rd_kafka_message_t *m = &s->batch[s->batched++];
	m->payload = (void *)(uintptr_t)value; /* not modified, but librdkafka has no const here */
	m->len = value_len;
	m->key = (void *)(uintptr_t)key;
	m->key_len = key_len;
	return s->batched == SENDER_BATCH ? sender_flush_batch(s) : 0;
}

/*
 * Hand over the batch, and then at once one record that fits, with its headers.
 *
 * Its partition overrides the sender's unless it is RD_KAFKA_PARTITION_UA; its timestamp (ms) 0 is now.  One whose
 * `topic` is not NULL goes to the dead letters.
 */
int sender_put(struct sender *s, const struct record *r) MUST_CHECK;

/*
 * Hand over the batch and wait until every record is acknowledged; librdkafka enforces how long each may take, and a
 * second without any is reported.  Returns 0; an exit status when nothing more may be added; or -EINTR: a signal asks
 * the program to end, and some may be outstanding.
 */
int sender_settle(struct sender *s) MUST_CHECK;

/* The same, but a signal does not end the wait. */
int sender_await(struct sender *s) MUST_CHECK;

/*
 * Whether a record has failed for good.  This handles the reports that have arrived, and prints a message when none
 * arrive.
 */
int sender_check(struct sender *s) MUST_CHECK;

/*
 * Whether the first failure is that the brokers refuse a record, or the batch in which it was, for good: it is among
 * `record` to `last`, and it is `record` if they are the same.
 */
bool sender_is_refused(const struct sender *s);

/* Whether the first failure is that the library has purged the record, because its transaction has failed. */
bool sender_is_purged(const struct sender *s);

/*
 * The transaction is to be aborted: drop what waits to be sent, and wait for the answers to what was sent, for
 * timeout_ms at most.
 */
void sender_purge(struct sender *s);

/* Nothing is outstanding, after an abort: begin to count again, as if nothing had been sent. */
void sender_again(struct sender *s);

/*
 * Wait until every record is acknowledged or has failed; after a signal, for at most timeout_ms.
 *
 * Returns 0 when all records that were added are acknowledged; else it prints how many are not, and why, and returns an
 * exit status.  WHERE names a record by its number.
 */
int sender_finish(struct sender *s, void (*where)(const void *self, uint64_t record, struct strbuf *text),
	const void *self) MUST_CHECK;

#endif
