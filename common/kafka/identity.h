/*
 * Identifies a record, so that another one at the same offset, after its topic was recreated, is recognised.
 *
 * Layer: kafka (zlib's crc32).
 */
#ifndef WEIR_KAFKA_IDENTITY_H
#define WEIR_KAFKA_IDENTITY_H

#include <stdint.h>

#include <librdkafka/rdkafka.h>

/* The CRC-32 of the key of M followed by its value. */
uint32_t message_crc(const rd_kafka_message_t *m);

/* The timestamp of M, in ms since the epoch; -1: it has none. */
int64_t message_ms(const rd_kafka_message_t *m);

#endif
