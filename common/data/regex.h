/*
 * Regular expressions: PCRE2 with the choices that all of weir makes.
 *
 * Layer: data (uses base; PCRE2).  Text is UTF-8 (bytes that are not UTF-8 never match), $ is the end of the text only,
 * and nothing is anchored.  One struct regex serves one thread.
 *
 * What is looked for in one text, all matches of a replacement together, is given up after a million steps plus a
 * hundred for each byte of the text: 0.1 s (at most 1 s in less than 16 KiB), and 0.2 s for each MB.  So a long text
 * alone is not a reason to give up, and time stays linear in the input.  A step is a part of the expression that is
 * tried, or a byte that is gone over; in texts of less than 16 KiB they are counted only after a match has proved to be
 * expensive.  It is also given up when it would need more than 64 MiB of backtracking points (as ^([a-z])+$ does for
 * texts of over 2 MB).
 */
#ifndef WEIR_DATA_REGEX_H
#define WEIR_DATA_REGEX_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

struct regex;

/* Compile the LEN bytes at S.  -EINVAL with the reason in ERR and the position of the error in *ret_pos; -ENOMEM. */
int regex_new(struct regex **ret, const char *s, size_t len, size_t *ret_pos, struct strbuf *err) MUST_CHECK;
void regex_free(struct regex *r);

/* How many groups the expression has, and the name of group I, from 1: "" when it has none. */
size_t regex_groups(const struct regex *r);
const char *regex_group_name(const struct regex *r, size_t i);

/*
 * Find the first match in the LEN bytes at S that begins at FROM or after it; 0 begins a text.  1: the match is from
 * ret_ends[0] to ret_ends[1], its group I from ret_ends[2 * I] to ret_ends[2 * I + 1], or SIZE_MAX when the group took
 * no part; this is valid until the next call.  0: there is none; or as regex_match().
 */
int regex_find(struct regex *r, const char *s, size_t len, size_t from, const size_t **ret_ends) MUST_CHECK;

/*
 * Append the LEN bytes at S, with matches replaced by the WITH_LEN bytes at WITH, in which \1 to \9 are groups, \0 the
 * match, \\ a backslash, \n and \t what they are in C.  All matches are replaced until OUT has MAX bytes; MAX 0: only
 * the first one is.  1: there was one; 0: there was none; or as regex_match().
 */
int regex_replace(struct regex *r, const char *s, size_t len, const char *with, size_t with_len, uint64_t max,
	struct strbuf *out) MUST_CHECK;

/* Whether it matches anywhere in the LEN bytes at S: 1 or 0; -E2BIG: the match was given up; -ENOMEM. */
int regex_match(struct regex *r, const char *s, size_t len) MUST_CHECK;

#endif
