/* Consumer groups: see groups.h. */
#include "common/kafka/groups.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"
#include "common/base/near.h"

enum {
	GRACE_MS = 250, /* extra time, so that the library can report a time-out itself */
};

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
	/* Groups usually come in order. */
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

rd_kafka_AdminOptions_t *groups_options(rd_kafka_t *rk, rd_kafka_admin_op_t op, int timeout_ms)
{
	char text[256];
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(rk, op);
	/* This fails only for a value out of range; then the default is good enough. */
	(void)rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof text);
	return options;
}

/* Report an error, unless it only says that there was no answer. */
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
	rd_kafka_resp_err_t e = rd_kafka_error_code(error[0]);
	if (!kafka_client_is_vague(e))
		strbuf_addf(err, "cannot list the groups: %s", rd_kafka_error_string(error[0]));
	return e;
}

rd_kafka_resp_err_t group_list_load(
	struct group_list *list, struct kafka_client *client, int64_t deadline, struct strbuf *err)
{
	int left = offsets_time_left(deadline);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	rd_kafka_AdminOptions_t *options = groups_options(client->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, left);
	rd_kafka_ListConsumerGroups(client->rk, options, queue);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_event_t *event = kafka_client_event(client, queue, clock_ms() + left + GRACE_MS);
	rd_kafka_queue_destroy(queue);
	rd_kafka_resp_err_t e = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
	if (!e)
		e = take_listing(list, event, err);
	if (!e)
		kafka_client_forget(client);
	else if (!err->len)
		e = kafka_client_explain_wait(client, e, "cannot list the groups", left, err);
	if (event)
		rd_kafka_event_destroy(event);
	return e;
}

/* Find the group in ALL whose name is most similar to that of GROUP, if any is similar enough. */
static void find_near(struct group *group, const struct rd_kafka_group_list *all)
{
	const char *near = NULL;
	size_t least = NEAR_NOT;
	for (int i = 0; i < all->group_cnt; i++) {
		size_t rank = near_rank(group->name, all->groups[i].group);
		near = rank < least ? all->groups[i].group : near;
		least = rank < least ? rank : least;
	}
	free(group->near);
	group->near = near ? xstrdup(near) : NULL;
}

void group_list_find_others(struct group_list *list, struct kafka_client *client, int64_t deadline)
{
	const struct rd_kafka_group_list *all;
	size_t dead = 0;
	for (size_t i = 0; i < list->count; i++)
		dead += list->items[i].state == GROUP_DEAD;
	if (!dead)
		return;
	/* A group counts even if only some brokers list it. */
	rd_kafka_resp_err_t err = rd_kafka_list_groups(client->rk, NULL, &all, offsets_time_left(deadline));
	if (err && err != RD_KAFKA_RESP_ERR__PARTIAL)
		return;
	for (int i = 0; i < all->group_cnt; i++) {
		struct group *group = group_list_find(list, all->groups[i].group);
		if (group && group->state == GROUP_DEAD)
			group->state = GROUP_OTHER;
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].state == GROUP_DEAD)
			find_near(&list->items[i], all);
	rd_kafka_group_list_destroy(all);
}

void group_hint(rd_kafka_resp_err_t err, const char *group, struct strbuf *text)
{
	if (err == RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL)
		strbuf_addf(text,
			": the group '%s' is a share group, or its members assign partitions in another way; use "
			"another"
			" group (-g), end the others, or set partition.assignment.strategy (-X) to what they use",
			group);
	else if (err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
		strbuf_addf(text, ": this user may not read with the group '%s' (READ on the group is missing)", group);
	else if (err == RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT)
		strbuf_addstr(text, ": session.timeout.ms (-X) is not within what the brokers allow"
				    " (group.min.session.timeout.ms, group.max.session.timeout.ms)");
}
