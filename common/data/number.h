/*
 * Numbers of records, exactly: which ones are equal, and their order.
 *
 * Layer: data (uses value, jsonout, base).  A number is what its text says: 1, 1.0 and 1e0 are one number, and so are
 * 1e19 and 10000000000000000000, while 9007199254740993.0 is one more than 9007199254740992.  There is one exception: a
 * number with a fraction or an exponent that is below 2^53 in magnitude is the nearest double, as in other programs.  A
 * double without text (an expression has made it) is exactly what it is.
 *
 * All values here are VALUE_INT, VALUE_DOUBLE (finite) or VALUE_NUMBER.
 */
#ifndef WEIR_DATA_NUMBER_H
#define WEIR_DATA_NUMBER_H

#include "common/base/strbuf.h"
#include "common/data/value.h"

/* Less than, equal to or greater than 0, as A is less than, equal to or greater than B. */
int number_compare(const struct value *a, const struct value *b);

/*
 * A form of V that is the same for all equal numbers.  It is a VALUE_INT; a VALUE_DOUBLE without text, below 2^53 in
 * magnitude and not whole; or a VALUE_NUMBER whose text is in TEXT, which is emptied before.  That text is a number of
 * JSON: all digits when at most 20 zeros have to be added for that, else one digit before the point and an exponent
 * (1.5e+300).
 */
void number_canonical(const struct value *v, struct value *ret, struct strbuf *text);

/* V as a double, rounded; infinite when it is too large. */
double number_double(const struct value *v);

/* Whether V is a whole number beyond int64 that is written with all its digits. */
bool number_is_long(const struct value *v);

#endif
