/* Members of consumer groups: see members.h. */
#include "common/kafka/members.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"
#include "common/base/clock.h"

int members_ask(struct members_query *query, rd_kafka_conf_t *conf, const struct group_list *list, int timeout_ms,
	struct strbuf *err)
{
	char text[512] = "";
	query->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
	if (!query->rk) {
		rd_kafka_conf_destroy(conf);
		strbuf_addstr(err, text);
		return -EINVAL;
	}
	query->queue = rd_kafka_queue_new(query->rk);
	const char **names = xreallocarray(NULL, list->count, sizeof *names);
	for (size_t i = 0; i < list->count; i++)
		names[i] = list->items[i].name;
	rd_kafka_AdminOptions_t *options =
		rd_kafka_AdminOptions_new(query->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
	/* Only values out of its range can be refused; the default then is as good. */
	(void)rd_kafka_AdminOptions_set_request_timeout(options, timeout_ms, text, sizeof text);
	rd_kafka_DescribeConsumerGroups(query->rk, names, list->count, options, query->queue);
	rd_kafka_AdminOptions_destroy(options);
	free(names);
	return 0;
}

static void take_member(struct group *group, const rd_kafka_MemberDescription_t *member)
{
	const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(member);
	const rd_kafka_topic_partition_list_t *list =
		assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
	for (int i = 0; list && i < list->cnt; i++) {
		struct group_part *part = group_part(group, list->elems[i].topic, list->elems[i].partition);
		free(part->member);
		part->member = xstrdup(rd_kafka_MemberDescription_consumer_id(member));
	}
}

static void take_description(struct group_list *list, const rd_kafka_ConsumerGroupDescription_t *description)
{
	const char *name = rd_kafka_ConsumerGroupDescription_group_id(description);
	struct group *group = group_list_find(list, name);
	if (!group || rd_kafka_ConsumerGroupDescription_error(description))
		return;
	rd_kafka_consumer_group_state_t state = rd_kafka_ConsumerGroupDescription_state(description);
	group->members = rd_kafka_ConsumerGroupDescription_member_count(description);
	group->state = group->members                                   ? GROUP_ACTIVE
		       : state == RD_KAFKA_CONSUMER_GROUP_STATE_DEAD    ? GROUP_DEAD
		       : state == RD_KAFKA_CONSUMER_GROUP_STATE_UNKNOWN ? GROUP_UNKNOWN
									: GROUP_EMPTY;
	for (size_t i = 0; i < group->members; i++)
		take_member(group, rd_kafka_ConsumerGroupDescription_member(description, i));
}

void members_collect(struct members_query *query, struct group_list *list, int64_t deadline)
{
	int64_t left = deadline - clock_ms();
	rd_kafka_event_t *event = rd_kafka_queue_poll(query->queue, left > 0 ? (int)left : 0);
	*query = (struct members_query){0};
	if (!event)
		return;
	const rd_kafka_DescribeConsumerGroups_result_t *result = rd_kafka_event_DescribeConsumerGroups_result(event);
	size_t n = 0;
	const rd_kafka_ConsumerGroupDescription_t **descriptions =
		result ? rd_kafka_DescribeConsumerGroups_result_groups(result, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		take_description(list, descriptions[i]);
	rd_kafka_event_destroy(event);
}
