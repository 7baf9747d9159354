/* Records as JSON: see envelope.h. */
#include "common/kafka/envelope.h"

#include "common/data/jsonout.h"
#include "common/kafka/part.h"

void envelope_prefix(struct strbuf *out, const char *topic, int32_t partition)
{
	part_prefix(out, "", topic, partition);
}

size_t envelope_size(size_t prefix_len, const struct record *r)
{
	return prefix_len + part_record_size(r);
}

static char *put_timestamp(char *p, const struct record *r)
{
	if (r->timestamp_type == RECORD_TIME_NONE)
		return JSONOUT_LITERAL(p, ",\"timestamp\":null,\"timestamp_type\":null");
	p = JSONOUT_LITERAL(p, ",\"timestamp\":");
	p = jsonout_int(p, r->timestamp);
	if (r->timestamp_type == RECORD_TIME_CREATE)
		return JSONOUT_LITERAL(p, ",\"timestamp_type\":\"create\"");
	return JSONOUT_LITERAL(p, ",\"timestamp_type\":\"append\"");
}

static char *put_headers(char *p, const struct record *r)
{
	p = JSONOUT_LITERAL(p, ",\"headers\":[");
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
	p = jsonout_raw(p, prefix, prefix_len);
	p = jsonout_int(p, r->offset);
	p = put_timestamp(p, r);
	p = JSONOUT_LITERAL(p, ",\"key\":");
	p = part_put(p, r->key, r->key_len, r->key_form);
	p = put_headers(p, r);
	p = JSONOUT_LITERAL(p, ",\"value\":");
	p = part_put(p, r->value, r->value_len, r->value_form);
	*p++ = '}';
	return p;
}
