/* Groups of records: see groups.h. */
#include "common/data/groups.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/alloc.h"

#define KEY_INLINE 16
#define FIRST_SIZE (2 * GROUPS_FIRST)
#define HUGE_PAGE  (2u << 20)
/* With fewer bytes of removed long keys than this, freeing them is not worth a walk through all groups. */
#define STALE_MIN (1u << 20)

/* The last step takes the last 16 bytes, some of which an earlier step may have taken already. */
static uint64_t hash_long(const struct groups *g, const char *s, size_t len)
{
	uint64_t state = g->seed.k[2];

	for (size_t i = 0; i < len; i += 16) {
		const char *p = s + (i + 16 > len ? len - 16 : i);
		state = hash_step(&g->seed, state, hash_load8(p), hash_load8(p + 8));
	}
	return hash_end(&g->seed, state, len) * UINT64_C(0x9e3779b97f4a7c15);
}

struct groups_key groups_key_of_words(const struct groups *g, uint64_t lo, uint64_t hi, size_t len)
{
	return (struct groups_key){
		.word = {lo, hi}, .len = len, .tag = (uint32_t)(hash_short(&g->seed, lo, hi, len) >> 32)};
}

struct groups_key groups_key_of(const struct groups *g, const char *s, size_t len)
{
	uint64_t word[2];

	if (len > KEY_INLINE)
		return (struct groups_key){.s = s, .len = len, .tag = (uint32_t)(hash_long(g, s, len) >> 32)};
	hash_load_short(word, s, len);
	return groups_key_of_words(g, word[0], word[1], len);
}

static inline bool has_key(const struct groups_slot *slot, const struct groups_key *key)
{
	if (slot->len != key->len)
		return false;
	if (key->len <= KEY_INLINE)
		return slot->key.word[0] == key->word[0] && slot->key.word[1] == key->word[1];
	return memcmp(slot->key.bytes, key->s, key->len) == 0;
}

static void set_size(struct groups *g, size_t size)
{
	size_t bytes = size * sizeof *g->table;

	g->size = size;
	g->shift = 32 - (unsigned)__builtin_ctzll(size);
	/* In a large table each look-up touches another page: huge pages cause fewer TLB misses. */
	g->table = xaligned(bytes >= HUGE_PAGE ? HUGE_PAGE : 64, size, sizeof *g->table);
	if (bytes >= HUGE_PAGE)
		madvise(g->table, bytes, MADV_HUGEPAGE); /* only advice: the result does not matter */
	memset(g->table, 0, bytes);
}

void groups_init(struct groups *g, const struct hash_seed *seed, size_t state_size, size_t limit)
{
	*g = (struct groups){.seed = *seed};
	g->state_size = (state_size + 7) & ~(size_t)7;
	g->slot_size = sizeof(struct groups_slot) + g->state_size;
	g->limit = limit && limit < GROUPS_MAX ? limit : GROUPS_MAX;
	set_size(g, FIRST_SIZE);
}

void groups_release(struct groups *g)
{
	free(g->table);
	for (size_t i = 0; i < GROUPS_CHUNKS; i++)
		free(g->chunks[i]);
	arena_release(&g->keys);
	*g = (struct groups){0};
}

/* The place of KEY, or the free place where it belongs. */
static inline struct groups_place *find_place(const struct groups *g, const struct groups_key *key)
{
	size_t i = key->tag >> g->shift;

	for (;; i = (i + 1) & (g->size - 1)) {
		struct groups_place *place = &g->table[i];
		if (!place->slot || (place->tag == key->tag && has_key(groups_slot(g, place->slot - 1), key)))
			return place;
	}
}

uint32_t groups_find_key(const struct groups *g, const struct groups_key *key)
{
	return find_place(g, key)->slot - 1;
}

uint32_t groups_find(const struct groups *g, const char *s, size_t len)
{
	struct groups_key key = groups_key_of(g, s, len);

	return groups_find_key(g, &key);
}

/* Twice as many places. */
static void grow(struct groups *g)
{
	struct groups_place *old = g->table;
	size_t size = g->size;

	set_size(g, 2 * size);
	for (size_t k = 0; k < size; k++) {
		if (!old[k].slot)
			continue;
		size_t i = old[k].tag >> g->shift;
		while (g->table[i].slot)
			i = (i + 1) & (g->size - 1);
		g->table[i] = old[k];
	}
	free(old);
}

static uint32_t take_slot(struct groups *g)
{
	if (g->free) {
		uint32_t slot = g->free - 1;
		g->free = groups_slot(g, slot)->key.next;
		return slot;
	}
	uint32_t at = g->slots + GROUPS_FIRST;
	unsigned chunk = 28 - (unsigned)__builtin_clz(at);
	if (!g->chunks[chunk]) {
		size_t slots = (size_t)GROUPS_FIRST << chunk, bytes = slots * g->slot_size;
		g->chunks[chunk] = xaligned(bytes >= HUGE_PAGE ? HUGE_PAGE : 64, slots, g->slot_size);
		if (bytes >= HUGE_PAGE)
			madvise(g->chunks[chunk], bytes, MADV_HUGEPAGE);
	}
	return g->slots++;
}

static const char *keep_key(struct groups *g, const char *s, size_t len)
{
	char *copy = arena_bytes(&g->keys, len);

	memcpy(copy, s, len);
	g->key_bytes += len;
	return copy;
}

uint32_t groups_get_key(struct groups *g, const struct groups_key *key, bool *ret_new)
{
	struct groups_place *place = find_place(g, key);

	*ret_new = !place->slot;
	if (place->slot)
		return place->slot - 1;
	if (g->count >= g->limit || key->len >= GROUPS_FREE)
		return GROUPS_NONE;
	if (2 * g->count >= g->size) {
		grow(g);
		place = find_place(g, key);
	}
	uint32_t number = take_slot(g);
	struct groups_slot *slot = groups_slot(g, number);
	*slot = (struct groups_slot){.len = (uint32_t)key->len, .tag = key->tag};
	memset(slot + 1, 0, g->state_size);
	if (key->len <= KEY_INLINE)
		memcpy(slot->key.word, key->word, sizeof key->word);
	else
		slot->key.bytes = keep_key(g, key->s, key->len);
	*place = (struct groups_place){.tag = key->tag, .slot = number + 1};
	g->count++;
	return number;
}

uint32_t groups_get(struct groups *g, const char *s, size_t len, bool *ret_new)
{
	struct groups_key key = groups_key_of(g, s, len);

	return groups_get_key(g, &key, ret_new);
}

/* Copy the long keys that are in use to a new arena. */
static void compact_keys(struct groups *g)
{
	struct arena old = g->keys;

	g->keys = (struct arena){0};
	g->key_bytes = g->stale = 0;
	for (uint32_t i = 0; i < g->slots; i++) {
		struct groups_slot *slot = groups_slot(g, i);
		if (slot->len != GROUPS_FREE && slot->len > KEY_INLINE)
			slot->key.bytes = keep_key(g, slot->key.bytes, slot->len);
	}
	arena_release(&old);
}

/*
 * Free the place at I, and move up those entries after it that would otherwise no longer be found (Knuth 6.4, algorithm
 * R).
 */
static void close_gap(struct groups *g, size_t i)
{
	size_t mask = g->size - 1;

	for (size_t j = (i + 1) & mask; g->table[j].slot; j = (j + 1) & mask) {
		size_t home = g->table[j].tag >> g->shift;
		if (((j - home) & mask) < ((j - i) & mask))
			continue;
		g->table[i] = g->table[j];
		i = j;
	}
	g->table[i] = (struct groups_place){0};
}

void groups_remove(struct groups *g, uint32_t number)
{
	struct groups_slot *slot = groups_slot(g, number);
	size_t i = slot->tag >> g->shift;

	while (g->table[i].slot != number + 1)
		i = (i + 1) & (g->size - 1);
	close_gap(g, i);
	if (slot->len > KEY_INLINE)
		g->stale += slot->len;
	*slot = (struct groups_slot){.key.next = g->free, .len = GROUPS_FREE};
	g->free = number + 1;
	g->count--;
	if (g->stale > STALE_MIN && g->stale > g->key_bytes / 2)
		compact_keys(g);
}

bool groups_used(const struct groups *g, uint32_t slot)
{
	return groups_slot(g, slot)->len != GROUPS_FREE;
}

const char *groups_key(const struct groups *g, uint32_t number, size_t *ret_len)
{
	const struct groups_slot *slot = groups_slot(g, number);

	*ret_len = slot->len;
	return slot->len <= KEY_INLINE ? (const char *)slot->key.word : slot->key.bytes;
}

size_t groups_memory(const struct groups *g)
{
	size_t bytes = g->size * sizeof *g->table + g->keys.bytes;

	for (unsigned i = 0; i < GROUPS_CHUNKS; i++)
		if (g->chunks[i])
			bytes += ((size_t)GROUPS_FIRST << i) * g->slot_size;
	return bytes;
}
