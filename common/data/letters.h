/*
 * Letters of all scripts in lower and upper case, and white space, by Unicode.
 *
 * Layer: data (uses utf8).  A character becomes one other character (simple case mapping, as towlower(3) has it in the
 * C.UTF-8 locale of libc); bytes that are not UTF-8 stay as they are.  Nothing depends on the user's locale.
 */
#ifndef WEIR_DATA_LETTERS_H
#define WEIR_DATA_LETTERS_H

#include <stddef.h>

#include "common/base/strbuf.h"

/* Append the LEN bytes at S in lower case; in upper case; so that texts that differ in case only become the same. */
void letters_lower(struct strbuf *out, const char *s, size_t len);
void letters_upper(struct strbuf *out, const char *s, size_t len);
void letters_fold(struct strbuf *out, const char *s, size_t len);

/* Leave out white space at both ends of the *LEN bytes at *S. */
void letters_trim(const char **s, size_t *len);

#endif
