/*
 * The hash that saved states depend on: the same on every machine and in every version.
 *
 * Layer: stat (uses xxhash).  XXH3 of 64 bits (its output is fixed since xxHash 0.8.0), with a seed of ours.  Partial
 * results of several machines are merged by it, so the seed cannot be random.  Whoever chooses the keys can therefore
 * make hashes collide, and so make a sketch count too few or a small table slow.  Each header describes the possible
 * effect; where it matters, count exactly.
 */
#ifndef WEIR_STAT_HASH64_H
#define WEIR_STAT_HASH64_H

#include <stddef.h>
#include <stdint.h>

/* The hash of the LEN bytes at S. */
uint64_t stat_hash64(const void *s, size_t len);

#endif
