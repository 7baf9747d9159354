/* What the settings of a topic do not allow: see sender_refuses(). */
#include "cmd/produce/sender.h"

enum { BATCH_HEAD = 61 }; /* bytes of a batch before its first record; Kafka's format of messages, version 2 */

/* The bytes of the number N as a varint of Kafka, whose lowest bit is the sign. */
static uint64_t varint(uint64_t n)
{
	uint64_t bytes = 1;
	for (n <<= 1; n >= 0x80; n >>= 7)
		bytes++;
	return bytes;
}

static uint64_t part(uint64_t len)
{
	return varint(len) + len;
}

/* The bytes of a batch that has only R. */
static uint64_t batch_of(const struct record *r)
{
	uint64_t body = 3 + part(r->key_len) + part(r->value_len) + varint(r->header_count);
	for (size_t i = 0; i < r->header_count; i++)
		body += part(r->headers[i].name_len) + part(r->headers[i].value_len);
	return BATCH_HEAD + part(body);
}

/* Whether the topic takes a record with the time T at the time NOW. */
static bool is_in_time(const struct topic_config *c, int64_t t, int64_t now)
{
	uint64_t apart = t < now ? (uint64_t)now - (uint64_t)t : (uint64_t)t - (uint64_t)now;
	return !c->own_time || apart <= (t < now ? c->before_ms : c->after_ms);
}

const char *sender_refuses(const struct sender *s, const struct record *r, int64_t now)
{
	if (r->partition >= s->partitions)
		return "the topic has no such partition";
	if (s->config.compacted && !r->key)
		return "the topic is compacted and takes no record without a key (-k, -K)";
	if (s->config.max_bytes && !s->compresses && batch_of(r) > s->config.max_bytes)
		return "it is larger than max.message.bytes of the topic";
	if (r->timestamp && !is_in_time(&s->config, r->timestamp, now))
		return "its time is further from now than the topic allows (message.timestamp.before.max.ms, "
		       "message.timestamp.after.max.ms)";
	return NULL;
}
