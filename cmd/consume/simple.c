/* Reading without a group: see simple.h. */
#include "simple.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

static rd_kafka_topic_t *topic_of(struct simple *s, rd_kafka_t *rk, const char *name)
{
	for (size_t i = s->topic_count; i-- > 0;) /* partitions of a topic follow each other */
		if (strcmp(rd_kafka_topic_name(s->topics[i]), name) == 0)
			return s->topics[i];
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, name, NULL);
	if (!topic)
		return NULL;
	s->topics = xreallocarray(s->topics, s->topic_count + 1, sizeof(rd_kafka_topic_t *));
	return s->topics[s->topic_count++] = topic;
}

static int start(rd_kafka_topic_t *topic, int32_t partition, int64_t offset, rd_kafka_queue_t *queue)
{
	return queue ? rd_kafka_consume_start_queue(topic, partition, offset, queue)
		     : rd_kafka_consume_start(topic, partition, offset);
}

/* Stop reading.  An error is ignored: a partition that cannot be stopped is not being read. */
static void stop(struct simple *s)
{
	for (size_t i = 0; i < s->running_count; i++)
		(void)rd_kafka_consume_stop(s->running[i].topic, s->running[i].partition);
	s->running_count = 0;
}

rd_kafka_resp_err_t simple_assign(
	struct simple *s, rd_kafka_t *rk, rd_kafka_queue_t *queue, const struct session_part *parts, size_t count)
{
	stop(s);
	s->running = xreallocarray(s->running, count + 1, sizeof *s->running);
	for (size_t i = 0; i < count; i++) {
		const struct cursor *c = parts[i].cursor;
		rd_kafka_topic_t *topic = topic_of(s, rk, c->topic->name);
		if (!topic || start(topic, c->partition, parts[i].offset, queue) < 0)
			return rd_kafka_last_error();
		s->running[s->running_count++] = (struct simple_part){topic, c->partition};
	}
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void simple_close(struct simple *s)
{
	stop(s);
	for (size_t i = 0; i < s->topic_count; i++)
		rd_kafka_topic_destroy(s->topics[i]);
	free(s->topics);
	free(s->running);
	*s = (struct simple){0};
}
