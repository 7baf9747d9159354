/* Consumer groups: see groups.h. */
#include "common/kafka/groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

enum {
	PAUSE_MS = 200, /* between two questions, for a coordinator that is being made or moved */
	GRACE_MS = 250, /* for the library to say itself that time is over */
};

void group_list_release(struct group_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct group *group = &list->items[i];
		for (size_t k = 0; k < group->count; k++) {
			free(group->parts[k].topic);
			free(group->parts[k].member);
		}
		free(group->parts);
		free(group->name);
	}
	free(list->items);
	*list = (struct group_list){0};
}

/* The index of the first group whose name is not before NAME. */
static size_t lower_bound(const struct group_list *list, const char *name)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (strcmp(name, list->items[mid].name) > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct group *group_list_find(const struct group_list *list, const char *name)
{
	size_t at = lower_bound(list, name);
	return at < list->count && strcmp(list->items[at].name, name) == 0 ? &list->items[at] : NULL;
}

void group_list_add(struct group_list *list, const char *name)
{
	size_t at = lower_bound(list, name);
	if (at < list->count && strcmp(list->items[at].name, name) == 0)
		return;
	list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
	memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
	list->items[at] = (struct group){.name = xstrdup(name)};
	list->count++;
}

static int compare(const char *topic, int32_t partition, const struct group_part *part)
{
	int r = strcmp(topic, part->topic);
	return r ? r : (partition > part->partition) - (partition < part->partition);
}

struct group_part *group_part(struct group *group, const char *topic, int32_t partition)
{
	size_t low = 0, high = group->count;
	/* They mostly come in order. */
	if (high && compare(topic, partition, &group->parts[high - 1]) > 0)
		low = high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int r = compare(topic, partition, &group->parts[mid]);
		if (r == 0)
			return &group->parts[mid];
		if (r > 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (group->count == group->cap) {
		group->cap = group->cap ? 2 * group->cap : 16;
		group->parts = xreallocarray(group->parts, group->cap, sizeof *group->parts);
	}
	struct group_part *part = &group->parts[low];
	memmove(part + 1, part, (group->count++ - low) * sizeof *part);
	*part = (struct group_part){.topic = xstrdup(topic), .partition = partition, .committed = -1};
	return part;
}

static bool is_among(const char *topic, char *const *topics)
{
	while (*topics && strcmp(*topics, topic) != 0)
		topics++;
	return *topics;
}

void group_keep_topics(struct group *group, char *const *topics)
{
	size_t kept = 0;
	for (size_t i = 0; i < group->count; i++) {
		if (is_among(group->parts[i].topic, topics)) {
			group->parts[kept++] = group->parts[i];
			continue;
		}
		free(group->parts[i].topic);
		free(group->parts[i].member);
	}
	group->count = kept;
}

static rd_kafka_AdminOptions_t *new_options(rd_kafka_t *rk, rd_kafka_admin_op_t op, int timeout_ms)
{
	char text[256];
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(rk, op);
	/* Only values out of its range can be refused; the default then is as good. */
	(void)rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof text);
	return options;
}

/* --- list --- */

static rd_kafka_resp_err_t take_listing(struct group_list *list, rd_kafka_event_t *event, struct strbuf *err)
{
	const rd_kafka_ListConsumerGroups_result_t *result = rd_kafka_event_ListConsumerGroups_result(event);
	size_t groups, errors;
	const rd_kafka_ConsumerGroupListing_t **group = rd_kafka_ListConsumerGroups_result_valid(result, &groups);
	const rd_kafka_error_t **error = rd_kafka_ListConsumerGroups_result_errors(result, &errors);
	for (size_t i = 0; i < groups; i++)
		group_list_add(list, rd_kafka_ConsumerGroupListing_group_id(group[i]));
	if (!errors)
		return 0;
	strbuf_addstr(err, rd_kafka_error_string(error[0]));
	return rd_kafka_error_code(error[0]);
}

rd_kafka_resp_err_t group_list_load(
	struct group_list *list, struct kafka_client *client, int64_t deadline, struct strbuf *err)
{
	int left = offsets_time_left(deadline);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	rd_kafka_AdminOptions_t *options = new_options(client->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, left);
	rd_kafka_ListConsumerGroups(client->rk, options, queue);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, left + GRACE_MS);
	rd_kafka_queue_destroy(queue);
	rd_kafka_resp_err_t e = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
	if (e)
		e = kafka_client_explain(client, e, err);
	else
		e = take_listing(list, event, err);
	if (event)
		rd_kafka_event_destroy(event);
	return e;
}

/* --- positions --- */

static bool may_pass(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
	       err == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE || err == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
	       err == RD_KAFKA_RESP_ERR__WAIT_COORD || err == RD_KAFKA_RESP_ERR__TRANSPORT;
}

static rd_kafka_topic_partition_list_t *to_list(const struct log_list *logs)
{
	if (!logs)
		return NULL;
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)logs->count);
	for (size_t i = 0; i < logs->count; i++)
		rd_kafka_topic_partition_list_add(list, logs->items[i].topic, logs->items[i].partition);
	return list;
}

/* Send the question for GROUP's positions; the answer comes to QUEUE with GROUP as its opaque. */
static void ask_positions(struct kafka_client *client, rd_kafka_queue_t *queue, struct group *group,
	const rd_kafka_topic_partition_list_t *list, int timeout_ms)
{
	rd_kafka_ListConsumerGroupOffsets_t *request = rd_kafka_ListConsumerGroupOffsets_new(group->name, list);
	rd_kafka_AdminOptions_t *options =
		new_options(client->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout_ms);
	rd_kafka_AdminOptions_set_opaque(options, group);
	rd_kafka_ListConsumerGroupOffsets(client->rk, &request, 1, options, queue);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_ListConsumerGroupOffsets_destroy(request);
}

static void take_positions(struct group *group, const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; list && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *p = &list->elems[i];
		if (!p->err && p->offset < 0)
			continue; /* no position */
		struct group_part *part = group_part(group, p->topic, p->partition);
		part->committed = p->err ? -1 : p->offset;
		part->err = p->err;
	}
}

static void take_answer(rd_kafka_event_t *event)
{
	struct group *group = rd_kafka_event_opaque(event);
	size_t n = 0;
	group->err = rd_kafka_event_error(event);
	if (group->err)
		return;
	const rd_kafka_group_result_t **result = rd_kafka_ListConsumerGroupOffsets_result_groups(
		rd_kafka_event_ListConsumerGroupOffsets_result(event), &n);
	if (n != 1) {
		group->err = RD_KAFKA_RESP_ERR_UNKNOWN;
		return;
	}
	const rd_kafka_error_t *error = rd_kafka_group_result_error(result[0]);
	if (error)
		group->err = rd_kafka_error_code(error);
	else
		take_positions(group, rd_kafka_group_result_partitions(result[0]));
}

/* Ask for all groups that have no answer (err is IN_PROGRESS); returns how many are worth another question. */
static size_t ask_round(struct group_list *list, struct kafka_client *client,
	const rd_kafka_topic_partition_list_t *parts, int64_t deadline)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	size_t asked = 0, again = 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].err == RD_KAFKA_RESP_ERR__IN_PROGRESS) {
			ask_positions(client, queue, &list->items[i], parts, offsets_time_left(deadline));
			asked++;
		}
	for (; asked; asked--) {
		rd_kafka_event_t *event = rd_kafka_queue_poll(queue, offsets_time_left(deadline) + GRACE_MS);
		if (!event)
			break;
		take_answer(event);
		struct group *group = rd_kafka_event_opaque(event);
		if (may_pass(group->err)) {
			group->err = RD_KAFKA_RESP_ERR__IN_PROGRESS;
			again++;
		}
		rd_kafka_event_destroy(event);
	}
	rd_kafka_queue_destroy(queue);
	return asked ? 0 : again;
}

void group_list_read_positions(
	struct group_list *list, struct kafka_client *client, const struct log_list *logs, int64_t deadline)
{
	rd_kafka_topic_partition_list_t *parts = to_list(logs);
	for (size_t i = 0; i < list->count; i++)
		if (!list->items[i].count)
			list->items[i].err = RD_KAFKA_RESP_ERR__IN_PROGRESS;
	while (ask_round(list, client, parts, deadline) && clock_ms() < deadline)
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].err == RD_KAFKA_RESP_ERR__IN_PROGRESS)
			list->items[i].err = RD_KAFKA_RESP_ERR__TIMED_OUT;
	if (parts)
		rd_kafka_topic_partition_list_destroy(parts);
}
