/*
 * Strict parsing of numbers, sizes and durations from text.
 *
 * Layer: base.  Every function takes the whole string S (no blanks, no sign unless stated, decimal) and returns 0, or
 * -EINVAL when S is not such a number, or -ERANGE when it does not fit; *ret is untouched on failure.
 */
#ifndef WEIR_BASE_NUM_H
#define WEIR_BASE_NUM_H

#include <stdint.h>

#include "common/base/diag.h"
#include "common/base/strbuf.h"

/* An unsigned number, 0 to UINT64_MAX. */
int num_u64(const char *s, uint64_t *ret) MUST_CHECK;

/* A number with an optional sign '-' or '+'. */
int num_i64(const char *s, int64_t *ret) MUST_CHECK;

/* Bytes: a number with an optional suffix K, M, G or T (powers of 1024, either case, also as KiB). */
int num_size(const char *s, uint64_t *ret_bytes) MUST_CHECK;

/* A duration in milliseconds: a number with ms, s, m, h or d after it; several add up (1h30m); plain 0 is allowed. */
int num_duration(const char *s, int64_t *ret_ms) MUST_CHECK;

/*
 * Write a size or duration (0 or more) in the form that the functions above read, in the largest unit that divides it.
 */
void num_add_size(struct strbuf *b, uint64_t bytes);
void num_add_duration(struct strbuf *b, int64_t ms);

/*
 * Write N as a share of ALL, which is not 0, as `34 %`; `under 1 %` and `over 99 %` for shares that are not 0 or 100 %.
 */
void num_add_share(struct strbuf *b, uint64_t n, uint64_t all);

#endif
