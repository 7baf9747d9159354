/*
 * What a topic's own settings say about the records that it takes.
 *
 * Layer: kafka (uses base, client, groups).
 */
#ifndef WEIR_KAFKA_TOPIC_CONFIG_H
#define WEIR_KAFKA_TOPIC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/kafka/client.h"

struct topic_config {
	uint64_t max_bytes; /* max.message.bytes, of a batch as it is sent; 0: not known */
	bool compacted;     /* cleanup.policy has compact, so that records need a key; false: or not known */
};

/*
 * Ask BROKER (its id; any will do) for the settings of TOPIC and put those that are told into *ret; one that is not
 * told, by a broker that does not know the question or does not allow it or does not answer before DEADLINE
 * (clock_ms()), is left unknown.
 */
void topic_config_read(
	struct kafka_client *client, int32_t broker, const char *topic, int64_t deadline, struct topic_config *ret);

#endif
