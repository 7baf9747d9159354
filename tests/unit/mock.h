/* A mock cluster of librdkafka and a client for it. */
#ifndef WEIR_TESTS_MOCK_H
#define WEIR_TESTS_MOCK_H

#include <librdkafka/rdkafka_mock.h>

#include "common/base/clock.h"
#include "common/kafka/offsets.h"
#include "tests/unit/check.h"

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

/* A cluster of BROKERS nodes and a client for it. */
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

/* Load all partitions of TOPIC (NULL: of all topics) into LOGS, marked as wanted. */
static inline void load(struct log_list *logs, const char *topic)
{
	struct strbuf err = STRBUF_INIT;
	CHECK_INT(log_list_load(logs, &client, topic, clock_ms() + 5000, &err), 0);
	CHECK_STR(err.s, "");
	strbuf_release(&err);
	for (size_t i = 0; i < logs->count; i++)
		logs->items[i].wanted = true;
}

#endif
