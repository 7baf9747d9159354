/* Unit tests of common/kafka/offsets.h, groups.h and members.h, against librdkafka's mock cluster. */
#include "common/kafka/members.h"
#include "common/kafka/offsets.h"

#include <stdlib.h>
#include <unistd.h>

#include <librdkafka/rdkafka_mock.h>

#include "common/base/clock.h"
#include "tests/unit/check.h"

enum { LIST_OFFSETS = 2, OFFSET_FETCH = 9 }; /* ApiKeys of the protocol */

static rd_kafka_t *mock_handle;
static rd_kafka_mock_cluster_t *mock;
static struct kafka_client client;

static rd_kafka_conf_t *new_conf(const char *brokers)
{
	struct kafka_opts k = {.brokers = brokers};
	rd_kafka_conf_t *conf = NULL;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(offsets_conf_new(&k, &conf, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	return conf;
}

/* A cluster of BROKERS nodes and a client of it. */
static void start(int brokers)
{
	char text[256];
	struct strbuf err = STRBUF_INIT;
	mock_handle = rd_kafka_new(RD_KAFKA_PRODUCER, new_conf("localhost:1"), text, sizeof text);
	mock = rd_kafka_mock_cluster_new(mock_handle, brokers);
	CHECK(mock);
	CHECK_INT(kafka_client_init(&client, RD_KAFKA_CONSUMER, new_conf(rd_kafka_mock_cluster_bootstraps(mock)), &err),
		0);
	strbuf_release(&err);
}

static void stop(void)
{
	kafka_client_release(&client);
	rd_kafka_mock_cluster_destroy(mock);
	rd_kafka_destroy(mock_handle);
}

static void load(struct log_list *logs, const char *topic)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(log_list_load(logs, &client, topic, clock_ms() + 5000, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	for (size_t i = 0; i < logs->count; i++)
		logs->items[i].wanted = true;
}

static void test_hundreds_of_partitions(void)
{
	struct log_list logs = {0};
	size_t n;
	start(3);
	rd_kafka_mock_topic_create(mock, "many", 500, 1);
	rd_kafka_mock_topic_create(mock, "few", 2, 3);
	load(&logs, NULL);
	load(&logs, "few"); /* again: nothing comes of it */
	CHECK_INT(logs.count, 502);
	log_list_read_ends(&logs, &client, clock_ms() + 5000);
	for (size_t i = 0; i < logs.count; i++)
		CHECK(!logs.items[i].err && logs.items[i].start == 0 && logs.items[i].end == 0);
	CHECK_STR(logs.items[0].topic, "few");
	CHECK_INT(logs.items[0].replica_count, 3);
	CHECK_INT(logs.items[0].in_sync_count, 3);
	CHECK_INT(log_list_find(&logs, "many", 499)->partition, 499);
	CHECK(!log_list_find(&logs, "many", 500) && !log_list_find(&logs, "man", 0) && !log_list_find(&logs, "z", 0));
	CHECK_STR(log_list_topic(&logs, "many", &n)->topic, "many");
	CHECK_INT(n, 500);
	log_list_topic(&logs, "none", &n);
	CHECK_INT(n, 0);
	log_list_release(&logs);
	CHECK(!logs.items && !logs.count);
	stop();
}

static void test_only_what_is_wanted(void)
{
	struct log_list logs = {0};
	const struct log_part *first = NULL;
	start(1);
	rd_kafka_mock_topic_create(mock, "t", 2, 1);
	load(&logs, "t");
	logs.items[0].wanted = false;
	log_list_read_ends(&logs, &client, clock_ms() + 5000);
	CHECK(logs.items[0].start == -1 && logs.items[0].end == -1 && !logs.items[0].err);
	CHECK(logs.items[1].start == 0 && logs.items[1].end == 0);
	CHECK(log_list_broken(&logs, &first) == 0 && !first);
	log_list_release(&logs);
	log_list_read_ends(&logs, &client, clock_ms() + 5000); /* of none */
	stop();
}

static void test_no_leader(void)
{
	struct log_list logs = {0};
	const struct log_part *first = NULL;
	start(1);
	rd_kafka_mock_topic_create(mock, "t", 4, 1);
	rd_kafka_mock_partition_set_leader(mock, "t", 2, -1);
	load(&logs, NULL);
	log_list_read_ends(&logs, &client, clock_ms() + 5000);
	CHECK_INT(logs.count, 4);
	CHECK_INT(log_list_broken(&logs, &first), 1);
	CHECK(first == &logs.items[2] && first->err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE && first->leader == -1);
	CHECK(logs.items[2].end == -1 && logs.items[3].end == 0);
	log_list_release(&logs);
	stop();
}

/* One of three brokers is away after the metadata has come: the partitions of the others are answered. */
static void test_broker_away(void)
{
	struct log_list logs = {0};
	start(3);
	rd_kafka_mock_topic_create(mock, "t", 12, 1);
	load(&logs, "t");
	rd_kafka_mock_broker_set_down(mock, 2);
	log_list_read_ends(&logs, &client, clock_ms() + 3000);
	for (size_t i = 0; i < logs.count; i++)
		CHECK_INT(logs.items[i].end, logs.items[i].leader == 2 ? -1 : 0);
	for (size_t i = 0; i < logs.count; i++)
		CHECK((logs.items[i].err != 0) == (logs.items[i].leader == 2));
	log_list_release(&logs);
	stop();
}

/* A call that fails as a whole because of one partition is put again in parts. */
static void test_passing_errors(void)
{
	struct log_list logs = {0};
	start(1);
	rd_kafka_mock_topic_create(mock, "t", 8, 1);
	load(&logs, "t");
	rd_kafka_mock_push_request_errors(mock, LIST_OFFSETS, 3, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
		RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
	log_list_read_ends(&logs, &client, clock_ms() + 5000);
	for (size_t i = 0; i < logs.count; i++)
		CHECK(!logs.items[i].err && logs.items[i].start == 0 && logs.items[i].end == 0);
	log_list_release(&logs);
	stop();
}

static void test_missing_partition(void)
{
	struct log_list logs = {0};
	start(1);
	rd_kafka_mock_topic_create(mock, "t", 2, 1);
	load(&logs, NULL);
	log_list_add_missing(&logs, &client, "t", 7, clock_ms() + 2000);
	CHECK_INT(logs.count, 3);
	const struct log_part *part = log_list_find(&logs, "t", 7);
	CHECK(part && part->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART && part->end == -1);
	log_list_release(&logs);
	stop();
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

static void test_positions(void)
{
	struct log_list logs = {0};
	struct group_list groups = {0};
	char keep[] = "u";
	start(1);
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
	rd_kafka_mock_push_request_errors(
		mock, OFFSET_FETCH, 1, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS); /* passes */
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
	group_list_release(&groups);
	log_list_release(&logs);
	stop();
}

/* For a reader of fixed partitions: what passes is waited for, what does not is told at once and by its name. */
static void test_committed(void)
{
	struct strbuf err = STRBUF_INIT;
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(2);
	start(1);
	CHECK_INT(rd_kafka_mock_topic_create(mock, "t", 3, 1), 0);
	commit("g", "t", 2, 5);
	rd_kafka_topic_partition_list_add(list, "t", 0);
	rd_kafka_topic_partition_list_add(list, "t", 2);
	rd_kafka_mock_push_request_errors(mock, OFFSET_FETCH, 1, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
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
	group_list_release(&groups);
	strbuf_release(&err);
	stop();
}

static void test_isolation_level(void)
{
	const char *property = "isolation.level=read_committed";
	struct kafka_opts k = {.brokers = "localhost:1"};
	struct strbuf err = STRBUF_INIT;
	rd_kafka_conf_t *conf = NULL;
	char value[64] = "";
	size_t size = sizeof value;
	CHECK_INT(offsets_conf_new(&k, &conf, &err), 0);
	CHECK_INT(rd_kafka_conf_get(conf, "isolation.level", value, &size), RD_KAFKA_CONF_OK);
	CHECK_STR(value, "read_uncommitted");
	rd_kafka_conf_destroy(conf);
	k.properties = (struct opt_list){&property, 1};
	size = sizeof value;
	CHECK_INT(offsets_conf_new(&k, &conf, &err), 0);
	CHECK_INT(rd_kafka_conf_get(conf, "isolation.level", value, &size), RD_KAFKA_CONF_OK);
	CHECK_STR(value, "read_committed");
	rd_kafka_conf_destroy(conf);
	k.brokers = NULL;
	unsetenv("WEIR_BROKERS");
	CHECK(offsets_conf_new(&k, &conf, &err) < 0);
	strbuf_release(&err);
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
	TEST(test_hundreds_of_partitions);
	TEST(test_only_what_is_wanted);
	TEST(test_no_leader);
	TEST(test_broker_away);
	TEST(test_passing_errors);
	TEST(test_missing_partition);
	TEST(test_positions);
	TEST(test_isolation_level);
	TEST(test_committed);
	TEST(test_hints);
	TEST(test_what_the_mock_cannot);
	int status = check_done();
	fflush(stdout);
	_exit(status); /* the handle of members_ask() lives on */
}
