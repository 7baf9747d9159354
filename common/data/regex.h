/*
 * Regular expressions: PCRE2 with the choices that all of weir makes.
 *
 * Layer: data (uses base; PCRE2).  Text is UTF-8 (bytes that are not UTF-8 never match), $ is the end of the text only,
 * and nothing is anchored.  One struct regex serves one thread.
 *
 * A match is given up after a million steps plus ten for each byte of the text, about 0.1 s.  So a long text alone is
 * not a reason to give up, and time stays linear in the input.  It is also given up when it would need more than 64 MiB
 * of backtracking points (as ^([a-z])+$ does for texts of over 2 MB).
 */
#ifndef WEIR_DATA_REGEX_H
#define WEIR_DATA_REGEX_H

#include <stddef.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

struct regex;

/* Compile the LEN bytes at S.  -EINVAL with the reason in ERR and the position of the error in *ret_pos; -ENOMEM. */
int regex_new(struct regex **ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err) MUST_CHECK;
void regex_free(struct regex *r);

/* Whether it matches anywhere in the LEN bytes at S: 1 or 0; -E2BIG: the match was given up; -ENOMEM. */
int regex_match(struct regex *r, const char *s, size_t len) MUST_CHECK;

#endif
