/* Without a group: partitions that are added to the topics while they are read.  A group's members are told of them. */
#include "common/base/clock.h"
#include "consume.h"

enum { ANSWER_MS = 2000 };

/* The partitions of T that are not read yet, into LIST. */
static void add_new(struct consume *c, const struct rd_kafka_metadata_topic *t, rd_kafka_topic_partition_list_t *list)
{
	size_t known = positions_topic(&c->positions, t->topic)->count;
	for (int i = 0; topics_named(c, t->topic) && i < t->partition_cnt; i++)
		if ((size_t)t->partitions[i].id >= known)
			rd_kafka_topic_partition_list_add(list, t->topic, t->partitions[i].id);
}

void discover_serve(struct consume *c)
{
	const struct options *o = c->opt;
	const struct rd_kafka_metadata *md;
	int64_t now = clock_ms(), *next = &c->source.next_look;
	if (o->group || o->partition_count || o->to_given || c->client.err || now < *next)
		return;
	bool first = !*next;
	*next = now + c->source.discovery_ms;
	if (first || c->source.discovery_ms <= 0 || rd_kafka_metadata(c->client.rk, 0, NULL, &md, ANSWER_MS))
		return; /* the next look will do */
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	for (int i = 0; i < md->topic_cnt; i++)
		add_new(c, &md->topics[i], list);
	rd_kafka_metadata_destroy(md);
	if (list->cnt && range_resolve(c, list))
		source_restart(c);
	rd_kafka_topic_partition_list_destroy(list);
}
