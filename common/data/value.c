/* Values: the times that they represent. */
#include "common/data/value.h"

#include <errno.h>

#include "common/data/time.h"

int value_time_uncached(const struct value *v, struct time_cache *cache, struct timespec *ret)
{
	switch (v->type) {
	case VALUE_INT:
		return time_from_epoch(v->i, TIME_AUTO, ret);
	case VALUE_DOUBLE: /* the text is exact; only a text with an exponent, which is rare, cannot be used */
		if (v->raw && time_parse_epoch(v->raw, v->raw_len, TIME_AUTO, ret) == 0)
			return 0;
		return time_from_double(v->d, TIME_AUTO, ret);
	case VALUE_STRING:
	case VALUE_TEXT:
		return time_parse_cached(cache, v->s, v->len, ret);
	default:
		return -EINVAL;
	}
}
