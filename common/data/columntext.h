/*
 * Values of columns as text, in the forms that convert.h reads.
 *
 * Layer: data (uses convert, jsonout, time).  All functions write at P, without a NUL, at most COLUMNTEXT_MAX bytes,
 * and return where the text ends.
 */
#ifndef WEIR_DATA_COLUMNTEXT_H
#define WEIR_DATA_COLUMNTEXT_H

#include <stdint.h>

#include "common/data/convert.h"

#define COLUMNTEXT_MAX 80

/* The last date that was written; zeroed at first.  Consecutive times are mostly of the same day. */
struct columntext_date {
	int64_t day;
	char text[16]; /* ends with a NUL */
};

/* DAY (days since 1970-01-01) as 2026-11-22; a year of other than four digits has a sign, as in ISO 8601. */
char *columntext_date(char *p, int64_t day, struct columntext_date *cache);

/* US (microseconds since then) as 2026-11-22T10:00:00.5, with as few groups of three digits as it takes. */
char *columntext_time(char *p, int64_t us, struct columntext_date *cache);

/* V without its point, of which SCALE digits are after it: -0.05. */
char *columntext_decimal(char *p, convert_i128 v, unsigned scale);

#endif
