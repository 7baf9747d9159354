/*
 * Keys that were seen within a period of time, in bounded memory, and how they are saved and loaded.
 *
 * Layer: data (uses hash; checkpoint_file).  A key is kept as a hash of 128 bits with a seed of the table's own: the
 * chance that two keys among ten million share one is 1 in 10^24, and nobody can choose such keys.  A key takes 40 to
 * 72 bytes.  The clock is the latest time passed to recent_add() or recent_tick(); an earlier time is treated as if it
 * were that.
 */
#ifndef WEIR_DATA_RECENT_H
#define WEIR_DATA_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/hash.h"
#include "common/stream/checkpoint_file.h"

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
	int64_t now_ms;             /* the clock */
	uint64_t evicted;           /* keys that were dropped within the window, because of the limit */
	/* how many keys were ever added, and how many of them before the last recent_save() */
	uint64_t added, saved;
};

/* Keep keys for WINDOW_MS in at most MEMORY bytes.  Returns 0, or -errno of getrandom(2). */
int recent_init(struct recent *r, int64_t window_ms, uint64_t memory) MUST_CHECK;
void recent_release(struct recent *r);

/* The hash of the LEN bytes at S. */
struct recent_key recent_hash(const struct recent *r, const void *s, size_t len);

/* Whether KEY was added later than NOW_MS - window. */
bool recent_has(const struct recent *r, struct recent_key key, int64_t now_ms) MUST_CHECK;

/* Add KEY, which recent_has() has not found, at NOW_MS; keys that are too old by then are dropped. */
void recent_add(struct recent *r, struct recent_key key, int64_t now_ms);

/* A record without a key was read at NOW_MS: advance the clock. */
void recent_tick(struct recent *r, int64_t now_ms);

/* Drop the oldest key; there must be one. */
void recent_forget(struct recent *r);

/* Write R, or with FULL false what has changed since the last time: 24 bytes a key. */
void recent_save(struct recent *r, bool full, struct checkpoint_out *out);

/*
 * Load into R (from recent_init(), for FULL) what recent_save() wrote, from *S on; *S is moved after it.
 * 0, or -EBADMSG when there are fewer than END - *S bytes; R can then only be released.
 */
int recent_load(struct recent *r, bool full, const char **s, const char *end) MUST_CHECK;

#endif
