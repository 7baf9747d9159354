/* Identity of records: see identity.h. */
#include "common/kafka/identity.h"

#include <zlib.h>

uint32_t message_crc(const rd_kafka_message_t *m)
{
	uLong crc = m->key ? crc32_z(0, m->key, m->key_len) : 0;
	return (uint32_t)(m->payload ? crc32_z(crc, m->payload, m->len) : crc);
}

int64_t message_ms(const rd_kafka_message_t *m)
{
	rd_kafka_timestamp_type_t type;
	return rd_kafka_message_timestamp(m, &type);
}
