/*
 * --by-time: the queues of the partitions, one each, and the records at hand of each.
 *
 * Without it all partitions share one queue.  Merged, they can not: whatever stands before the record that comes next
 * would have to be kept, however much that is.  With a queue each, librdkafka's limits hold for each partition; it goes
 * on fetching those whose queues have room, so nothing has to be paused (see broker.h), and one that is ahead of the
 * others in time waits in its own queue.
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
	rd_kafka_message_t **messages; /* at hand: the first `taken` of `have` are done with; owned */
	size_t have, taken;
	int64_t end_seen; /* its end, as the brokers told when nothing followed; OFFSET_NONE */
	bool was_full;    /* fetching has probably stopped at a limit */
	double record_bytes;
};

struct inputs {
	struct broker *broker;
	const struct cursors *cursors;
	unsigned epoch; /* of what is read */
	struct merge merge;
	struct input *all; /* owned */
	size_t count;
	size_t hand;          /* messages that each has at hand, at most */
	bool wake;            /* some queue that was full has room again */
	int64_t next_wake;    /* clock_ms() */
	struct patience wait; /* for a partition that others wait for: */
	const struct cursor *waited_for;
};

/* From now on the COUNT PARTS of T are read, and what was at hand is void; before broker_assign(). */
rd_kafka_resp_err_t inputs_begin(struct inputs *in, struct broker *b, const struct cursors *t,
	const struct session_part *parts, size_t count) MUST_CHECK;

/* Nothing is read any more. */
void inputs_release(struct inputs *in);

/* See what has come of those that had nothing at hand. */
void inputs_look(struct inputs *in);

/*
 * The next message, the caller's to destroy, and in *RET its input; NULL: none, or all wait for another partition.
 * When it was taken inputs_took() sees what follows.
 */
rd_kafka_message_t *inputs_next(struct inputs *in, struct input **ret) MUST_CHECK;
void inputs_took(struct inputs *in, struct input *input);

/* A wait for another partition lasts too long, or that was told and it is over: true, and TEXT says so. */
bool inputs_tell(struct inputs *in, int64_t now_ms, struct strbuf *text);

#endif
