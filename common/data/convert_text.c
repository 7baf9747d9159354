/* Values as text, bytes, dates and times: see convert.h. */
#include "common/data/convert.h"

#include <string.h>

#include "common/base/ascii.h"
#include "common/data/base64.h"
#include "common/data/convert_exact.h"
#include "common/data/convert_refuse.h"
#include "common/data/utf8.h"

#define MICROS INT64_C(1000000)

static bool is_text(const struct value *v)
{
	return v->type == VALUE_STRING || v->type == VALUE_TEXT;
}

int convert_string_slow(const struct value *v, const char **ret, size_t *ret_len, const char **why)
{
	if (v->type == VALUE_TEXT && !v->len && v->raw_len) { /* "" of CSV, with its quotes, is not missing */
		*ret = v->s;
		*ret_len = 0;
		return 0;
	}
	if (value_is_null(v))
		return -ENODATA;
	if (v->type == VALUE_STRING && v->lone)
		return convert_refuse(-EINVAL, why, "has one half of a surrogate pair");
	if (v->type == VALUE_TEXT && !utf8_valid(v->s, v->len))
		return convert_refuse(-EINVAL, why, "is not UTF-8");
	if (!is_text(v) && !v->raw)
		return convert_refuse(-EINVAL, why, "has no text");
	*ret = is_text(v) ? v->s : v->raw;
	*ret_len = is_text(v) ? v->len : v->raw_len;
	return 0;
}

int convert_binary(const struct value *v, char *dst, size_t *ret_len, const char **why)
{
	size_t len;

	if (value_is_null(v))
		return -ENODATA;
	if (!is_text(v) || base64_decode(dst, v->s, v->len, &len) < 0)
		return convert_refuse(-EINVAL, why, "is not base64 with padding");
	*ret_len = len;
	return 0;
}

/* N digits at S; *BAD is set when they are not digits. */
static inline unsigned take_digits(const char *s, int n, unsigned *bad)
{
	unsigned value = 0;

	for (int i = 0; i < n; i++) {
		unsigned digit = (unsigned)(s[i] - '0');
		*bad |= digit > 9;
		value = value * 10 + digit;
	}
	return value;
}

/* The ten bytes at S, 2026-11-22, as days. */
static inline bool take_date(const char *s, int64_t *ret_days)
{
	unsigned bad = s[4] != '-' || s[7] != '-';
	unsigned year = take_digits(s, 4, &bad), month = take_digits(s + 5, 2, &bad), day = take_digits(s + 8, 2, &bad);

	if (bad || !time_date_ok(year, month, day))
		return false;
	*ret_days = time_days(year, month, day);
	return true;
}

int convert_date(const struct value *v, int32_t *ret, const char **why)
{
	int64_t days;

	if (value_is_null(v))
		return -ENODATA;
	if (!is_text(v) || v->len != 10 || !take_date(v->s, &days))
		return convert_refuse(-EINVAL, why, "is not a date like 2026-11-22");
	*ret = (int32_t)days;
	return 0;
}

static int out_of_range(const char **why)
{
	return convert_refuse(-ERANGE, why, "is not within the years 1 to 9999");
}

static int64_t micros_of(const struct timespec *t)
{
	return (int64_t)t->tv_sec * MICROS + t->tv_nsec / 1000;
}

/* For a unit of 10^-n seconds: n, and the factor 10^(6 - n) that turns its numbers into microseconds. */
static const int powers[] = {[TIME_S] = 6, [TIME_MS] = 3, [TIME_US] = 0, [TIME_NS] = -3};

/* The number of UNITs that V, a number of JSON or the text of one, is. */
static int number_time(const struct value *v, enum time_unit unit, int64_t *ret, const char **why)
{
	exact_int n;

	if (unit == TIME_AUTO || (v->type != VALUE_INT && !v->s))
		return convert_refuse(-EINVAL, why, "is a number without a unit; timestamp(ms) names one");
	int r = v->type == VALUE_INT ? exact_scaled_int(v->i, EXACT_MAX_DIGITS, powers[unit], true, &n)
				     : exact_scaled(v->s, v->len, EXACT_MAX_DIGITS, powers[unit], true, &n);
	if (r < 0)
		return convert_refuse(-EINVAL, why, "is not a time");
	if (r > 0 || n < TIME_MIN_S * (exact_int)MICROS || n >= (TIME_MAX_S + 1) * (exact_int)MICROS)
		return out_of_range(why);
	*ret = (int64_t)n;
	return 0;
}

/* V is neither null nor text in the form of RFC 3339. */
static int other_time(const struct value *v, enum time_unit unit, int64_t *ret, const char **why)
{
	bool number = v->type == VALUE_INT || v->type == VALUE_DOUBLE || v->type == VALUE_NUMBER;

	if (number || (v->type == VALUE_TEXT && exact_is_number(v->s, v->len)))
		return number_time(v, unit, ret, why);
	return convert_refuse(-EINVAL, why, "is not a time like 2026-11-22T10:00:00Z");
}

static bool looks_like_rfc3339(const struct value *v)
{
	return is_text(v) && v->len >= 10 && v->s[4] == '-';
}

int convert_timestamp_slow(
	const struct value *v, enum time_unit unit, struct time_cache *cache, int64_t *ret, const char **why)
{
	struct timespec t;

	if (value_is_null(v))
		return -ENODATA;
	if (!looks_like_rfc3339(v))
		return other_time(v, unit, ret, why);
	int r = time_parse_cached(cache, v->s, v->len, &t);
	if (r == -ERANGE)
		return out_of_range(why);
	if (r < 0)
		return convert_refuse(-EINVAL, why, "is not a time like 2026-11-22T10:00:00Z");
	*ret = micros_of(&t);
	return 0;
}

int convert_timestamp_ntz(const struct value *v, enum time_unit unit, int64_t *ret, const char **why)
{
	struct timespec t;

	if (value_is_null(v))
		return -ENODATA;
	if (!looks_like_rfc3339(v))
		return other_time(v, unit, ret, why);
	int r = time_parse_wall(v->s, v->len, &t);
	if (r == -ERANGE)
		return out_of_range(why);
	if (r < 0)
		return convert_refuse(-EINVAL, why,
			time_parse_rfc3339(v->s, v->len, &t) == 0
				? "has an offset, and the column is a timestamp without time zone"
				: "is not a time like 2026-11-22T10:00:00");
	*ret = micros_of(&t);
	return 0;
}
