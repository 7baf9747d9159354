/* The beginnings and ends of logs: see offsets.h. */
#include "common/kafka/offsets.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

#define LEAST_MS      250
#define LONGEST_TOPIC 249 /* the limit of Kafka's brokers; beyond 32767 librdkafka would send a wrong length */

int offsets_time_left(int64_t deadline)
{
	int64_t left = deadline - clock_ms();
	return left > LEAST_MS ? (int)left : LEAST_MS;
}

static int compare(const char *topic, int32_t partition, const struct log_part *part)
{
	int r = strcmp(topic, part->topic);
	return r ? r : (partition > part->partition) - (partition < part->partition);
}

/* The index of the first item that is not before PARTITION of TOPIC. */
static size_t lower_bound(const struct log_list *list, const char *topic, int32_t partition)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare(topic, partition, &list->items[mid]) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int by_name(const void *a, const void *b)
{
	const struct log_part *part = a;
	return compare(part->topic, part->partition, b);
}

void log_list_release(struct log_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].topic);
		free(list->items[i].replicas);
		free(list->items[i].in_sync);
	}
	free(list->items);
	*list = (struct log_list){0};
}

struct log_part *log_list_find(const struct log_list *list, const char *topic, int32_t partition)
{
	size_t i = lower_bound(list, topic, partition);
	return i < list->count && compare(topic, partition, &list->items[i]) == 0 ? &list->items[i] : NULL;
}

struct log_part *log_list_topic(const struct log_list *list, const char *topic, size_t *ret_count)
{
	size_t i = lower_bound(list, topic, INT32_MIN), end = i;
	while (end < list->count && strcmp(list->items[end].topic, topic) == 0)
		end++;
	*ret_count = end - i;
	return list->items + i;
}

size_t log_list_broken(const struct log_list *list, const struct log_part **ret_first)
{
	size_t n = 0;
	for (size_t i = list->count; i-- > 0;) {
		if (!list->items[i].err)
			continue;
		*ret_first = &list->items[i];
		n++;
	}
	return n;
}

int offsets_conf_new(const struct kafka_opts *k, rd_kafka_conf_t **ret_conf, struct strbuf *err)
{
	struct kafka_opts mine = *k;
	size_t n = k->properties.count;
	const char **items = xreallocarray(NULL, n + 1, sizeof *items);
	items[0] = "isolation.level=read_uncommitted";
	if (n)
		memcpy(items + 1, k->properties.items, n * sizeof *items);
	mine.properties = (struct opt_list){.items = items, .count = n + 1};
	int r = kafka_conf_new(&mine, ret_conf, err);
	free(items);
	return r;
}

static int32_t *copy_ids(const int32_t *ids, int count)
{
	if (count <= 0)
		return NULL;
	int32_t *copy = xmalloc((size_t)count * sizeof *copy);
	memcpy(copy, ids, (size_t)count * sizeof *copy);
	return copy;
}

static struct log_part new_part(const char *topic, const struct rd_kafka_metadata_partition *p)
{
	struct log_part part = {
		.topic = xstrdup(topic),
		.partition = p->id,
		.leader = p->leader,
		.replicas = copy_ids(p->replicas, p->replica_cnt),
		.replica_count = p->replica_cnt > 0 ? (size_t)p->replica_cnt : 0,
		.in_sync = copy_ids(p->isrs, p->isr_cnt),
		.in_sync_count = p->isr_cnt > 0 ? (size_t)p->isr_cnt : 0,
		.start = -1,
		.end = -1,
	};
	/* Brokers also report a replica that is down (REPLICA_NOT_AVAILABLE), but the leader answers nevertheless. */
	if (p->leader < 0)
		part.err = p->err ? p->err : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
	return part;
}

static void append_topic(struct log_list *list, const struct rd_kafka_metadata_topic *topic)
{
	if (topic->partition_cnt <= 0)
		return;
	list->items = xreallocarray(list->items, list->count + (size_t)topic->partition_cnt, sizeof *list->items);
	for (int i = 0; i < topic->partition_cnt; i++)
		list->items[list->count++] = new_part(topic->topic, &topic->partitions[i]);
}

rd_kafka_resp_err_t log_list_load(
	struct log_list *list, struct kafka_client *client, const char *topic, int64_t deadline, struct strbuf *err)
{
	const struct rd_kafka_metadata *md;
	struct log_list all = {0};
	size_t have;
	if (topic && strlen(topic) > LONGEST_TOPIC) {
		strbuf_addf(err, "topic '%.40s...': %s", topic, rd_kafka_err2str(RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION));
		return RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
	}
	rd_kafka_resp_err_t e = kafka_client_topic(client, topic, offsets_time_left(deadline), &md, err);
	if (e)
		return e;
	for (int i = 0; i < md->topic_cnt; i++) {
		log_list_topic(list, md->topics[i].topic, &have);
		if (!have)
			append_topic(&all, &md->topics[i]);
	}
	rd_kafka_metadata_destroy(md);
	if (!all.count)
		return 0;
	all.items = xreallocarray(all.items, all.count + list->count, sizeof *all.items);
	if (list->count)
		memcpy(all.items + all.count, list->items, list->count * sizeof *all.items);
	all.count += list->count;
	qsort(all.items, all.count, sizeof *all.items, by_name);
	free(list->items);
	*list = all;
	return 0;
}

/* Why a topic or one of its partitions does not exist. */
static rd_kafka_resp_err_t why_missing(struct kafka_client *client, const char *topic, int64_t deadline)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(client->rk, topic, NULL);
	if (!rkt)
		return rd_kafka_last_error();
	rd_kafka_resp_err_t err = rd_kafka_metadata(client->rk, 0, rkt, &md, offsets_time_left(deadline));
	rd_kafka_topic_destroy(rkt);
	if (err)
		return err;
	if (md->topic_cnt > 0)
		err = md->topics[0].err;
	rd_kafka_metadata_destroy(md);
	return err ? err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

void log_list_add_missing(
	struct log_list *list, struct kafka_client *client, const char *topic, int32_t partition, int64_t deadline)
{
	size_t at = lower_bound(list, topic, partition), known;
	const struct log_part *others = log_list_topic(list, topic, &known);
	rd_kafka_resp_err_t err = !known                  ? why_missing(client, topic, deadline)
				  : others->replica_count ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
							  : others->err;
	list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
	memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
	list->items[at] = (struct log_part){
		.topic = xstrdup(topic),
		.partition = partition,
		.leader = -1,
		.start = -1,
		.end = -1,
		.err = err,
	};
	list->count++;
}
