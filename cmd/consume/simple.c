/*
 * Reading without a group.
 *
 * rd_kafka_assign() wants a group.id, and whoever has one looks for its coordinator: on a cluster that had no group yet
 * that makes the topic __consumer_offsets, it needs rights on a group that nobody is in, and it fails for reasons that
 * do not concern the reader.  The older interface does without; it delivers into the same queue.
 */
#include "consume.h"

/* The handle of a topic; NULL after consume_fail(). */
static rd_kafka_topic_t *handle(struct consume *c, const char *topic)
{
	struct topic_positions *t = positions_topic(&c->positions, topic);
	if (!t->handle)
		t->handle = rd_kafka_topic_new(c->client.rk, topic, NULL);
	if (!t->handle)
		consume_fail(c, kafka_status(rd_kafka_last_error()), "topic '%s': %s", topic,
			rd_kafka_err2str(rd_kafka_last_error()));
	return t->handle;
}

/* Stop what is read now; a partition that can not be stopped is none that is read. */
static void stop(struct consume *c)
{
	rd_kafka_topic_partition_list_t *list = c->source.running;
	for (int i = 0; list && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		(void)rd_kafka_consume_stop(positions_topic(&c->positions, e->topic)->handle, e->partition);
	}
	if (list)
		rd_kafka_topic_partition_list_destroy(list);
	c->source.running = NULL;
}

bool simple_assign(struct consume *c, const rd_kafka_topic_partition_list_t *list)
{
	stop(c);
	c->source.running = rd_kafka_topic_partition_list_new(list->cnt);
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *e = &list->elems[i];
		rd_kafka_topic_t *topic = handle(c, e->topic);
		if (!topic)
			return false;
		if (rd_kafka_consume_start_queue(topic, e->partition, e->offset, c->source.data) < 0) {
			rd_kafka_resp_err_t err = rd_kafka_last_error();
			consume_fail(c, kafka_status(err), "cannot start reading topic '%s', partition %d: %s",
				e->topic, (int)e->partition, rd_kafka_err2str(err));
			return false;
		}
		rd_kafka_topic_partition_list_add(c->source.running, e->topic, e->partition);
	}
	return true;
}

void simple_close(struct consume *c)
{
	stop(c);
	for (size_t i = 0; i < c->positions.topic_count; i++) {
		if (c->positions.topics[i].handle)
			rd_kafka_topic_destroy(c->positions.topics[i].handle);
		c->positions.topics[i].handle = NULL;
	}
}
