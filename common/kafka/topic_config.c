/* Settings of a topic: see topic_config.h. */
#include "common/kafka/topic_config.h"

#include <string.h>

#include "common/base/num.h"
#include "common/kafka/groups.h"

/* At most MS, the limit that VALUE says; without one, or with a negative one, as it was. */
static void take_limit(const char *value, uint64_t *ms)
{
	uint64_t n;
	if (num_u64(value, &n) == 0 && n < *ms)
		*ms = n;
}

static void take(struct topic_config *config, const char *name, const char *value)
{
	if (!value)
		return;
	if (strcmp(name, "max.message.bytes") == 0 && num_u64(value, &config->max_bytes) < 0)
		config->max_bytes = 0;
	if (strcmp(name, "cleanup.policy") == 0)
		config->compacted = strstr(value, "compact");
	if (strcmp(name, "message.timestamp.type") == 0)
		config->own_time = strcmp(value, "LogAppendTime") != 0;
	/* until Kafka 3.5 there was one for both */
	bool both = strcmp(name, "message.timestamp.difference.max.ms") == 0;
	if (both || strcmp(name, "message.timestamp.before.max.ms") == 0)
		take_limit(value, &config->before_ms);
	if (both || strcmp(name, "message.timestamp.after.max.ms") == 0)
		take_limit(value, &config->after_ms);
}

static void take_event(struct topic_config *config, rd_kafka_event_t *event)
{
	size_t resources = 0, entries = 0;
	if (rd_kafka_event_error(event))
		return;
	const rd_kafka_ConfigResource_t **resource =
		rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &resources);
	if (resources != 1 || rd_kafka_ConfigResource_error(resource[0]))
		return;
	const rd_kafka_ConfigEntry_t **entry = rd_kafka_ConfigResource_configs(resource[0], &entries);
	for (size_t i = 0; i < entries; i++)
		take(config, rd_kafka_ConfigEntry_name(entry[i]), rd_kafka_ConfigEntry_value(entry[i]));
}

void topic_config_read(
	struct kafka_client *client, int32_t broker, const char *topic, int64_t deadline, struct topic_config *ret)
{
	char text[256];
	*ret = (struct topic_config){.before_ms = UINT64_MAX, .after_ms = UINT64_MAX, .own_time = true};
	rd_kafka_AdminOptions_t *options =
		groups_options(client->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, offsets_time_left(deadline));
	/* Without this, librdkafka waits for the cluster's controller, and some clusters have none. */
	if (rd_kafka_AdminOptions_set_broker(options, broker, text, sizeof text)) {
		rd_kafka_AdminOptions_destroy(options);
		return;
	}
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client->rk);
	rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
	rd_kafka_DescribeConfigs(client->rk, &resource, 1, options, queue);
	rd_kafka_ConfigResource_destroy(resource);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_event_t *event = kafka_client_event(client, queue, deadline);
	if (event) {
		take_event(ret, event);
		rd_kafka_event_destroy(event);
		kafka_client_forget(client);
	}
	rd_kafka_queue_destroy(queue);
}
