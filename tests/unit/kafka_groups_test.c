/* Unit tests of common/kafka/groups.h and members.h, against librdkafka's mock cluster. */
#include "common/kafka/members.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/unit/mock.h"

enum { OFFSET_FETCH = 9 }; /* ApiKey of the protocol */

static void release(struct group_list *list)
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

static void commit(const char *group, const char *topic, int32_t partition, int64_t offset)
{
	char text[256];
	rd_kafka_conf_t *conf = new_conf(rd_kafka_mock_cluster_bootstraps(mock));
	rd_kafka_conf_set(conf, "group.id", group, text, sizeof text);
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
	CHECK_INT(rd_kafka_commit(rk, list, 0), 0);
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
}

/* A client that reads positions. */
static void start_reader(void)
{
	struct strbuf err = STRBUF_INIT;
	start(1);
	kafka_client_release(&client);
	rd_kafka_conf_t *conf = new_conf(rd_kafka_mock_cluster_bootstraps(mock));
	CHECK_INT(group_reader_conf(conf, "reader", &err), 0);
	CHECK_INT(kafka_client_init(&client, RD_KAFKA_CONSUMER, conf, &err), 0);
	strbuf_release(&err);
}

static void test_positions(void)
{
	struct log_list logs = {0};
	struct group_list groups = {0};
	char keep[] = "u";
	start_reader();
	rd_kafka_mock_topic_create(mock, "t", 3, 1);
	rd_kafka_mock_topic_create(mock, "u", 1, 1);
	commit("g", "t", 2, 5);
	commit("g", "t", 0, 0);
	commit("g", "u", 0, INT64_C(1) << 40);
	load(&logs, NULL);
	group_list_add(&groups, "nobody");
	group_list_add(&groups, "g");
	group_list_add(&groups, "g");
	CHECK_INT(groups.count, 2);
	CHECK(!group_list_find(&groups, "x"));
	rd_kafka_mock_push_request_errors(mock, OFFSET_FETCH, 3, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
		RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
		RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE); /* they are temporary */
	group_list_read_positions(&groups, &client, &logs, clock_ms() + 5000);
	struct group *g = group_list_find(&groups, "g");
	CHECK_INT(g->err, 0);
	CHECK_INT(g->count, 3);
	CHECK(g->parts[0].partition == 0 && g->parts[0].committed == 0);
	CHECK(g->parts[1].partition == 2 && g->parts[1].committed == 5);
	CHECK(strcmp(g->parts[2].topic, "u") == 0 && g->parts[2].committed == INT64_C(1) << 40);
	CHECK_INT(group_list_find(&groups, "nobody")->count, 0);
	CHECK_INT(group_part(g, "t", 1)->committed, -1);
	CHECK_INT(g->count, 4);
	CHECK_INT(group_part(g, "t", 2)->committed, 5);
	group_keep_topics(g, (char *const[]){keep, NULL});
	CHECK_INT(g->count, 1);
	CHECK_STR(g->parts[0].topic, "u");
	release(&groups);
	log_list_release(&logs);
	stop();
}

/*
 * A reader, and the topic t with COUNT partitions, in whose last one the group g is at 5; returned are the first and
 * the last, to be asked for.
 */
static rd_kafka_topic_partition_list_t *start_reader_of(int count)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(2);
	start_reader();
	CHECK_INT(rd_kafka_mock_topic_create(mock, "t", count, 1), 0);
	commit("g", "t", count - 1, 5);
	for (int i = 0; i<count; i += count> 1 ? count - 1 : 1)
		rd_kafka_topic_partition_list_add(list, "t", i);
	return list;
}

/*
 * For a reader of fixed partitions: temporary errors are waited for; permanent ones are reported at once, with their
 * names.
 */
static void test_committed(void)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_topic_partition_list_t *list = start_reader_of(3);
	rd_kafka_mock_push_request_errors(mock, OFFSET_FETCH, 2, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
		RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
	CHECK_INT(group_read_committed(&client, "g", list, clock_ms() + 20000, &err), 0);
	CHECK_INT(list->elems[0].offset, RD_KAFKA_OFFSET_INVALID);
	CHECK_INT(list->elems[1].offset, 5);
	CHECK_STR(err.s, "");
	rd_kafka_mock_push_request_errors(mock, OFFSET_FETCH, 1, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
	CHECK_INT(group_read_committed(&client, "g", list, clock_ms() + 600000, &err),
		RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
	CHECK(strstr(err.s, "cannot find out where the group 'g' stands: ") && strstr(err.s, "authorization failed"));
	rd_kafka_topic_partition_list_destroy(list);
	strbuf_release(&err);
	stop();
}

static void test_what_the_mock_cannot(void)
{
	struct group_list groups = {0};
	struct members_query query;
	struct strbuf err = STRBUF_INIT;
	start(1);
	CHECK_INT(group_list_load(&groups, &client, clock_ms() + 5000, &err), RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE);
	CHECK(err.len > 0);
	group_list_add(&groups, "g");
	CHECK_INT(members_ask(&query, new_conf(rd_kafka_mock_cluster_bootstraps(mock)), &err), 0);
	members_collect(&query, &groups, clock_ms() + 2000);
	CHECK_INT(groups.items[0].state, GROUP_UNKNOWN);
	usleep(100000); /* after a bare DescribeGroups librdkafka would abort about now */
	release(&groups);
	strbuf_release(&err);
	stop();
}

/* An answer of the coordinator's whereabouts that comes after the wait has ended. */
static void test_late(void)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_topic_partition_list_t *list = start_reader_of(1);
	CHECK_INT(rd_kafka_mock_broker_set_rtt(mock, 1, 1500), 0);
	CHECK_INT(group_read_committed(&client, "g", list, clock_ms() + 100, &err), RD_KAFKA_RESP_ERR__TIMED_OUT);
	usleep(3000000);
	CHECK_INT(rd_kafka_mock_broker_set_rtt(mock, 1, 0), 0);
	CHECK_INT(group_read_committed(&client, "g", list, clock_ms() + 20000, &err), 0);
	CHECK_INT(list->elems[0].offset, 5);
	rd_kafka_topic_partition_list_destroy(list);
	strbuf_release(&err);
	stop();
}

static void test_hints(void)
{
	struct strbuf text = STRBUF_INIT;
	group_hint(RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, "g", &text);
	CHECK(strstr(text.s, ": the group 'g' is a share group, or its members") == text.s);
	strbuf_clear(&text);
	group_hint(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "g", &text);
	CHECK(strstr(text.s, "READ on the group"));
	strbuf_clear(&text);
	group_hint(RD_KAFKA_RESP_ERR__TRANSPORT, "g", &text);
	CHECK_STR(text.s, "");
	strbuf_release(&text);
}

int main(void)
{
	TEST(test_positions);
	TEST(test_committed);
	TEST(test_late);
	TEST(test_hints);
	TEST(test_what_the_mock_cannot);
	int status = check_done();
	fflush(stdout);
	_exit(status); /* the handle of members_ask() lives on */
}
