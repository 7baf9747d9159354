/* Places in topics: see place.h. */
#include "common/lake/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/base/num.h"

#define TOPIC_MAX 249

static bool is_topic(const char *s, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	return len > 0 && len <= TOPIC_MAX && strspn(s, allowed) >= len;
}

int place_parse(const char *s, struct place *ret, struct strbuf *err)
{
	const char *colon = strchr(s, ':'), *eq = colon ? strchr(colon, '=') : NULL;
	uint64_t partition = 0, offset = 0;
	int r = -EINVAL;
	if (eq && is_topic(s, (size_t)(colon - s))) {
		char *number = xstrndup(colon + 1, (size_t)(eq - colon - 1));
		r = num_u64(number, &partition);
		free(number);
	}
	if (r < 0 || num_u64(eq + 1, &offset) < 0 || partition > INT32_MAX || offset >= INT64_MAX) {
		strbuf_addstr(err, "is not TOPIC:PARTITION=OFFSET");
		return -EINVAL;
	}
	*ret = (struct place){xstrndup(s, (size_t)(colon - s)), (int32_t)partition, (int64_t)offset};
	return 0;
}

void place_release(struct place *place)
{
	free(place->topic);
	place->topic = NULL;
}
