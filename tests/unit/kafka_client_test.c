/* Unit tests of common/kafka/client.h, with librdkafka's mock cluster and without a broker. */
#include "common/kafka/client.h"

#include <stdlib.h>

#include <librdkafka/rdkafka_mock.h>

#include "common/base/clock.h"
#include "common/kafka/conf.h"
#include "tests/unit/check.h"

static void client_to(struct kafka_client *client, const char *brokers, const char *property)
{
	struct kafka_opts k = {.brokers = brokers, .properties = {&property, property != NULL}};
	rd_kafka_conf_t *conf = NULL;
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(kafka_conf_new(&k, &conf, &err), 0);
	CHECK_INT(kafka_client_init(client, RD_KAFKA_CONSUMER, conf, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
}

static void test_invalid_together(void)
{
	struct kafka_opts k = {.brokers = "localhost:1"};
	const char *property = "session.timeout.ms=3600000"; /* above max.poll.interval.ms */
	k.properties = (struct opt_list){&property, 1};
	rd_kafka_conf_t *conf = NULL;
	struct strbuf err = STRBUF_INIT;
	struct kafka_client client;
	CHECK_INT(kafka_conf_new(&k, &conf, &err), 0);
	CHECK(kafka_client_init(&client, RD_KAFKA_CONSUMER, conf, &err) < 0);
	CHECK(strstr(err.s, "session.timeout.ms"));
	kafka_client_release(&client);
	strbuf_release(&err);
}

static void test_nobody_there(void)
{
	struct kafka_client client;
	struct strbuf err = STRBUF_INIT;
	const struct rd_kafka_metadata *md = NULL;
	client_to(&client, "127.0.0.1:1", NULL);
	int64_t start = clock_ms();
	rd_kafka_resp_err_t e = kafka_client_topic(&client, "t", 700, &md, &err);
	CHECK(clock_ms() - start >= 700);
	CHECK_INT(kafka_status(e), EXIT_TEMP);
	CHECK(!md && strstr(err.s, "cannot reach a broker: 127.0.0.1:1: connection refused (waited 700ms)"));
	kafka_client_release(&client);
	strbuf_release(&err);
}

static void test_topics(void)
{
	struct kafka_client mock, client;
	struct strbuf err = STRBUF_INIT, brokers = STRBUF_INIT;
	const struct rd_kafka_metadata *md = NULL;
	client_to(&mock, "localhost:1", NULL);
	rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(mock.rk, 1);
	CHECK(cluster);
	CHECK_INT(rd_kafka_mock_topic_create(cluster, "there", 3, 1), 0);
	/* One of two brokers is down: that is not a reason to give up. */
	strbuf_addf(&brokers, "127.0.0.1:1,%s", rd_kafka_mock_cluster_bootstraps(cluster));
	client_to(&client, brokers.s, NULL);
	CHECK_INT(kafka_client_topic(&client, "there", 20000, &md, &err), 0);
	CHECK(md && md->topics[0].partition_cnt == 3);
	CHECK_STR(err.s, "");
	rd_kafka_metadata_destroy(md);
	CHECK_INT(kafka_client_topic(&client, NULL, 20000, &md, &err), 0);
	CHECK_INT(md->topic_cnt, 1);
	rd_kafka_metadata_destroy(md);
	kafka_client_release(&client);
	rd_kafka_mock_cluster_destroy(cluster);
	kafka_client_release(&mock);
	strbuf_release(&brokers);
	strbuf_release(&err);
}

int main(void)
{
	unsetenv("WEIR_BROKERS");
	TEST(test_invalid_together);
	TEST(test_nobody_there);
	TEST(test_topics);
	return check_done();
}
