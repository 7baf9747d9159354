/* Records as JSON: see envelope.h. */
#include "common/kafka/envelope.h"

#include <string.h>

#include "common/data/jsonout.h"
#include "common/kafka/part.h"

/* Two numbers, the names of all members, punctuation. */
#define FIXED_SIZE 192

void envelope_prefix(struct strbuf *out, const char *topic, int32_t partition)
{
	size_t len = strlen(topic);
	strbuf_addstr(out, "{\"topic\":");
	char *p = strbuf_grow(out, JSONOUT_MAX(len));
	char *end = jsonout_bytes(p, topic, len);
	out->len += (size_t)(end - p);
	out->s[out->len] = '\0';
	strbuf_addf(out, ",\"partition\":%d,\"offset\":", (int)partition);
}

size_t envelope_size(size_t prefix_len, const struct record *r)
{
	size_t size = prefix_len + FIXED_SIZE + part_size(r->key, r->key_len, r->key_form) +
		      part_size(r->value, r->value_len, r->value_form);
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		size += 4 + part_size(h->name, h->name_len, RECORD_TEXT) +
			part_size(h->value, h->value_len, RECORD_TEXT);
	}
	return size;
}

static inline char *put(char *p, const char *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}
#define PUT(p, literal) put(p, literal, sizeof(literal) - 1)

static char *put_timestamp(char *p, const struct record *r)
{
	if (r->timestamp_type == RECORD_TIME_NONE)
		return PUT(p, ",\"timestamp\":null,\"timestamp_type\":null");
	p = PUT(p, ",\"timestamp\":");
	p = jsonout_int(p, r->timestamp);
	if (r->timestamp_type == RECORD_TIME_CREATE)
		return PUT(p, ",\"timestamp_type\":\"create\"");
	return PUT(p, ",\"timestamp_type\":\"append\"");
}

static char *put_headers(char *p, const struct record *r)
{
	p = PUT(p, ",\"headers\":[");
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		if (i)
			*p++ = ',';
		*p++ = '[';
		p = jsonout_bytes(p, h->name, h->name_len);
		*p++ = ',';
		p = jsonout_bytes(p, h->value, h->value_len);
		*p++ = ']';
	}
	*p++ = ']';
	return p;
}

char *envelope_write(char *p, const char *prefix, size_t prefix_len, const struct record *r)
{
	p = put(p, prefix, prefix_len);
	p = jsonout_int(p, r->offset);
	p = put_timestamp(p, r);
	p = PUT(p, ",\"key\":");
	p = part_put(p, r->key, r->key_len, r->key_form);
	p = put_headers(p, r);
	p = PUT(p, ",\"value\":");
	p = part_put(p, r->value, r->value_len, r->value_form);
	*p++ = '}';
	return p;
}
