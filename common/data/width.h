/*
 * How many columns of a terminal a string takes: two for an ideograph, none for an accent that combines.
 *
 * Layer: data (libc, whose wcwidth(3) knows the characters; its locale C.UTF-8 needs no files).
 */
#ifndef WEIR_DATA_WIDTH_H
#define WEIR_DATA_WIDTH_H

#include <locale.h>
#include <stddef.h>

/* What width_of() needs; freed by width_end().  (locale_t)0 when there is none: each character takes a column then. */
locale_t width_begin(void);
void width_end(locale_t utf8);

/* The columns of the LEN bytes at S, valid UTF-8 without control characters. */
size_t width_of(locale_t utf8, const char *s, size_t len);

#endif
