/*
 * Numbers as encodings of Parquet have them: varints and packed bits, the lowest first.
 *
 * Layer: parquet.  Nothing is read beyond the end that is given.
 */
#ifndef WEIR_PARQUET_BITS_H
#define WEIR_PARQUET_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Read a varint of up to 64 bits at *P; false: it is cut or too long. */
static inline bool bits_varint(const unsigned char **p, const unsigned char *end, uint64_t *ret)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		unsigned byte = *(*p)++;
		v |= (uint64_t)(byte & 127) << shift;
		if (byte < 128) {
			*ret = v;
			return true;
		}
	}
	return false;
}

static inline int64_t bits_unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

/* Up to 8 bytes at P as a number; those from END on count as zeros. */
static inline uint64_t bits_word(const unsigned char *p, const unsigned char *end)
{
	uint64_t word = 0;
	if (end - p >= 8)
		memcpy(&word, p, 8);
	else
		for (size_t i = 0; p + i < end; i++)
			word |= (uint64_t)p[i] << 8 * i;
	return word;
}

/* WIDTH (1 to 64) bits from bit AT after P on. */
static inline uint64_t bits_at(const unsigned char *p, const unsigned char *end, uint64_t at, unsigned width)
{
	const unsigned char *from = p + at / 8;
	unsigned shift = at % 8;
	uint64_t v = bits_word(from, end) >> shift;
	if (width + shift > 64 && from + 8 < end)
		v |= (uint64_t)from[8] << (64 - shift);
	return width < 64 ? v & ((UINT64_C(1) << width) - 1) : v;
}

#endif
