/*
 * The rule of a time zone after its last change, as POSIX writes it in TZ: CET-1CEST,M3.5.0,M10.5.0/3.
 *
 * Layer: data (uses time).  RFC 8536, section 3.3.1, allows hours from -167 to 167.
 */
#ifndef WEIR_DATA_ZONE_RULE_H
#define WEIR_DATA_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/diag.h"

#define ZONE_NAME_SIZE 12

struct zone_kind {
	int64_t offset; /* seconds ahead of UTC */
	char name[ZONE_NAME_SIZE];
};

struct zone_day {
	char kind; /* 'M': month, week and day; 'J': day 1 to 365 without 29 February; '0': day 0 to 365 */
	int month, week, day;
	int64_t second; /* of that day, as clocks show it before the change */
};

struct zone_rule {
	struct zone_kind usual, summer;
	bool changes;
	struct zone_day begin, end; /* of summer time */
};

/* Read the whole string S.  0 or -EINVAL. */
int zone_rule_read(struct zone_rule *rule, const char *s) MUST_CHECK;

/* What holds at S (seconds since 1970). */
const struct zone_kind *zone_rule_at(const struct zone_rule *rule, int64_t s);

#endif
