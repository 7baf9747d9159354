/*
 * Eight bytes at once, in a word as memory has them: which of them are a given one.
 *
 * Layer: lowest floor, libc only.  The trick is in "Hacker's Delight" (Warren), 6-1, "Find First 0-Byte".
 */
#ifndef WEIR_BASE_EIGHT_H
#define WEIR_BASE_EIGHT_H

#include <stdint.h>

#define EIGHT_ONES UINT64_C(0x0101010101010101) /* times a byte: this byte eight times */
#define EIGHT_HIGH UINT64_C(0x8080808080808080) /* the high bit of each */

/* The high bit of each byte of V that is C.  The lowest bit that is set is exact; higher ones may be wrong. */
static inline uint64_t eight_that_are(uint64_t v, char c)
{
	v ^= EIGHT_ONES * (unsigned char)c;
	return (v - EIGHT_ONES) & ~v & EIGHT_HIGH;
}

#endif
