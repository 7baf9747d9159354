/*
 * How a partition is made from a column: Iceberg's transforms.
 *
 * Layer: data (uses base, schema, value, convert, time).  Follows Iceberg's table specification, "Partition Transforms"
 * and "Appendix B: 32-bit Hash Requirements".  Times are taken in UTC.  All of them leave null unchanged.
 *
 *     identity         bool, int, bigint, decimal, string, date, timestamp, timestamp_ntz    the same type
 *     year             date, timestamp, timestamp_ntz                                        int, 2026
 *     month            the same                                                              string, 2026-11
 *     day              the same                                                              date
 *     hour             timestamp, timestamp_ntz                                              string, 2026-11-22-10
 *     bucket(N, C)     int, bigint, decimal, string, binary, date, timestamp, timestamp_ntz  int, 0 to N - 1
 *     truncate(N, C)   int, bigint, decimal: the multiple of N (of the last digit) below     the same type
 *                      string: its first N characters
 */
#ifndef WEIR_DATA_TRANSFORM_H
#define WEIR_DATA_TRANSFORM_H

#include "common/base/strbuf.h"
#include "common/data/schema.h"
#include "common/data/time.h"
#include "common/data/value.h"

enum transform_kind {
	TRANSFORM_IDENTITY,
	TRANSFORM_YEAR,
	TRANSFORM_MONTH,
	TRANSFORM_DAY,
	TRANSFORM_HOUR,
	TRANSFORM_BUCKET,
	TRANSFORM_TRUNCATE,
};
#define TRANSFORMS 7

struct transform {
	enum transform_kind kind;
	uint32_t n; /* of bucket and truncate, at least 1 */
};

/* Its name, and whether it takes a number. */
const char *transform_name(enum transform_kind kind);
bool transform_has_number(enum transform_kind kind);

/*
 * The type of what T makes of the column SOURCE: the type of *RET is set, and nothing else.  -EINVAL with the reason in
 * ERR, in words that follow the column: "is binary, of which …".
 */
int transform_type(const struct transform *t, const struct schema_field *source, struct schema_field *ret,
	struct strbuf *err) MUST_CHECK;

/*
 * Append to RET what T makes of V, a value of the column SOURCE, as logs and directories have it: true, -12, 12.50,
 * 2026-11-22, 2026-11-22T10:00:00.5Z, without time zone 2026-11-22 10:00:00.5.  CACHE is the column's, or NULL.
 *
 * 0; -ENODATA: it is null, as an empty string is.  -EINVAL or -ERANGE: V is not a value of SOURCE, or has no such text;
 * *WHY says so in words that follow the value.
 */
int transform_value(const struct transform *t, const struct schema_field *source, const struct value *v,
	struct time_cache *cache, struct strbuf *ret, const char **why) MUST_CHECK;

#endif
