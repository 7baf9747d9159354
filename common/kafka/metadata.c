/* Records as objects with Kafka's metadata: see metadata.h. */
#include "common/kafka/metadata.h"

#include "common/data/jsonout.h"
#include "common/data/time.h"
#include "common/data/utf8.h"
#include "common/kafka/part.h"

const char *const metadata_names[METADATA_NAMES] = {
	"_topic", "_partition", "_offset", "_timestamp", "_key", "_headers"};

const char *metadata_refuses(const struct record *r)
{
	if (r->key && r->key_form == RECORD_TEXT && !utf8_valid(r->key, r->key_len))
		return "the key is not UTF-8, so it cannot be a string (--key base64)";
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		if (!utf8_valid(h->name, h->name_len) || (h->value && !utf8_valid(h->value, h->value_len)))
			return "a header is not UTF-8, so it cannot be a string (--value json without --envelope)";
	}
	return NULL;
}

void metadata_prefix(struct strbuf *out, const char *topic, int32_t partition)
{
	part_prefix(out, "_", topic, partition);
}

size_t metadata_size(size_t prefix_len, const struct record *r)
{
	return prefix_len + part_record_size(r);
}

/* In the format of RFC 3339, which programs recognise as a time. */
static char *put_timestamp(char *p, const struct record *r)
{
	struct timespec t;
	char text[TIME_RFC3339_SIZE];
	if (r->timestamp_type == RECORD_TIME_NONE || time_from_epoch(r->timestamp, TIME_MS, &t) < 0)
		return JSONOUT_LITERAL(p, "null");
	size_t len = time_write_rfc3339(&t, text);
	*p++ = '"';
	p = jsonout_raw(p, text, len);
	*p++ = '"';
	return p;
}

static char *put_headers(char *p, const struct record *r)
{
	*p++ = '[';
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		if (i)
			*p++ = ',';
		p = JSONOUT_LITERAL(p, "{\"name\":");
		p = part_put(p, h->name, h->name_len, RECORD_TEXT);
		p = JSONOUT_LITERAL(p, ",\"value\":");
		p = part_put(p, h->value, h->value_len, RECORD_TEXT);
		*p++ = '}';
	}
	*p++ = ']';
	return p;
}

char *metadata_write(char *p, const char *prefix, size_t prefix_len, const struct record *r)
{
	p = jsonout_raw(p, prefix, prefix_len);
	p = jsonout_int(p, r->offset);
	p = JSONOUT_LITERAL(p, ",\"_timestamp\":");
	p = put_timestamp(p, r);
	p = JSONOUT_LITERAL(p, ",\"_key\":");
	p = part_put(p, r->key, r->key_len, r->key_form);
	p = JSONOUT_LITERAL(p, ",\"_headers\":");
	p = put_headers(p, r);
	if (r->value) {
		/* The object's '{' is replaced by the comma; of an empty object only the '}' remains. */
		char *end = part_put(p, r->value, r->value_len, r->value_form);
		if (end - p > 2) {
			*p = ',';
			return end;
		}
	}
	*p++ = '}';
	return p;
}
