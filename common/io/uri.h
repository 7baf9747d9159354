/*
 * Percent-encoding of URLs, by RFC 3986.
 *
 * Layer: io (uses base).
 */
#ifndef WEIR_IO_URI_H
#define WEIR_IO_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/strbuf.h"

/*
 * Append the LEN bytes at S to RET.  All but letters, digits and "-._~" become %XX, upper case; so does '/' unless
 * SLASHES are kept.  AWS requires this form in the text that is signed.
 */
void uri_encode(struct strbuf *ret, const char *s, size_t len, bool slashes);

/*
 * Append to RET the bytes that a percent-encoded text stands for.  -EILSEQ, with RET unchanged, for a % without two
 * hexadecimal digits and for %00.
 */
int uri_decode(struct strbuf *ret, const char *s, size_t len) MUST_CHECK;

#endif
