/*
 * The text between the quotes of a JSON string.
 *
 * Layer: data (uses utf8; no simdjson).
 */
#ifndef WEIR_DATA_JSON_TEXT_H
#define WEIR_DATA_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/diag.h"

/*
 * Resolve the escapes of the LEN bytes at S (without the quotes) into DST, which has room for LEN bytes and may be S.
 *
 * Half of a surrogate pair, which JSON allows and UTF-8 does not, becomes U+FFFD, and *ret_lone is the position of one
 * in S (SIZE_MAX: there was none).  Returns 0 and sets *ret_len; or -EINVAL and sets *ret_len to the position in S of a
 * backslash that does not begin a valid escape.  Other bytes are copied as they are.
 */
int json_unescape(char *dst, const char *s, size_t len, size_t *ret_len, size_t *ret_lone) MUST_CHECK;

/* Only check the escapes: SIZE_MAX when all are valid, else the position in S of the first invalid one. */
size_t json_bad_escape(const char *s, size_t len);

#endif
