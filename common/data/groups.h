/*
 * Groups of records: a hash table from a key, any bytes, to a slot, which has a number and a state of fixed size.
 *
 * Layer: data (uses base).  Slots are numbered from 0 as they are made; the numbers of removed slots are used again,
 * that of the last removed slot first.  So the numbers depend only on the calls, not on the seed.  A state stays where
 * it is until its slot is removed, is aligned to 8 bytes and zeroed when its slot is made.  Keys of up to 16 bytes lie
 * in the slot, longer ones beside.  A group takes 24 bytes, its state, 8 to 16 bytes of the table, and the bytes of a
 * long key.
 *
 * Keys are hashed with a seed of the process's own.  At most GROUPS_MAX groups.
 */
#ifndef WEIR_DATA_GROUPS_H
#define WEIR_DATA_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/hash.h"

#define GROUPS_MAX    (UINT32_C(1) << 30)
#define GROUPS_NONE   UINT32_MAX
#define GROUPS_CHUNKS 28

struct groups_place {
	uint32_t tag;  /* the upper half of the key's hash */
	uint32_t slot; /* its number + 1; 0: free */
};

struct groups {
	struct hash_seed seed;
	size_t state_size; /* bytes, rounded up to 8 */
	size_t slot_size;
	size_t limit;               /* groups at most */
	struct groups_place *table; /* of `size` places, a power of two */
	size_t size;
	unsigned shift;              /* tag >> shift is the place */
	size_t count;                /* groups */
	uint32_t slots;              /* numbers below this have been given out */
	uint32_t free;               /* the last removed slot + 1 */
	char *chunks[GROUPS_CHUNKS]; /* chunks of slots, each twice as large as the one before */
	struct arena keys;           /* the long ones */
	size_t key_bytes, stale;     /* bytes in `keys`, and how many of these are of removed slots */
};

/* A key that is looked for. */
struct groups_key {
	uint64_t word[2]; /* of a key of up to 16 bytes: its bytes in the order of memory, padded with zeros */
	const char *s;    /* of a longer key: a pointer to it, borrowed */
	size_t len;
	uint32_t tag;
};

/* An empty table of groups with STATE_SIZE bytes each and LIMIT groups at most (0: GROUPS_MAX). */
void groups_init(struct groups *g, const struct hash_seed *seed, size_t state_size, size_t limit);

/*
 * Free everything; the caller must have freed what the states own.  G may be zeroed; afterwards it may be initialised
 * again.
 */
void groups_release(struct groups *g);

/* The slot of the LEN bytes at KEY, GROUPS_NONE when there is none. */
uint32_t groups_find(const struct groups *g, const char *key, size_t len);

/* The same, but a missing slot is created, and *RET_NEW says whether it was; GROUPS_NONE: the limit is reached. */
uint32_t groups_get(struct groups *g, const char *key, size_t len, bool *ret_new);

/*
 * The same in two steps, for a caller that keeps the key for a while (groups_prefetch.h), so that it is hashed only
 * once.
 */
struct groups_key groups_key_of(const struct groups *g, const char *key, size_t len);
struct groups_key groups_key_of_words(const struct groups *g, uint64_t lo, uint64_t hi, size_t len);
uint32_t groups_find_key(const struct groups *g, const struct groups_key *key);
uint32_t groups_get_key(struct groups *g, const struct groups_key *key, bool *ret_new);

/* Remove SLOT, which is in use; the caller must have freed what its state owns. */
void groups_remove(struct groups *g, uint32_t slot);

/*
 * Whether SLOT, below g->slots, is in use.  To visit all groups, go through the slots from 0 to g->slots - 1 and skip
 * those that are not in use.
 */
bool groups_used(const struct groups *g, uint32_t slot);

/* The key of SLOT, which is in use; valid until groups_remove or groups_release. */
const char *groups_key(const struct groups *g, uint32_t slot, size_t *ret_len);

/* Bytes taken from the system, without what states point to. */
size_t groups_memory(const struct groups *g);

/* The header before a state. */
struct groups_slot {
	union {
		uint64_t word[2];
		const char *bytes; /* of a long key */
		uint32_t next;     /* free: the next free slot + 1 */
	} key;
	uint32_t len;
	uint32_t tag;
};
#define GROUPS_FREE UINT32_MAX /* `len` of a free slot */

/* Chunk C holds GROUPS_FIRST << C slots, and begins with slot GROUPS_FIRST * (2^C - 1). */
#define GROUPS_FIRST 8u

static inline struct groups_slot *groups_slot(const struct groups *g, uint32_t slot)
{
	uint32_t at = slot + GROUPS_FIRST;
	unsigned chunk = 28 - (unsigned)__builtin_clz(at);
	return (struct groups_slot *)(void *)(g->chunks[chunk] + (size_t)(at - (GROUPS_FIRST << chunk)) * g->slot_size);
}

/* The state of SLOT. */
static inline void *groups_state(const struct groups *g, uint32_t slot)
{
	return groups_slot(g, slot) + 1;
}

#endif
