/*
 * DELTA_BINARY_PACKED: whole numbers as differences in packed bits, read some values at a time.
 *
 * Layer: parquet (uses base).  Source: parquet-format, Encodings.md.  A head has the number of values in a block and of
 * miniblocks in it, the number of values, and the first value; a block has the least difference, the width of each
 * miniblock, and the miniblocks, each padded to its full length.  Sums wrap around.
 */
#ifndef WEIR_PARQUET_DELTA_H
#define WEIR_PARQUET_DELTA_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

struct delta_reader {
	const unsigned char *p, *end; /* after the miniblocks that were begun */
	uint64_t miniblocks, each;    /* of a block, and the values of each of them */
	uint64_t count;               /* values that the head promises */
	uint64_t left;                /* of these, what was not taken */
	uint64_t value;               /* the last one; at first the next one */
	uint64_t least;               /* difference of the block */
	const unsigned char *widths;  /* of the miniblocks that were not begun */
	uint64_t unbegun;
	const unsigned char *mini, *mini_end; /* the current miniblock */
	uint64_t mini_left, bit;
	unsigned width;
};

/* Read the head of the LEN bytes at P, which are borrowed.  0, -EBADMSG. */
int delta_begin(struct delta_reader *in, const unsigned char *p, size_t len) MUST_CHECK;

/* Take N values; V may be NULL.  0; -EBADMSG: they are malformed, or too few. */
int delta_take(struct delta_reader *in, int64_t *v, size_t n) MUST_CHECK;

/* What follows the values; IN is used up. */
int delta_end(struct delta_reader *in, const unsigned char **ret) MUST_CHECK;

#endif
