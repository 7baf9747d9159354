/*
 * The control input of mock-broker: commands that make the cluster fail in a chosen way (weir-mock-broker(1)).
 */
#ifndef WEIR_MOCK_BROKER_CONTROL_H
#define WEIR_MOCK_BROKER_CONTROL_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "common/base/strbuf.h"

/*
 * Carry out the command in LINE (without line feed; it is modified) on CLUSTER, which has BROKERS brokers.
 *
 * Returns 0, -EINVAL (no such command) or -EIO (the cluster refuses), with the reason in ERR.  An empty line, or one
 * that begins with #, does nothing.
 */
int control_line(rd_kafka_mock_cluster_t *cluster, int brokers, char *line, struct strbuf *err) MUST_CHECK;

/* Create a topic.  Returns as control_line(). */
int control_topic(rd_kafka_mock_cluster_t *cluster, int brokers, const char *name, const char *partitions,
	struct strbuf *err) MUST_CHECK;

#endif
