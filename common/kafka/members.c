/* Members of consumer groups: see members.h. */
#include "common/kafka/members.h"

#include <errno.h>
#include <stdlib.h>

#include "common/base/alloc.h"

enum {
	PROBE_MS = 1000, /* how long to wait for brokers that are down; then the answers of the others are used */
};

int members_ask(struct members_query *query, rd_kafka_conf_t *conf, struct strbuf *err)
{
	/* Only the error in the answer matters; asking for a state that hardly any group has keeps the answer short. */
	static const rd_kafka_consumer_group_state_t rare[] = {RD_KAFKA_CONSUMER_GROUP_STATE_DEAD};
	char text[512] = "";
	query->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
	if (!query->rk) {
		rd_kafka_conf_destroy(conf);
		strbuf_addstr(err, text);
		return -EINVAL;
	}
	query->queue = rd_kafka_queue_new(query->rk);
	rd_kafka_AdminOptions_t *options = groups_options(query->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, PROBE_MS);
	rd_kafka_error_t *error = rd_kafka_AdminOptions_set_match_consumer_group_states(options, rare, 1);
	if (error) /* without the option the answer is only longer */
		rd_kafka_error_destroy(error);
	rd_kafka_ListConsumerGroups(query->rk, options, query->queue);
	rd_kafka_AdminOptions_destroy(options);
	return 0;
}

static rd_kafka_event_t *wait_event(const struct members_query *query, int64_t deadline)
{
	return rd_kafka_queue_poll(query->queue, offsets_time_left(deadline));
}

/* Whether the brokers support requests about groups. */
static bool probe(const struct members_query *query, int64_t deadline)
{
	size_t n = 0;
	bool known = true;
	rd_kafka_event_t *event = wait_event(query, deadline);
	if (!event)
		return false;
	const rd_kafka_ListConsumerGroups_result_t *result = rd_kafka_event_ListConsumerGroups_result(event);
	const rd_kafka_error_t **errors = result ? rd_kafka_ListConsumerGroups_result_errors(result, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if (rd_kafka_error_code(errors[i]) == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE)
			known = false;
	if (!result || rd_kafka_event_error(event))
		known = false;
	rd_kafka_event_destroy(event);
	return known;
}

static rd_kafka_event_t *describe(const struct members_query *query, const struct group_list *list, int64_t deadline)
{
	const char **names = xreallocarray(NULL, list->count, sizeof *names);
	for (size_t i = 0; i < list->count; i++)
		names[i] = list->items[i].name;
	rd_kafka_AdminOptions_t *options =
		groups_options(query->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, GROUPS_COORDINATOR_MS);
	rd_kafka_DescribeConsumerGroups(query->rk, names, list->count, options, query->queue);
	rd_kafka_AdminOptions_destroy(options);
	free(names);
	return wait_event(query, deadline);
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
	size_t n = 0;
	rd_kafka_event_t *event = NULL;
	if (list->count && probe(query, deadline))
		event = describe(query, list, deadline);
	*query = (struct members_query){0};
	if (!event)
		return;
	const rd_kafka_DescribeConsumerGroups_result_t *result = rd_kafka_event_DescribeConsumerGroups_result(event);
	const rd_kafka_ConsumerGroupDescription_t **descriptions =
		result ? rd_kafka_DescribeConsumerGroups_result_groups(result, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		take_description(list, descriptions[i]);
	rd_kafka_event_destroy(event);
}
