/*
 * The settings of a topic that limit which records it accepts.
 *
 * Layer: kafka (uses base, client, groups).
 */
#ifndef WEIR_KAFKA_TOPIC_CONFIG_H
#define WEIR_KAFKA_TOPIC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/kafka/client.h"

struct topic_config {
	uint64_t max_bytes; /* max.message.bytes, the limit of a batch as it is sent; 0: not known */
	/* cleanup.policy contains `compact`, so records need a key; false: it does not, or that is not known */
	bool compacted;
	/* how far, in ms, a record's own time may lie before and after now; UINT64_MAX: any time, or that is not known
	 */
	uint64_t before_ms, after_ms;
	bool own_time; /* false: the broker gives every record its time of arrival, so that theirs does not matter */
};

/*
 * Request the settings of TOPIC from BROKER (the id of any broker) and put those in the answer into *ret.  A setting
 * stays unknown when the broker does not support the request, does not allow it, or does not answer before DEADLINE
 * (clock_ms()).
 */
void topic_config_read(
	struct kafka_client *client, int32_t broker, const char *topic, int64_t deadline, struct topic_config *ret);

#endif
