/* Positions of groups: see groups.h. */
#include "common/kafka/groups.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/sig.h"
#include "common/kafka/conf.h"

enum {
	PAUSE_MS = 200, /* between two requests, while a coordinator is being chosen or moved */
	GRACE_MS = 250, /* time for an answer to a request at the very end */
};

static bool may_pass(rd_kafka_resp_err_t err)
{
	return err == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
	       err == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE || err == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
	       err == RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT || err == RD_KAFKA_RESP_ERR__WAIT_COORD ||
	       err == RD_KAFKA_RESP_ERR__TRANSPORT;
}

int group_reader_conf(rd_kafka_conf_t *conf, const char *group, struct strbuf *err)
{
	return kafka_conf_set(conf, "group.id", group, err);
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

/* Send the request for GROUP's positions; the answer comes to QUEUE with GROUP as its opaque. */
static void ask_positions(struct kafka_client *client, rd_kafka_queue_t *queue, struct group *group,
	const rd_kafka_topic_partition_list_t *list, bool stable)
{
	rd_kafka_ListConsumerGroupOffsets_t *request = rd_kafka_ListConsumerGroupOffsets_new(group->name, list);
	rd_kafka_AdminOptions_t *options =
		groups_options(client->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, GROUPS_COORDINATOR_MS);
	rd_kafka_AdminOptions_set_opaque(options, group);
	rd_kafka_error_t *error = rd_kafka_AdminOptions_set_require_stable_offsets(options, stable);
	rd_kafka_error_destroy(error); /* the option exists for this request */
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

/* The positions in an answer, which owns them; NULL, and *ret_err is set, when it has none. */
static const rd_kafka_topic_partition_list_t *answer(rd_kafka_event_t *event, rd_kafka_resp_err_t *ret_err)
{
	size_t n = 0;
	*ret_err = rd_kafka_event_error(event);
	if (*ret_err)
		return NULL;
	const rd_kafka_group_result_t **result = rd_kafka_ListConsumerGroupOffsets_result_groups(
		rd_kafka_event_ListConsumerGroupOffsets_result(event), &n);
	if (n != 1) {
		*ret_err = RD_KAFKA_RESP_ERR_UNKNOWN;
		return NULL;
	}
	const rd_kafka_error_t *error = rd_kafka_group_result_error(result[0]);
	if (!error)
		return rd_kafka_group_result_partitions(result[0]);
	*ret_err = rd_kafka_error_code(error);
	return NULL;
}

static void take_answer(rd_kafka_event_t *event)
{
	struct group *group = rd_kafka_event_opaque(event);
	const rd_kafka_topic_partition_list_t *list = answer(event, &group->err);
	if (!group->err)
		take_positions(group, list);
}

/* Query all groups that have no answer (err is IN_PROGRESS); returns how many are worth another request. */
static size_t ask_round(struct group_list *list, struct kafka_client *client,
	const rd_kafka_topic_partition_list_t *parts, int64_t deadline)
{
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	size_t asked = 0, again = 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].err == RD_KAFKA_RESP_ERR__IN_PROGRESS) {
			ask_positions(client, queue, &list->items[i], parts, false);
			asked++;
		}
	for (; asked; asked--) {
		rd_kafka_event_t *event =
			kafka_client_event(client, queue, clock_ms() + offsets_time_left(deadline) + GRACE_MS);
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

/* Give the partition of LIST the offset and metadata of FROM. */
static void copy_position(rd_kafka_topic_partition_list_t *list, const rd_kafka_topic_partition_t *from)
{
	rd_kafka_topic_partition_t *to = rd_kafka_topic_partition_list_find(list, from->topic, from->partition);
	if (!to)
		return;
	to->offset = from->offset;
	free(to->metadata);
	to->metadata = from->metadata_size ? xmalloc(from->metadata_size) : NULL;
	to->metadata_size = from->metadata_size;
	if (to->metadata)
		memcpy(to->metadata, from->metadata, from->metadata_size);
}

/* Send one request; returns its error, or that of the first partition that has one, which may be temporary. */
static rd_kafka_resp_err_t ask_committed(
	struct kafka_client *client, const char *group, rd_kafka_topic_partition_list_t *list, int64_t deadline)
{
	struct group asked = {.name = (char *)(uintptr_t)group}; /* the list is only read */
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__TIMED_OUT;
	bool all = !list->cnt;
	ask_positions(client, queue, &asked, all ? NULL : list, !all);
	rd_kafka_event_t *event = kafka_client_event(client, queue, deadline + GRACE_MS);
	const rd_kafka_topic_partition_list_t *got = event ? answer(event, &err) : NULL;
	for (int i = 0; got && i < got->cnt && !err; i++) {
		const rd_kafka_topic_partition_t *from = &got->elems[i];
		if (all)
			rd_kafka_topic_partition_list_add(list, from->topic, from->partition);
		err = all ? RD_KAFKA_RESP_ERR_NO_ERROR : from->err;
		if (!err)
			copy_position(list, from);
	}
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	return err;
}

rd_kafka_resp_err_t group_read_committed(struct kafka_client *client, const char *group,
	rd_kafka_topic_partition_list_t *list, int64_t deadline, struct strbuf *err)
{
	int64_t begin = clock_ms();
	rd_kafka_resp_err_t e;
	while ((e = ask_committed(client, group, list, deadline)) && may_pass(e) && clock_ms() < deadline &&
		!sig_stop() && !client->refused && !client->fatal)
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	if (!e) {
		kafka_client_forget(client);
		return e;
	}
	struct strbuf what = STRBUF_INIT;
	strbuf_addf(&what, "cannot find out where the group '%s' stands", group);
	e = kafka_client_explain_wait(client, e, what.s, clock_ms() - begin, err);
	strbuf_release(&what);
	return e;
}
