/* Ends of logs: see offsets.h. */
#include "common/kafka/offsets.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

enum {
	ATTEMPTS = 3,   /* for a partition whose leader has just moved */
	PAUSE_MS = 100, /* before the next one, while the metadata is fetched anew */
	LEAST_MS = 250, /* for an answer, however little time is left */
};

static int time_left(int64_t deadline)
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
	/* Brokers also report a replica that is away (REPLICA_NOT_AVAILABLE), with a leader that answers. */
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
	rd_kafka_resp_err_t e = kafka_client_topic(client, topic, time_left(deadline), &md, err);
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

/* Why a topic or one of its partitions is not there. */
static rd_kafka_resp_err_t why_missing(struct kafka_client *client, const char *topic, int64_t deadline)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(client->rk, topic, NULL);
	if (!rkt)
		return rd_kafka_last_error();
	rd_kafka_resp_err_t err = rd_kafka_metadata(client->rk, 0, rkt, &md, time_left(deadline));
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

/* --- ends --- */

/* Partitions that are asked for in one call, and which of their ends. */
struct query {
	struct kafka_client *client;
	struct log_part **parts;
	size_t count;
	int64_t which; /* RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END */
};

static void set_result(struct log_part *part, int64_t which, const rd_kafka_topic_partition_t *result)
{
	part->err = result->err;
	if (!result->err && result->offset < 0)
		part->err = RD_KAFKA_RESP_ERR_UNKNOWN; /* the request itself comes back: no answer */
	if (part->err)
		return;
	if (which == RD_KAFKA_OFFSET_END)
		part->end = result->offset;
	else
		part->start = result->offset;
}

/* Ask for the partitions of Q in one call: all of their results are set, or an error is returned and none is. */
static rd_kafka_resp_err_t ask(const struct query *q, int timeout_ms)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)q->count);
	for (size_t i = 0; i < q->count; i++)
		rd_kafka_topic_partition_list_add(list, q->parts[i]->topic, q->parts[i]->partition)->offset = q->which;
	rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(q->client->rk, list, timeout_ms);
	for (size_t i = 0; !err && i < q->count; i++)
		set_result(q->parts[i], q->which, &list->elems[i]);
	rd_kafka_topic_partition_list_destroy(list);
	return err;
}

static bool no_answer(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR__TIMED_OUT || err == RD_KAFKA_RESP_ERR__TRANSPORT ||
	       err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || err == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT;
}

/*
 * Ask for partitions of one leader.  The call fails as a whole when one partition does (librdkafka's
 * offsets_for_times), so a failed one is cut in halves until the bad ones are alone.
 */
static void ask_halves(struct query q, int64_t deadline)
{
	rd_kafka_resp_err_t err = ask(&q, time_left(deadline));
	for (int i = 1; q.count == 1 && err && !no_answer(err) && i < ATTEMPTS && clock_ms() < deadline; i++) {
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
		err = ask(&q, time_left(deadline));
	}
	if (!err)
		return;
	if (q.count == 1 || no_answer(err)) {
		for (size_t i = 0; i < q.count; i++)
			q.parts[i]->err = err;
		return;
	}
	size_t count = q.count;
	q.count = count / 2;
	ask_halves(q, deadline);
	q.parts += q.count;
	q.count = count - q.count;
	ask_halves(q, deadline);
}

static int by_leader(const void *a, const void *b)
{
	const struct log_part *p = *(struct log_part *const *)a, *q = *(struct log_part *const *)b;
	return p->leader != q->leader ? (p->leader > q->leader) - (p->leader < q->leader) : by_name(p, q);
}

/* Ask each leader by itself, so that one that is away costs the others nothing but its share of the time. */
static void ask_leaders(struct query q, int64_t deadline)
{
	size_t left = q.count, leaders = 0;
	qsort(q.parts, q.count, sizeof *q.parts, by_leader);
	for (size_t i = 0; i < left; i++)
		leaders += !i || q.parts[i]->leader != q.parts[i - 1]->leader;
	for (; left; q.parts += q.count, left -= q.count, leaders--) {
		for (q.count = 1; q.count < left && q.parts[q.count]->leader == q.parts[0]->leader;)
			q.count++;
		ask_halves(q, clock_ms() + time_left(deadline) / (int)leaders);
	}
}

void log_list_read_ends(struct log_list *list, struct kafka_client *client, int64_t deadline)
{
	static const int64_t ends[] = {RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END};
	struct query q = {.client = client};
	q.parts = xreallocarray(NULL, list->count, sizeof *q.parts);
	for (size_t e = 0; e < sizeof ends / sizeof *ends; e++) {
		q.which = ends[e];
		q.count = 0;
		for (size_t i = 0; i < list->count; i++)
			if (list->items[i].wanted && !list->items[i].err)
				q.parts[q.count++] = &list->items[i];
		/* Each end has its share of the time, and half of that is for what nearly always succeeds. */
		int64_t until = q.which == RD_KAFKA_OFFSET_END ? deadline : clock_ms() + time_left(deadline) / 2;
		if (q.count && ask(&q, time_left(until) / 2))
			ask_leaders(q, until);
	}
	free(q.parts);
}
