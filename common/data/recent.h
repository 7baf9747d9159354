/*
 * Keys that were seen within a span of time, in bounded memory.
 *
 * Layer: data (uses hash).  A key is kept as a hash of 128 bits with a seed of the process's own: that two keys among
 * ten million share one has a chance of 1 in 10^24, and nobody can choose keys that do.  40 to 72 bytes a key.
 */
#ifndef WEIR_DATA_RECENT_H
#define WEIR_DATA_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/hash.h"

struct recent_key {
	uint64_t hi, lo;
};

struct recent_entry {
	struct recent_key key;
	int64_t ms;
};

struct recent {
	struct hash_seed seed[2];
	int64_t window_ms;
	size_t limit;               /* entries at most */
	struct recent_entry *queue; /* a ring, oldest first */
	size_t head, count, cap;    /* cap is a power of two, as is that of the table */
	uint32_t *table;            /* place in the ring + 1, 0: free; twice as many as `cap` */
	uint64_t evicted;           /* keys that were forgotten within the window, because of the limit */
};

/* Keep keys for WINDOW_MS in at most MEMORY bytes.  Returns 0, or -errno of getrandom(2). */
int recent_init(struct recent *r, int64_t window_ms, uint64_t memory) MUST_CHECK;
void recent_release(struct recent *r);

/* The hash of the LEN bytes at S. */
struct recent_key recent_hash(const struct recent *r, const void *s, size_t len);

/* Was KEY added later than NOW_MS - window?  Times never go back. */
bool recent_has(struct recent *r, struct recent_key key, int64_t now_ms) MUST_CHECK;

/* Add KEY, which is not there, at NOW_MS. */
void recent_add(struct recent *r, struct recent_key key, int64_t now_ms);

#endif
