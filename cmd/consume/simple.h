/*
 * Reading without a group.
 *
 * rd_kafka_assign() needs a group.id, and a client that has one looks for its coordinator.  On a cluster that has never
 * had a group, this creates the topic __consumer_offsets; it needs rights on a group that has no members; and it fails
 * for reasons that do not concern the reader.  The older interface needs no group; it delivers into the same queue.
 */
#ifndef WEIR_CONSUME_SIMPLE_H
#define WEIR_CONSUME_SIMPLE_H

#include <librdkafka/rdkafka.h>

#include "common/base/diag.h"
#include "common/stream/session.h"

struct simple {
	rd_kafka_topic_t **topics; /* by name; owned */
	size_t topic_count;
	struct simple_part {
		rd_kafka_topic_t *topic;
		int32_t partition;
	} * running; /* owned */
	size_t running_count;
};

/* Read the COUNT PARTS, and no others, into QUEUE; NULL: each into the queue of its partition. */
rd_kafka_resp_err_t simple_assign(struct simple *s, rd_kafka_t *rk, rd_kafka_queue_t *queue,
	const struct session_part *parts, size_t count) MUST_CHECK;

/* Stop reading, and free what S owns. */
void simple_close(struct simple *s);

#endif
