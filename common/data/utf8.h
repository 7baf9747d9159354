/*
 * UTF-8: validation and encoding.
 *
 * Layer: data (uses strbuf of base; no more, so that programs that never read JSON do not link simdjson).  Valid means
 * RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut off at the end; NUL is a character
 * like any other.
 */
#ifndef WEIR_DATA_UTF8_H
#define WEIR_DATA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/strbuf.h"

/* How many bytes, from S on, are whole valid characters; LEN when all are. */
size_t utf8_valid_prefix(const char *s, size_t len);

bool utf8_valid(const char *s, size_t len);

/* The length (1 to 4) of the valid character at S, of which LEN bytes (at least 1) are there; 0 when it is not valid.
 */
size_t utf8_char_len(const char *s, size_t len);

/* Append the LEN bytes at S, and those that do not belong to a valid character as \xNN: the result is valid. */
void utf8_add_valid(struct strbuf *out, const char *s, size_t len);

/* The code of the valid character of LEN bytes at S. */
uint32_t utf8_code(const char *s, size_t len);

/* Write CODE (a scalar value: below 0x110000, no surrogate) to the 4 bytes at P; returns where it ends. */
char *utf8_put(char *p, uint32_t code);

#endif
