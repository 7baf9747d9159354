/*
 * Values of records as booleans and numbers.  Results and errors are those of convert.h, which includes this.
 */
#ifndef WEIR_DATA_CONVERT_NUMBER_H
#define WEIR_DATA_CONVERT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/data/value.h"

/* A decimal without its point: 12.30 of scale 2 is 1230.  Within ±(10^38 - 1). */
__extension__ typedef __int128 convert_i128;

/* What convert_bool(), convert_int64() and convert_double() do with values that are not of that type already. */
int convert_bool_slow(const struct value *v, bool *ret, const char **why) MUST_CHECK;
int convert_int64_slow(const struct value *v, int64_t *ret, const char **why) MUST_CHECK;
int convert_double_slow(const struct value *v, double *ret, const char **why) MUST_CHECK;

/* The float nearest to a number. */
int convert_float(const struct value *v, float *ret, const char **why) MUST_CHECK;

/* A number of at most PRECISION digits, SCALE of them after the point, not counting zeros at its ends. */
int convert_decimal(
	const struct value *v, unsigned precision, unsigned scale, convert_i128 *ret, const char **why) MUST_CHECK;

#endif
