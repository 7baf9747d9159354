/*
 * Hashing of keys that come from outside, with a random seed per process, so that nobody can choose keys that collide.
 *
 * Layer: lowest floor, libc only.  The mixing step is a multiplication to 128 bits folded to 64 (as in wyhash and
 * XXH3); it is inline, because for a short key most of the time goes into loads that its caller needs anyway.  Hashes
 * differ from run to run: they must not be stored, and no output may depend on their order.
 */
#ifndef WEIR_BASE_HASH_H
#define WEIR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/diag.h"

struct hash_seed {
	uint64_t k[3];
};

/* Random numbers from the kernel.  Returns 0 or -errno of getrandom(2). */
int hash_seed_random(struct hash_seed *ret_seed) MUST_CHECK;

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_load8(const char *s)
{
	uint64_t v;
	memcpy(&v, s, sizeof v);
	return v;
}

/* Load up to 16 bytes, zero-padded, lowest first, without reading past them. */
static inline void hash_load_short(uint64_t word[2], const char *s, size_t len)
{
	uint32_t c, d;

	word[0] = word[1] = 0;
	if (len >= 8) {
		word[0] = hash_load8(s);
		word[1] = len > 8 ? hash_load8(s + len - 8) >> (8 * (16 - len)) : 0;
	} else if (len >= 4) {
		memcpy(&c, s, 4);
		memcpy(&d, s + len - 4, 4);
		word[0] = c | (uint64_t)d << (8 * (len - 4));
	} else if (len) {
		word[0] = (uint64_t)(unsigned char)s[0] | (uint64_t)(unsigned char)s[len / 2] << (8 * (len / 2)) |
			  (uint64_t)(unsigned char)s[len - 1] << (8 * (len - 1));
	}
}

/*
 * The hash of up to 16 bytes, which are in LO and HI in the order of memory, padded with zeros, and of their number.
 *
 * The last multiplication spreads what one folding leaves unevenly distributed: without it 4096 consecutive keys put up
 * to 191 of them into one of 4096 places (2000 seeds), with it at most 11, as chance would.
 */
static inline uint64_t hash_short(const struct hash_seed *seed, uint64_t lo, uint64_t hi, size_t len)
{
	return hash_mix(lo ^ seed->k[0], hi ^ seed->k[1] ^ len) * 0x9e3779b97f4a7c15u;
}

/* One step over 16 more bytes; STATE is seed->k[2] at first, and is finally passed to hash_end(). */
static inline uint64_t hash_step(const struct hash_seed *seed, uint64_t state, uint64_t lo, uint64_t hi)
{
	return hash_mix(lo ^ seed->k[0] ^ state, hi ^ seed->k[1]);
}

static inline uint64_t hash_end(const struct hash_seed *seed, uint64_t state, size_t len)
{
	return hash_mix(state ^ seed->k[2], seed->k[0] ^ len);
}

/* The hash of LEN bytes of any number. */
static inline uint64_t hash_bytes(const struct hash_seed *seed, const char *s, size_t len)
{
	uint64_t block[2], state = seed->k[2];
	size_t left = len;

	for (; left > 16; s += 16, left -= 16)
		state = hash_step(seed, state, hash_load8(s), hash_load8(s + 8));
	hash_load_short(block, s, left);
	return hash_end(seed, hash_step(seed, state, block[0], block[1]), len);
}

#endif
