/* Unit tests of common/kafka/offsets.h, against librdkafka's mock cluster. */
#include "common/kafka/offsets.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/unit/mock.h"

enum { LIST_OFFSETS = 2 }; /* the protocol's ApiKey */

static void test_hundreds_of_partitions(void)
{
	struct log_list logs = {0};
	size_t n;
	start(3);
	rd_kafka_mock_topic_create(mock, "many", 500, 1);
	rd_kafka_mock_topic_create(mock, "few", 2, 3);
	load(&logs, NULL);
	load(&logs, "few"); /* again: no effect */
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

/* One of three brokers is unreachable after the metadata has arrived: the others answer for their partitions. */
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

/* A call that fails as a whole because of one partition is repeated in parts. */
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

int main(void)
{
	TEST(test_hundreds_of_partitions);
	TEST(test_only_what_is_wanted);
	TEST(test_no_leader);
	TEST(test_broker_away);
	TEST(test_passing_errors);
	TEST(test_missing_partition);
	TEST(test_isolation_level);
	return check_done();
}
