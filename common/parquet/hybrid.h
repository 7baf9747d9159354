/*
 * Parquet's hybrid of run lengths and bit packing: for levels and for indexes into a dictionary.
 *
 * Layer: parquet (uses base).  Source: parquet-format, Encodings.md.  A run is a varint of its length times 2, and then
 * the value in as few bytes as WIDTH bits take.  Packed values are a varint of the number of groups of 8 values times 2
 * plus 1, and then WIDTH bytes for each group, the lowest bit first.
 */
#ifndef WEIR_PARQUET_HYBRID_H
#define WEIR_PARQUET_HYBRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

/* How many bits values up to MAX take; 0 for 0. */
static inline unsigned hybrid_width(uint32_t max)
{
	return max ? 32 - (unsigned)__builtin_clz(max) : 0;
}

/* The most bytes that N values of WIDTH bits can take, plus some that the encoder may overwrite. */
size_t hybrid_room(size_t n, unsigned width);

/* Encode N values of WIDTH (1 to 28) bits to TO; returns the number of bytes. */
size_t hybrid_encode(const uint32_t *v, size_t n, unsigned width, unsigned char *to);
size_t hybrid_encode_levels(const uint8_t *v, size_t n, unsigned width, unsigned char *to);

/*
 * Reading, some values at a time.  The bytes are borrowed.  Functions that return an int: 0, or -EBADMSG when the input
 * is malformed or has too few values; then nothing more can be read.
 */
struct hybrid_reader {
	const unsigned char *p, *end;
	unsigned width;
	uint64_t run;               /* values that are left of a run */
	uint32_t value;             /* of the run */
	uint64_t packed;            /* values that are left of packed groups, some of which may not be there */
	uint64_t bit;               /* of the next packed value, after `p` */
	const unsigned char *after; /* the packed groups */
};

/* WIDTH is 0 to 32 bits. */
void hybrid_begin(struct hybrid_reader *in, const unsigned char *p, size_t len, unsigned width);
int hybrid_take(struct hybrid_reader *in, uint32_t *v, size_t n) MUST_CHECK;
/* The same for levels, of at most 8 bits. */
int hybrid_take_levels(struct hybrid_reader *in, uint8_t *v, size_t n) MUST_CHECK;
int hybrid_skip(struct hybrid_reader *in, size_t n) MUST_CHECK;

/* Count how many of the next N values are VALUE, and find the greatest of them; IN is not changed. */
int hybrid_count(
	const struct hybrid_reader *in, size_t n, uint32_t value, size_t *ret_count, uint32_t *ret_greatest) MUST_CHECK;

/* Pass the next N values if they all belong to a run of VALUE; false: they do not, or not all, and none is passed. */
bool hybrid_take_run(struct hybrid_reader *in, uint32_t value, size_t n);

#endif
