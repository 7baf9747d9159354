/*
 * How many columns of a terminal a string takes: an ideograph takes two, a combining accent none.
 *
 * Layer: data (libc, whose wcwidth(3) knows the characters; its locale C.UTF-8 needs no files).
 */
#ifndef WEIR_DATA_WIDTH_H
#define WEIR_DATA_WIDTH_H

#include <locale.h>
#include <stddef.h>

/*
 * The locale that width_of() needs; freed by width_end().  (locale_t)0 when there is none; then each character counts
 * as one column.
 */
locale_t width_begin(void);
void width_end(locale_t utf8);

/* The columns of the LEN bytes at S, valid UTF-8 without control characters. */
size_t width_of(locale_t utf8, const char *s, size_t len);

#endif
