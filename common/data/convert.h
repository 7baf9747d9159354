/*
 * Values of records as values of columns, exactly or not at all.
 *
 * Layer: data (uses value, time, number, base64).  Each function converts a value of JSON, TSV or CSV to one type,
 * stores the result and returns 0; -ENODATA: it is null, missing, or an empty field; -EINVAL or -ERANGE: it is not such
 * a value, or it is too large, and *why has a text that can follow the value in a message: "is not a whole number".
 * Outputs are untouched when the result is not 0; *why, which is static, is set with -EINVAL and -ERANGE only.  Memory
 * is allocated only for numbers beyond the range of double. weir-schema(7) has the table of all conversions.
 */
#ifndef WEIR_DATA_CONVERT_H
#define WEIR_DATA_CONVERT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/data/convert_number.h"
#include "common/data/schema.h"
#include "common/data/time.h"
#include "common/data/value.h"

/* true and false; as text, ignoring case, also t, f, 1 and 0. */
MUST_CHECK static inline int convert_bool(const struct value *v, bool *ret, const char **why)
{
	if (v->type != VALUE_BOOL)
		return convert_bool_slow(v, ret, why);
	*ret = v->b;
	return 0;
}

/* A whole number, however it is written: 1, 1.0, 1e0. */
MUST_CHECK static inline int convert_int64(const struct value *v, int64_t *ret, const char **why)
{
	if (v->type != VALUE_INT)
		return convert_int64_slow(v, ret, why);
	*ret = v->i;
	return 0;
}

/* The same within BITS, 8 or 16, or 0 for all 32 of an int. */
MUST_CHECK static inline int convert_int32(const struct value *v, unsigned bits, int32_t *ret, const char **why)
{
	int64_t n;
	int r = convert_int64(v, &n, why);

	if (r < 0)
		return r;
	const int64_t limit = INT64_C(1) << ((bits ? bits : 32) - 1);
	if (n < -limit || n >= limit) {
		*why = bits == 8    ? "does not fit into tinyint"
		       : bits == 16 ? "does not fit into smallint"
				    : "does not fit into int";
		return -ERANGE;
	}
	*ret = (int32_t)n;
	return 0;
}

/* The double nearest to a number; the texts NaN, Infinity and -Infinity. */
MUST_CHECK static inline int convert_double(const struct value *v, double *ret, const char **why)
{
	if (v->type != VALUE_DOUBLE)
		return convert_double_slow(v, ret, why);
	*ret = v->d;
	return 0;
}

/*
 * The text of a string or a field; the JSON of any other value, as it is written.  *ret points into the record or its
 * reader.
 */
int convert_string_slow(const struct value *v, const char **ret, size_t *ret_len, const char **why) MUST_CHECK;

MUST_CHECK static inline int convert_string(const struct value *v, const char **ret, size_t *ret_len, const char **why)
{
	if (v->type != VALUE_STRING || v->lone)
		return convert_string_slow(v, ret, ret_len, why);
	*ret = v->s;
	*ret_len = v->len;
	return 0;
}

/* The bytes of a string in base64, to DST, which has room for v->len / 4 * 3 of them. */
int convert_binary(const struct value *v, char *dst, size_t *ret_len, const char **why) MUST_CHECK;

/* The text of a date, 2026-11-22, as days since 1970-01-01. */
int convert_date(const struct value *v, int32_t *ret, const char **why) MUST_CHECK;

/*
 * A string as in RFC 3339 (time.h says which forms are read, and that one without an offset is in UTC or --tz), or a
 * number of UNITs since the epoch, when it is not TIME_AUTO; as microseconds.  Digits below a microsecond are dropped.
 * CACHE belongs to the column, or is NULL.
 */
int convert_timestamp_slow(const struct value *v, enum time_unit unit, struct time_cache *cache, int64_t *ret,
	const char **why) MUST_CHECK;

MUST_CHECK static inline int convert_timestamp(
	const struct value *v, enum time_unit unit, struct time_cache *cache, int64_t *ret, const char **why)
{
	struct timespec t;

	if ((v->type != VALUE_STRING && v->type != VALUE_TEXT) || !cache || !time_is_cached(cache, v->s, v->len, &t))
		return convert_timestamp_slow(v, unit, cache, ret, why);
	*ret = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
	return 0;
}

/* The same for a string without an offset: the result is what the clock shows, in no particular zone. */
int convert_timestamp_ntz(const struct value *v, enum time_unit unit, int64_t *ret, const char **why) MUST_CHECK;

#endif
