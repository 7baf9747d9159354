/* Parts of records as JSON: see part.h. */
#include "common/kafka/part.h"

#include <string.h>

#include "common/data/base64.h"
#include "common/data/json.h"
#include "common/data/jsonout.h"

/* Above this length, finding the exact size is worth another pass over the bytes. */
#define LARGE (64u << 10)

/* Numbers, a time, the names of all members but those of headers, punctuation. */
#define FIXED_SIZE 192
/* {"name":,"value":} and a comma */
#define HEADER_SIZE 24

size_t part_size(const char *s, size_t len, enum record_form form)
{
	if (form == RECORD_JSON || form == RECORD_COPY)
		return len + JSON_COMPACT_ROOM;
	if (form == RECORD_BASE64)
		return BASE64_SIZE(len) + 4;
	return len > LARGE ? jsonout_bytes_size(s, len) : JSONOUT_MAX(len);
}

char *part_put(char *p, const char *s, size_t len, enum record_form form)
{
	if (!s || form == RECORD_TEXT)
		return jsonout_bytes(p, s, len);
	if (form == RECORD_JSON)
		return p + json_compact(s, len, p);
	if (form == RECORD_COPY) {
		memcpy(p, s, len);
		return p + len;
	}
	*p++ = '"';
	p += base64_encode(p, s, len);
	*p++ = '"';
	return p;
}

void part_prefix(struct strbuf *out, const char *mark, const char *topic, int32_t partition)
{
	size_t len = strlen(topic);
	strbuf_addf(out, "{\"%stopic\":", mark);
	char *p = strbuf_grow(out, JSONOUT_MAX(len));
	strbuf_extend(out, (size_t)(jsonout_bytes(p, topic, len) - p));
	strbuf_addf(out, ",\"%spartition\":%d,\"%soffset\":", mark, (int)partition, mark);
}

size_t part_record_size(const struct record *r)
{
	size_t size = FIXED_SIZE + part_size(r->key, r->key_len, r->key_form) +
		      part_size(r->value, r->value_len, r->value_form);
	for (size_t i = 0; i < r->header_count; i++) {
		const struct record_header *h = &r->headers[i];
		size += HEADER_SIZE + part_size(h->name, h->name_len, RECORD_TEXT) +
			part_size(h->value, h->value_len, RECORD_TEXT);
	}
	return size;
}
