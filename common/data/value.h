/*
 * A value of a record, whatever format the record has.
 *
 * Layer: data (uses time, json).
 */
#ifndef WEIR_DATA_VALUE_H
#define WEIR_DATA_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "common/base/diag.h"
#include "common/data/time.h"

enum value_type {
	VALUE_MISSING, /* nothing is at the path, or it passes through something that is not an object (array) */
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,    /* no fraction, no exponent, within int64 */
	VALUE_DOUBLE, /* a fraction or an exponent, within double; correctly rounded */
	VALUE_NUMBER, /* a number that fits neither; only its text is exact */
	VALUE_STRING,
	VALUE_ARRAY,
	VALUE_OBJECT,
	VALUE_TEXT,     /* a field of TSV or CSV: text, or a number where a number is wanted */
	VALUE_TIME,     /* made by expressions only: microseconds since the epoch, 0001 to 9999 */
	VALUE_DURATION, /* the same; microseconds */
};

/* All pointers are slices of the record or of its reader; the reader says how long they are valid. */
struct value {
	enum value_type type;
	bool lone;       /* VALUE_STRING: half of a surrogate pair was replaced */
	const char *raw; /* the value as it is written in the record, with quotes; NULL when missing */
	size_t raw_len;
	const char *s; /* VALUE_STRING: the text, without escapes; others: as raw */
	size_t len;
	union {
		bool b;    /* VALUE_BOOL */
		int64_t i; /* VALUE_INT, VALUE_TIME, VALUE_DURATION */
		double d;  /* VALUE_DOUBLE */
	};
};

/* Whether V is null, missing or an empty field. */
static inline bool value_is_null(const struct value *v)
{
	return v->type <= VALUE_NULL || (v->type == VALUE_TEXT && !v->len);
}

/* NUMBER, a VALUE_INT or VALUE_DOUBLE from value_number(), as a double. */
static inline double value_double(const struct value *number)
{
	return number->type == VALUE_INT ? (double)number->i : number->d;
}

/*
 * The time that V represents: RFC 3339 or an epoch number of any unit (time.h), as a number or as text.
 *
 * CACHE belongs to the field that V is of, or is NULL (time.h).  Returns 0, or -EINVAL or -ERANGE like time_parse();
 * *ret is untouched then.
 */
int value_time_uncached(const struct value *v, struct time_cache *cache, struct timespec *ret) MUST_CHECK;

MUST_CHECK static inline int value_time(const struct value *v, struct time_cache *cache, struct timespec *ret)
{
	bool text = v->type == VALUE_STRING || v->type == VALUE_TEXT;

	if (text && cache && time_is_cached(cache, v->s, v->len, ret))
		return 0;
	return value_time_uncached(v, cache, ret);
}

/*
 * The number that V represents: a JSON number, or a field of TSV or CSV that contains one as text.
 *
 * Returns 0 and makes *ret a VALUE_INT or a finite VALUE_DOUBLE (rounded when V fits neither); -ENODATA: V is null,
 * missing or an empty field; -EINVAL: it is something else, or larger than a double can be.  *ret is untouched then.
 */
int value_number(const struct value *v, struct value *ret) MUST_CHECK;

/*
 * If the LEN bytes at S (at least one) are a number of JSON, set *ret to the value that a reader of records would give
 * it: a VALUE_INT, VALUE_DOUBLE or VALUE_NUMBER.  False: they are not, and *ret is untouched.
 */
bool value_of_text(const char *s, size_t len, struct value *ret) MUST_CHECK;

/* Whether the LEN bytes at S (at least one) are a number of JSON, true or false. */
bool value_is_literal(const char *s, size_t len);

#endif
