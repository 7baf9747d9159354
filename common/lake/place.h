/*
 * TOPIC:PARTITION=OFFSET: how a user writes an offset of a partition.
 *
 * Layer: lake (uses base).
 */
#ifndef WEIR_LAKE_PLACE_H
#define WEIR_LAKE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/strbuf.h"

struct place {
	char *topic; /* owned: place_release() */
	int32_t partition;
	int64_t offset;
};

/*
 * Parse S.  Returns 0, or -EINVAL with a predicate ("is not …") in ERR; *ret is untouched then.  A topic has the bytes
 * that Kafka allows, 1 to 249 of them; the partition is at most INT32_MAX, the offset below INT64_MAX.
 */
int place_parse(const char *s, struct place *ret, struct strbuf *err) MUST_CHECK;
void place_release(struct place *place);

#endif
