/*
 * Where the logs of partitions begin and end, for many partitions at a time.
 *
 * Layer: kafka (uses base, conf, client).  One thread.  An error of one partition is stored in it (`err`) and does not
 * fail the others.  To compute a lag, read positions (groups.h) first and ends afterwards; otherwise a position could
 * lie beyond its end.  Deadlines are in clock_ms().
 */
#ifndef WEIR_KAFKA_OFFSETS_H
#define WEIR_KAFKA_OFFSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/kafka/client.h"
#include "common/kafka/conf.h"

/* A partition and the ends of its log. */
struct log_part {
	char *topic; /* owned */
	int32_t partition;
	int32_t leader, *replicas, *in_sync; /* ids of brokers; leader -1: none or unknown; lists owned */
	size_t replica_count, in_sync_count;
	bool wanted;        /* log_list_read_ends() reads it */
	int64_t start, end; /* the first offset and the next one to be written; -1: not known */
	rd_kafka_resp_err_t err;
};

/* Partitions in the order of topic (by bytes) and number, each once.  A zeroed list is empty. */
struct log_list {
	struct log_part *items;
	size_t count;
};

void log_list_release(struct log_list *list);

/* PARTITION of TOPIC, NULL when it is not in LIST; valid until the list changes. */
struct log_part *log_list_find(const struct log_list *list, const char *topic, int32_t partition);

/* The partitions of TOPIC: a pointer to the first of *ret_count partitions; valid until the list changes. */
struct log_part *log_list_topic(const struct log_list *list, const char *topic, size_t *ret_count);

/* How many partitions have an error; *ret_first is the first of them, untouched when there is none. */
size_t log_list_broken(const struct log_list *list, const struct log_part **ret_first);

/*
 * Like kafka_conf_new(), but `isolation.level` is read_uncommitted unless -X sets it.  The end of a log is then its
 * high watermark, even where readers of committed records must wait for an open transaction.
 */
int offsets_conf_new(const struct kafka_opts *k, rd_kafka_conf_t **ret_conf, struct strbuf *err) MUST_CHECK;

/*
 * Add the partitions of TOPIC, of all topics when it is NULL; their ends are not read yet.
 *
 * Does nothing for a topic that is in LIST already.  A partition without a leader has its error set.  Returns 0 or an
 * error for kafka_status() with its explanation in ERR.
 */
rd_kafka_resp_err_t log_list_load(struct log_list *list, struct kafka_client *client, const char *topic,
	int64_t deadline, struct strbuf *err) MUST_CHECK;

/*
 * Add PARTITION of TOPIC, which is not in LIST although all topics (or this one) have been loaded; its `err` says why:
 * no such topic or partition, or one that we may not see.
 */
void log_list_add_missing(
	struct log_list *list, struct kafka_client *client, const char *topic, int32_t partition, int64_t deadline);

/*
 * Read the ends of the partitions that are wanted and have no error, in two requests to each leader.
 *
 * A broken partition, or a leader that does not answer, costs time, but sets only the `err` of its own partitions.
 */
void log_list_read_ends(struct log_list *list, struct kafka_client *client, int64_t deadline);

/* Milliseconds until DEADLINE, but at least the time that an answer takes. */
int offsets_time_left(int64_t deadline);

#endif
