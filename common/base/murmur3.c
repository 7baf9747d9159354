/* MurmurHash3: see murmur3.h. */
#include "common/base/murmur3.h"

static uint32_t rotate(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

static uint32_t mix(uint32_t k)
{
	return rotate(k * 0xcc9e2d51, 15) * 0x1b873593;
}

uint32_t murmur3_32(const void *data, size_t len)
{
	const unsigned char *s = data;
	uint32_t h = 0, rest = 0;
	size_t i = 0;

	for (; i + 4 <= len; i += 4) {
		uint32_t word = s[i] | (uint32_t)s[i + 1] << 8 | (uint32_t)s[i + 2] << 16 | (uint32_t)s[i + 3] << 24;
		h = rotate(h ^ mix(word), 13) * 5 + 0xe6546b64;
	}
	for (size_t j = i; j < len; j++)
		rest |= (uint32_t)s[j] << 8 * (j - i);
	h ^= mix(rest) ^ (uint32_t)len;
	h = (h ^ h >> 16) * 0x85ebca6b;
	h = (h ^ h >> 13) * 0xc2b2ae35;
	return h ^ h >> 16;
}
