/*
 * Split block Bloom filters.
 *
 * Layer: parquet (uses base, xxhash).  Source: parquet-format, BloomFilter.md.  A filter begins with its maximum size
 * and is folded at the end: merging each two neighbouring blocks gives a filter of half the size.
 */
#ifndef WEIR_PARQUET_BLOOM_H
#define WEIR_PARQUET_BLOOM_H

#include <stddef.h>
#include <stdint.h>

struct pq_bloom;

struct pq_bloom *pq_bloom_new(void);
void pq_bloom_free(struct pq_bloom *bloom);
size_t pq_bloom_memory(const struct pq_bloom *bloom);

/* Add a value in PLAIN encoding, without a length. */
void pq_bloom_add(struct pq_bloom *bloom, const void *value, size_t len);

/*
 * Make the filter as small as possible with at most 1 % of wrong answers.  Returns its bytes, which belong to BLOOM;
 * nothing may be added afterwards.
 */
const unsigned char *pq_bloom_finish(struct pq_bloom *bloom, size_t *ret_len);

#endif
