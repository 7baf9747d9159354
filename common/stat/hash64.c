#include "common/stat/hash64.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SEED 0x5745495253544154u /* "WEIRSTAT" */

uint64_t stat_hash64(const void *s, size_t len)
{
	return XXH3_64bits_withSeed(len ? s : "", len, SEED);
}
