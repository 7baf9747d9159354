/*
 * Writing JSON into a caller's buffer: strings, bytes and whole numbers.
 *
 * Layer: data (uses utf8, base64, shortest).  All functions write at P, without a NUL, and return where the text ends;
 * the caller must have room for the sizes given here.
 */
#ifndef WEIR_DATA_JSONOUT_H
#define WEIR_DATA_JSONOUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* This many bytes suffice for any LEN bytes in jsonout_string and jsonout_bytes, even if each becomes \u00XX. */
#define JSONOUT_MAX(len) ((len)*6 + 16)
#define JSONOUT_INT_MAX  20

/* The LEN bytes at S as they are. */
static inline char *jsonout_raw(char *p, const char *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}

/* A string literal as it is. */
#define JSONOUT_LITERAL(p, literal) jsonout_raw(p, literal, sizeof(literal) - 1)

/*
 * The LEN bytes at S as a string in quotes; `"`, `\` and control characters are escaped, everything else stays as it
 * is, so the result is UTF-8 if and only if S is.
 */
char *jsonout_string(char *p, const char *s, size_t len);

/* Arbitrary bytes, as consume writes them: null when S is NULL, a string when they are UTF-8, else {"base64":"…"}. */
char *jsonout_bytes(char *p, const char *s, size_t len);

/* The exact size that jsonout_bytes will write, for cases where JSONOUT_MAX of a large LEN is too much memory. */
size_t jsonout_bytes_size(const char *s, size_t len);

/* N in decimal, JSONOUT_INT_MAX bytes at most. */
char *jsonout_int(char *p, int64_t n);

/*
 * D in decimal so that reading it gives D again, with few digits and always a '.' or an exponent (2.0, 0.1, 1e+300), so
 * that it is read as a double again.  null when it is NaN or infinite.  JSONOUT_DOUBLE_MAX bytes at most.
 */
#define JSONOUT_DOUBLE_MAX 32
char *jsonout_double(char *p, double d);
/* The same with the digits that tell floats apart: 0.1 for 0.1f. */
char *jsonout_float(char *p, float f);

#endif
