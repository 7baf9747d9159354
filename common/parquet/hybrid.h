/*
 * Parquet's hybrid of run lengths and bit packing: for levels and for indexes into a dictionary.
 *
 * Layer: parquet (uses base).  Source: parquet-format, Encodings.md.  A run is a varint of its length times 2, and then
 * the value in as few bytes as WIDTH bits take.  Packed values are a varint of the number of groups of 8 values times 2
 * plus 1, and then WIDTH bytes for each group, the lowest bit first.
 */
#ifndef WEIR_PARQUET_HYBRID_H
#define WEIR_PARQUET_HYBRID_H

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

/* Decode N values of WIDTH (0 to 32) bits from the LEN bytes at P.  -EBADMSG: they are malformed, or too few. */
int hybrid_decode(const unsigned char *p, size_t len, unsigned width, uint32_t *v, size_t n) MUST_CHECK;

#endif
