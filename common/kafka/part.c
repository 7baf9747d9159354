/* Parts of records as JSON: see part.h. */
#include "common/kafka/part.h"

#include <string.h>

#include "common/data/base64.h"
#include "common/data/json.h"
#include "common/data/jsonout.h"

/* Above this length it is worth another pass over the bytes to find the exact size. */
#define LARGE (64u << 10)

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
