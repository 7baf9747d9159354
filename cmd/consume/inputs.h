/*
 * --by-time: one queue for each partition, and the messages held from it.
 *
 * Without it all partitions share one queue.  That does not work for merging: all messages that are queued before the
 * next one in time would have to be kept, however many they are.  With a queue each, librdkafka's limits hold per
 * partition.  It goes on fetching the partitions whose queues have room, so nothing has to be paused (see broker.h),
 * and a partition that is ahead of the others in time waits in its own queue.
 *
 * Which partition comes next is decided by common/stream/merge.h.
 */
#ifndef WEIR_CONSUME_INPUTS_H
#define WEIR_CONSUME_INPUTS_H

#include "broker.h"
#include "common/base/patience.h"
#include "common/stream/merge.h"

struct input {
	struct cursor *cursor;
	rd_kafka_queue_t *queue;       /* owned */
	rd_kafka_message_t **messages; /* held messages; the first `taken` of `have` are done; owned */
	size_t have, taken;
	int64_t end_seen; /* its end, as reported when no more messages had arrived; or OFFSET_NONE */
	bool was_full;    /* fetching has probably stopped at a limit */
	double record_bytes;
};

struct inputs {
	struct broker *broker;
	const struct cursors *cursors;
	unsigned epoch; /* epoch of the assignment that is being read */
	struct merge merge;
	struct input *all; /* owned */
	size_t count;
	size_t hand;          /* the greatest number of messages that each holds */
	bool wake;            /* some queue that was full has room again */
	int64_t next_wake;    /* clock_ms() */
	struct patience wait; /* for a partition for which others wait: */
	const struct cursor *waited_for;
};

/* From now on the COUNT PARTS of T are read, and held messages are void; call it before broker_assign(). */
rd_kafka_resp_err_t inputs_begin(struct inputs *in, struct broker *b, const struct cursors *t,
	const struct session_part *parts, size_t count) MUST_CHECK;

/* From now on nothing is read. */
void inputs_release(struct inputs *in);

/* Fetch for those that hold no message. */
void inputs_refresh(struct inputs *in);

/*
 * The next message, which the caller destroys, and its input in *RET.  NULL: there is none, or all wait for another
 * partition.  After processing it call inputs_took(), which finds the input's next message.
 */
rd_kafka_message_t *inputs_next(struct inputs *in, struct input **ret) MUST_CHECK;
void inputs_took(struct inputs *in, struct input *input);

/* True, with TEXT to be printed, when a wait for another partition has become long, or when a reported wait is over. */
bool inputs_report(struct inputs *in, int64_t now_ms, struct strbuf *text);

#endif
