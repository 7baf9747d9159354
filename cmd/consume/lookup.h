/*
 * A look-up at the brokers: where partitions begin and end, the group's positions, the offsets for times.
 *
 * The brokers are asked in steps, each of at most lookup_step() ms, so that the loop gets its turn in between.
 */
#ifndef WEIR_CONSUME_LOOKUP_H
#define WEIR_CONSUME_LOOKUP_H

#include <librdkafka/rdkafka.h>

#include "common/base/patience.h"
#include "common/kafka/client.h"
#include "common/stream/session.h"

enum lookup_want {
	LOOKUP_BOUNDS = 1 << 0,
	LOOKUP_STORED = 1 << 1,
	LOOKUP_FROM = 1 << 2, /* the offset of the time in --from */
	LOOKUP_TO = 1 << 3,
};

struct lookup {
	bool on;
	uint64_t number; /* the number in the session */
	unsigned want;   /* the questions that are still open */
	int64_t from_ms, to_ms;
	const char *reader_of; /* the group, if the reader is not a member of it; NULL: it is a member */
	bool lo_known;
	struct cursor **cursors; /* owned */
	size_t count;
	struct patience wait;
};

/* Begin a look-up of WANT for the COUNT PARTS; an earlier one is dropped. */
void lookup_begin(struct lookup *l, uint64_t number, unsigned want, const struct session_part *parts, size_t count);
void lookup_release(struct lookup *l);

enum lookup_result {
	LOOKUP_AGAIN, /* call again */
	LOOKUP_TELL,  /* like LOOKUP_AGAIN; and ERR says, once, what it is waiting for */
	LOOKUP_DONE,  /* the cursors have the answers */
	LOOKUP_FAILED,
};

/* Do the next step: send a request, and wait for a second or two at most.  LOOKUP_FAILED sets *ret_status and ERR. */
enum lookup_result lookup_step(
	struct lookup *l, struct kafka_client *client, int64_t timeout_ms, int *ret_status, struct strbuf *err);

/* Ask once for an offset of each partition in LIST (a time in ms, or librdkafka's logical ones). */
rd_kafka_resp_err_t lookup_offsets(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list, int64_t what, int timeout_ms);

/*
 * Check whether the topics of T are still those that the run began with (common/stream/recreated.h); true: some record
 * must be fetched again.  Waits for at most two seconds; without an answer the next call asks the same.
 */
bool lookup_recreated(rd_kafka_t *rk, struct cursors *t);

/* A list of the partitions of T that are assigned, with `next` as offsets; the caller destroys it. */
rd_kafka_topic_partition_list_t *lookup_list(const struct cursors *t);

#endif
