/*
 * Split block Bloom filters.
 *
 * Layer: parquet (uses base, xxhash).  Source: parquet-format, BloomFilter.md.  A filter begins with its maximum size
 * and is folded at the end: merging each two neighbouring blocks gives a filter of half the size.
 */
#ifndef WEIR_PARQUET_BLOOM_H
#define WEIR_PARQUET_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/diag.h"

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

/*
 * Reading.  A filter of a file begins with a head; what is asked of it lies in one block, PQ_BLOOM_BLOCK bytes.
 */
#define PQ_BLOOM_BLOCK 32

struct pq_bloom_head {
	size_t len;    /* bytes of the head */
	size_t blocks; /* after it */
};

/* Read a head from the LEN bytes at DATA.  -EBADMSG; -ENOTSUP: it is a filter of another kind. */
int pq_bloom_head_read(const void *data, size_t len, struct pq_bloom_head *ret) MUST_CHECK;

/* The hash of a value in PLAIN encoding, without a length; the number of its block among BLOCKS (at least 1). */
uint64_t pq_bloom_hash(const void *value, size_t len);
size_t pq_bloom_block(uint64_t hash, size_t blocks);

/* Whether a value with this hash may be in the filter that has its block at DATA. */
bool pq_bloom_may_have(const void *data, uint64_t hash);

#endif
