/* Bloom filters: see bloom.h. */
#include "common/parquet/bloom.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "common/base/alloc.h"

#define WORDS     8u           /* words of 32 bits in a block */
#define BLOCKS    (1u << 15)   /* blocks at most: 1 MiB */
#define FEW       4096u        /* this many hashes are kept in a list */
#define WRONG     0.01         /* share of wrong answers for values that are not there */
#define BLOCK_LEN (4u * WORDS) /* bytes */

struct pq_bloom {
	uint64_t *few; /* the list of hashes; NULL once there are too many */
	size_t count;
	uint32_t *words; /* the filter */
	size_t blocks;
};

struct pq_bloom *pq_bloom_new(void)
{
	struct pq_bloom *bloom = xcalloc(1, sizeof *bloom);
	bloom->few = xcalloc(FEW, sizeof *bloom->few);
	return bloom;
}

void pq_bloom_free(struct pq_bloom *bloom)
{
	if (!bloom)
		return;
	free(bloom->few);
	free(bloom->words);
	free(bloom);
}

size_t pq_bloom_memory(const struct pq_bloom *bloom)
{
	return bloom->words ? bloom->blocks * BLOCK_LEN : FEW * sizeof *bloom->few;
}

/* Each hash sets one bit in each word of its block: this one in word I. */
static uint32_t bit(uint64_t hash, unsigned i)
{
	static const uint32_t salt[WORDS] = {
		0x47b6137b,
		0x44974d91,
		0x8824ad5b,
		0xa2b7289d,
		0x705495c7,
		0x2df1424b,
		0x9efc4947,
		0x5c6bfb31,
	};
	return 1u << ((uint32_t)hash * salt[i] >> 27);
}

uint64_t pq_bloom_hash(const void *value, size_t len)
{
	return XXH64(len ? value : "", len, 0);
}

size_t pq_bloom_block(uint64_t hash, size_t blocks)
{
	return (size_t)((hash >> 32) * blocks >> 32);
}

bool pq_bloom_may_have(const void *data, uint64_t hash)
{
	for (unsigned i = 0; i < WORDS; i++) {
		uint32_t word;
		memcpy(&word, (const char *)data + 4 * i, 4);
		if (!(word & bit(hash, i)))
			return false;
	}
	return true;
}

static void set(struct pq_bloom *bloom, uint64_t hash)
{
	uint32_t *block = bloom->words + WORDS * pq_bloom_block(hash, bloom->blocks);
	for (unsigned i = 0; i < WORDS; i++)
		block[i] |= bit(hash, i);
}

/* Replace the list by a filter of BLOCKS blocks. */
static void spread(struct pq_bloom *bloom, size_t blocks)
{
	bloom->blocks = blocks;
	bloom->words = xcalloc(blocks, BLOCK_LEN);
	for (size_t i = 0; i < bloom->count; i++)
		set(bloom, bloom->few[i]);
	free(bloom->few);
	bloom->few = NULL;
}

void pq_bloom_add(struct pq_bloom *bloom, const void *value, size_t len)
{
	uint64_t hash = pq_bloom_hash(value, len);
	if (bloom->few && bloom->count < FEW) {
		bloom->few[bloom->count++] = hash;
		return;
	}
	if (bloom->few)
		spread(bloom, BLOCKS);
	set(bloom, hash);
}

/*
 * How many of 100 answers for values that are not there would be wrong if every N neighbouring blocks were merged into
 * one.
 */
static double wrong(const struct pq_bloom *bloom, size_t n)
{
	double sum = 0;
	for (size_t b = 0; b < bloom->blocks; b += n) {
		double each = 1;
		for (unsigned i = 0; i < WORDS; i++) {
			uint32_t word = 0;
			for (size_t k = 0; k < n; k++)
				word |= bloom->words[(b + k) * WORDS + i];
			each *= __builtin_popcount(word) / 32.0;
		}
		sum += each;
	}
	return sum * (double)n / (double)bloom->blocks;
}

static void fold(struct pq_bloom *bloom, size_t n)
{
	for (size_t b = 0; b < bloom->blocks; b += n)
		for (unsigned i = 0; i < WORDS; i++) {
			uint32_t word = 0;
			for (size_t k = 0; k < n; k++)
				word |= bloom->words[(b + k) * WORDS + i];
			bloom->words[b / n * WORDS + i] = word;
		}
	bloom->blocks /= n;
}

const unsigned char *pq_bloom_finish(struct pq_bloom *bloom, size_t *ret_len)
{
	if (bloom->few)
		spread(bloom, FEW / 4); /* 64 bits for each hash, so that the filter is large enough */
	size_t n = 1;
	while (2 * n <= bloom->blocks && wrong(bloom, 2 * n) <= WRONG)
		n *= 2;
	fold(bloom, n);
	*ret_len = bloom->blocks * BLOCK_LEN;
	return (const unsigned char *)bloom->words;
}
