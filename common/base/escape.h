/*
 * Backslash escapes in the values of options: \n \t \r \v \f \0 \\ and \xNN.
 *
 * Layer: base (uses strbuf).  Results may hold NULs.
 */
#ifndef WEIR_BASE_ESCAPE_H
#define WEIR_BASE_ESCAPE_H

#include "common/base/strbuf.h"

/*
 * Append the byte that an escape stands for; *S is just after its backslash, and is moved past the escape.
 *
 * Returns 0, or -EINVAL with the reason ("'\q' is not one of …") in ERR; then *S is unchanged.
 */
int escape_next(const char **s, struct strbuf *out, struct strbuf *err) MUST_CHECK;

/* Append the bytes of S with its escapes resolved.  Returns 0, or -EINVAL as escape_next(). */
int escape_text(const char *s, struct strbuf *out, struct strbuf *err) MUST_CHECK;

#endif
