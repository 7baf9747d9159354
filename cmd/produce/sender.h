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

/* The first failure of a record that had been handed over. */
struct sender_failure {
	rd_kafka_resp_err_t err;
	uint64_t record; /* its number, from 1 */
	size_t size;     /* of key and value, bytes */
	bool no_key;
};

struct sender {
	struct kafka_client client;
	rd_kafka_topic_t *topic;
	char *name;     /* of the topic */
	int32_t leader; /* of its first partition, -1: none */
	struct topic_config config;
	uint64_t batch_size; /* bytes */
	bool own_batch_size; /* the user has not set it */
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
 * S must stay where it is until sender_release().  CODEC is a compression type or NULL for the configured one;
 * PARTITION may be RD_KAFKA_PARTITION_UA.  TIMEOUT_MS is the limit for the brokers' answer now, for the acknowledgement
 * of each record (message.timeout.ms, unless the user sets that), and for all of them after a signal.  A second without
 * acknowledgements is reported.
 */
int sender_init(struct sender *s, const struct kafka_opts *kafka, const char *topic, int32_t partition,
	const char *codec, int timeout_ms) MUST_CHECK;
void sender_release(struct sender *s);

/* Whether a record of these sizes is within max_size. */
static inline bool sender_fits(const struct sender *s, size_t key_len, size_t value_len)
{
	return value_len <= s->max_size && key_len <= s->max_size - value_len;
}

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
 * Hand over the batch, and then at once one record that fits, with headers.
 *
 * PARTITION overrides the sender's unless it is RD_KAFKA_PARTITION_UA; TIMESTAMP (ms) 0 is now.  HEADERS (may be NULL)
 * are consumed in every case.
 */
int sender_put(struct sender *s, const struct record *r, int32_t partition, int64_t timestamp,
	rd_kafka_headers_t *headers) MUST_CHECK;

/*
 * Hand over the batch and wait until every record is acknowledged; librdkafka enforces how long each may take, and a
 * second without any is reported.  Returns 0; an exit status when nothing more may be added; or -EINTR: a signal asks
 * the program to end, and some may be outstanding.
 */
int sender_settle(struct sender *s) MUST_CHECK;

/*
 * Whether a record has failed for good.  This handles the reports that have arrived, and prints a message when none
 * arrive.
 */
int sender_check(struct sender *s) MUST_CHECK;

/*
 * Wait until every record is acknowledged or has failed; after a signal, for at most timeout_ms.
 *
 * Returns 0 when all records that were added are acknowledged; else it prints how many are not, and why, and returns an
 * exit status.  WHERE names a record by its number.
 */
int sender_finish(struct sender *s, void (*where)(const void *self, uint64_t record, struct strbuf *text),
	const void *self) MUST_CHECK;

#endif
