/*
 * Numbers in decimal notation, exactly.
 *
 * Layer: data (uses base).  Private to convert*.c.
 */
#ifndef WEIR_DATA_CONVERT_EXACT_H
#define WEIR_DATA_CONVERT_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

__extension__ typedef __int128 exact_int;

#define EXACT_MAX_DIGITS 38

/* What is wrong with a number. */
enum exact_fault {
	EXACT_FRACTION = 1, /* it has more digits after the point */
	EXACT_LARGE,        /* it has more digits before the point */
};

/*
 * Set *ret to the number in the LEN bytes at S, times 10^SCALE (SCALE may be negative).  The result must be a whole
 * number of at most DIGITS (1 to EXACT_MAX_DIGITS) digits; with DROP it is rounded down to one, towards minus infinity.
 *
 * S has digits, perhaps with a point before, among or after them, and perhaps a sign and an exponent.  Returns 0, an
 * enum exact_fault, or -EINVAL when S is something else; *ret is untouched then.
 */
int exact_scaled(const char *s, size_t len, unsigned digits, int scale, bool drop, exact_int *ret) MUST_CHECK;

/* The same for N; SCALE is at most DIGITS. */
int exact_scaled_int(int64_t n, unsigned digits, int scale, bool drop, exact_int *ret) MUST_CHECK;

/* Whether S is such a number. */
bool exact_is_number(const char *s, size_t len);

#endif
