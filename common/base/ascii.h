/*
 * Classes of bytes, and hexadecimal digits; nothing depends on the locale.
 *
 * Layer: base (libc only).
 */
#ifndef WEIR_BASE_ASCII_H
#define WEIR_BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The white space of JSON. */
static inline bool ascii_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The value of the hexadecimal digit C, of either case; -1 if it is not a digit. */
static inline int ascii_hex_value(char c)
{
	char lower = (char)(c | 0x20);

	if (ascii_is_digit(c))
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Write the LEN bytes at DATA to P as 2 * LEN hexadecimal digits without a NUL; returns a pointer past the last one. */
static inline char *ascii_put_hex(char *p, const void *data, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++) {
		*p++ = hex[bytes[i] >> 4];
		*p++ = hex[bytes[i] & 15];
	}
	return p;
}

#endif
