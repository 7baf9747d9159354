/*
 * Keys of groups: one or more values of a record as canonical bytes, which are equal for values that count as equal.
 *
 * Layer: data (uses base, value, number).  null and missing are the same; numbers that are equal (number.h) are one
 * key, however they are written and however large they are: 1, 1.0 and 1e0, 0 and -0.0, 1e19 and 10000000000000000000;
 * strings of JSON and fields of TSV and CSV are compared by bytes, after escapes are resolved ("x" equals "\u0078"), so
 * that "1" and 1 differ, and so do the TSV fields 1 and 1.0; arrays and objects are compared by their text in the
 * record.  The bytes do not depend on the machine: keys can be stored, and can be compared instead of the values.
 */
#ifndef WEIR_DATA_KEYS_H
#define WEIR_DATA_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"
#include "common/data/value.h"

/* Append V to a key. */
void key_add(struct strbuf *key, const struct value *v);

/*
 * V's key in two words, padded with zeros, lowest byte first, if it has at most 16 bytes and can be made without a
 * buffer.  Returns its length; or 0, and key_add must be called.
 */
size_t key_words(const struct value *v, uint64_t ret[2]);

/*
 * Read the next value from the key of *LEN bytes at *S, and move on.  Its texts are slices of the key; a number is in
 * the form of number_canonical().
 *
 * Returns 1, 0 at the end, or -EBADMSG when these bytes are not a key.
 */
int key_next(const char **s, size_t *len, struct value *ret) MUST_CHECK;

/*
 * The order of keys in output: value by value; null, false, true, numbers by size, strings by bytes, arrays and objects
 * by bytes; the shorter one first when it is the beginning of the other.  Less than, equal to or greater than 0.
 */
int key_compare(const char *a, size_t a_len, const char *b, size_t b_len);

/* The same of two values, as key_next gives them. */
int key_value_compare(const struct value *a, const struct value *b);

/*
 * A number for sorting keys: if the numbers of two keys differ, the key with the lower number comes first by
 * key_compare.
 */
uint64_t key_prefix(const char *s, size_t len);

#endif
