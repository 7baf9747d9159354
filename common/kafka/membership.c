/* The membership of a group as text: see membership.h. */
#include "common/kafka/membership.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/data/base64.h"

/* How librdkafka, 1.9 to 2.11 at least, begins its form; the generation follows, a number of 32 bits. */
static const char magic[] = "CGMDv2:";

bool membership_has_generation(const char *data, size_t size)
{
	int32_t generation;
	const size_t at = sizeof magic - 1;
	if (size < at + sizeof generation || memcmp(data, magic, at) != 0)
		return true;
	memcpy(&generation, data + at, sizeof generation);
	return generation >= 0;
}

/* Append M, and destroy it. */
static int add(struct strbuf *out, rd_kafka_consumer_group_metadata_t *m, bool fixed)
{
	void *data = NULL;
	size_t size = 0;
	rd_kafka_error_t *error = m ? rd_kafka_consumer_group_metadata_write(m, &data, &size) : NULL;
	int r = !m || error ? -EINVAL : !fixed && !membership_has_generation(data, size) ? -EAGAIN : 0;
	if (r == 0)
		strbuf_extend(out, base64_encode(strbuf_grow(out, BASE64_SIZE(size)), data, size));
	rd_kafka_error_destroy(error);
	rd_kafka_consumer_group_metadata_destroy(m);
	free(data);
	return r;
}

int membership_add(struct strbuf *out, rd_kafka_t *consumer)
{
	char *id = rd_kafka_memberid(consumer);
	bool member = id && *id;
	if (id)
		rd_kafka_mem_free(consumer, id);
	return member ? add(out, rd_kafka_consumer_group_metadata(consumer), false) : -EAGAIN;
}

int membership_add_fixed(struct strbuf *out, const char *group)
{
	return add(out, rd_kafka_consumer_group_metadata_new(group), true);
}

int membership_read(const char *s, size_t len, rd_kafka_consumer_group_metadata_t **ret)
{
	char *data = xmalloc(len + 1);
	size_t size;
	int r = base64_decode(data, s, len, &size) < 0 ? -EBADMSG : 0;
	rd_kafka_error_t *error = r == 0 ? rd_kafka_consumer_group_metadata_read(ret, data, size) : NULL;
	if (error)
		r = -EBADMSG;
	rd_kafka_error_destroy(error);
	free(data);
	return r;
}
