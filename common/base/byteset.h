/*
 * A set of byte values, and the operations on it that a tokeniser needs, at the speed of memory: find members, find
 * where runs of members begin and end, squeeze runs of members.
 *
 * Layer: lowest floor, libc only.  Works on blocks of 64 bytes that become a mask of one bit per byte (as in stage 1 of
 * simdjson, Langdale and Lemire 2019): with AVX2 by two look-ups of 16 entries, which works for any set; with SSE2,
 * which every x86-64 has, by one comparison per range; and in portable C.  byteset_init() chooses the best that the
 * processor has.
 *
 * All functions read up to BYTESET_PADDING bytes past their input (contents do not matter) and
 * write as many after their output.  A byteset is constant after init: threads may share it.
 */
#ifndef WEIR_BASE_BYTESET_H
#define WEIR_BASE_BYTESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

#define BYTESET_PADDING    64u
#define BYTESET_MAX_RANGES 8u

enum byteset_level { BYTESET_PORTABLE, BYTESET_SSE2, BYTESET_AVX2, BYTESET_LEVELS };

struct byteset {
	uint8_t member[256]; /* 1: in the set */
	/* Byte 16h+l is a member when bit h%8 of row[h/8][l] is set. */
	uint8_t row[2][16];
	/* The ranges of the set or, when these are fewer, of its complement; SSE2 has at most
	 * BYTESET_MAX_RANGES. */
	struct byteset_range {
		uint8_t first, span;
	} ranges[BYTESET_MAX_RANGES];
	uint8_t range_count;
	bool complement;
	const struct byteset_ops *ops;
};

/* The six bytes for which isspace(3) is true in the C locale: space, \t \n \v \f \r. */
#define BYTESET_SPACE " \t\n\v\f\r"

/* The set of the LEN bytes at MEMBERS; duplicates do no harm. */
void byteset_init(struct byteset *set, const char *members, size_t len);

/* Use LEVEL (for tests).  Returns 0, or -ENOTSUP when the processor or the set does not allow it.
 */
int byteset_use(struct byteset *set, enum byteset_level level) MUST_CHECK;

/*
 * Write the positions of the members among the LEN bytes at S, ascending, to RET_POS (room for LEN + BYTESET_PADDING
 * numbers).  LEN is below 2^32.  Returns how many.
 */
size_t byteset_find(const struct byteset *set, const char *s, size_t len, uint32_t *ret_pos);

/*
 * Positions where runs of members begin or end, ascending; as byteset_find().
 *
 * *IN_RUN says whether the byte before S was a member, and afterwards whether the last byte of S is; so when it is
 * true, the first position is the end of a run.  S may be given in pieces.
 */
size_t byteset_edges(const struct byteset *set, const char *s, size_t len, bool *in_run, uint32_t *ret_pos);

/*
 * Copy the LEN bytes at S to OUT with each run of members replaced by one byte DELIM and, when LOWER is set, with ASCII
 * capitals turned into small letters.  OUT has room for LEN + BYTESET_PADDING bytes and does not overlap S.
 *
 * *IN_RUN is as for byteset_edges(): when it is true, members at the start of S belong to the run before it.  Returns
 * the bytes written.
 */
size_t byteset_squeeze(
	const struct byteset *set, const char *s, size_t len, char delim, bool lower, bool *in_run, char *out);

#endif
