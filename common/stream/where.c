/* Places in a partition: see where.h. */
#include "common/stream/where.h"

int64_t where_offset(const struct where *w, int64_t lo, int64_t hi)
{
	switch (w->kind) {
	case WHERE_START:
		return lo;
	case WHERE_OFFSET:
		return w->n;
	case WHERE_AFTER:
		return w->n > INT64_MAX - lo ? INT64_MAX : lo + w->n;
	case WHERE_BEFORE:
		return hi - lo < w->n ? lo : hi - w->n;
	default:
		return hi;
	}
}
