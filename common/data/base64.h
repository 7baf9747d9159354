/*
 * Base64 with padding, RFC 4648 section 4.
 *
 * Layer: data (libc only).
 */
#ifndef WEIR_DATA_BASE64_H
#define WEIR_DATA_BASE64_H

#include <stddef.h>

#include "common/base/diag.h"

/* The number of characters for LEN bytes. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4)

/* Encode the LEN bytes at SRC as BASE64_SIZE(LEN) characters at DST, without a NUL; returns how many. */
size_t base64_encode(char *dst, const void *src, size_t len);

/*
 * Decode the LEN characters at S to DST, which has room for LEN / 4 * 3 bytes and may be S itself.
 *
 * Strict: whole groups of four, padding at the end only, the unused bits zero, no blanks or line feeds.  Returns 0 and
 * sets *ret_len; or -EINVAL and sets *ret_len to the position of the mistake in S (LEN: S is cut off).
 */
int base64_decode(char *dst, const char *s, size_t len, size_t *ret_len) MUST_CHECK;

#endif
