/* The table of words: see words.h. */
#include "cmd/wordcount/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/alloc.h"

#define FIRST_SIZE 2048u
#define LONG_WORD  31u
#define HUGE_PAGE  (2u << 20)
/* Words whose slots are prefetched at the same time. */
#define BATCH 64

/* A word to be found, in the form of its slot. */
struct word_key {
	uint64_t tag, lo, hi;
};

static inline uint64_t load(const char *s)
{
	uint64_t v;
	memcpy(&v, s, sizeof v);
	return v;
}

/* Eight bytes with ASCII capitals turned into small letters. */
static inline uint64_t lower8(uint64_t v)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t low = v & (0x7f * ones);
	uint64_t from_a = low + (0x80 - 'A') * ones, above_z = low + (0x7f - 'Z') * ones;
	return v | (((from_a ^ above_z) & ~v & (0x80 * ones)) >> 2);
}

static inline uint64_t load_as(const char *s, bool lower)
{
	return lower ? lower8(load(s)) : load(s);
}

/* Masks that keep the first LEN of 16 bytes, as memory has them. */
static const uint8_t keep[32] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static inline struct word_key short_key(const struct words *w, const char *s, size_t len, bool lower)
{
	const char *mask = (const char *)keep + WORD_INLINE - len;
	struct word_key key = {.lo = load_as(s, lower) & load(mask), .hi = load_as(s + 8, lower) & load(mask + 8)};
	key.tag = (hash_short(&w->seed, key.lo, key.hi, len) & ~(uint64_t)31) | (len + 1);
	return key;
}

/* The last step takes the last 16 bytes, some of which an earlier step may have taken already. */
static struct word_key long_key(const struct words *w, const char *s, size_t len)
{
	uint64_t state = w->seed.k[2];
	for (size_t i = 0; i < len; i += 16) {
		const char *p = s + (i + 16 > len ? len - 16 : i);
		state = hash_step(&w->seed, state, load_as(p, w->lower), load_as(p + 8, w->lower));
	}
	return (struct word_key){.tag = hash_end(&w->seed, state, len) | LONG_WORD, .lo = (uintptr_t)s, .hi = len};
}

const char *word_bytes(const struct word *word, size_t *ret_len)
{
	bool is_long = (word->tag & 31) == LONG_WORD;
	*ret_len = is_long ? word->hi : (word->tag & 31) - 1;
	return is_long ? (const char *)(uintptr_t)word->lo : (const char *)&word->lo;
}

/* Whether the long word of SLOT equals KEY, which has the bytes of the input. */
static bool same_long(const struct words *w, const struct word *slot, const struct word_key *key)
{
	const char *a = (const char *)(uintptr_t)slot->lo, *b = (const char *)(uintptr_t)key->lo;
	size_t len = key->hi;
	if (slot->hi != len)
		return false;
	if (!w->lower)
		return memcmp(a, b, len) == 0;
	for (size_t i = 0; i < len; i += 8) {
		size_t at = i + 8 > len ? len - 8 : i;
		if (load(a + at) != lower8(load(b + at)))
			return false;
	}
	return true;
}

static char *keep_long(struct words *w, const char *s, size_t len)
{
	char *copy = arena_bytes(&w->arena, len);
	memcpy(copy, s, len);
	for (size_t i = 0; w->lower && i < len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] |= 0x20;
	return copy;
}

/* Zeroed slots, on huge pages when there are many: otherwise a large table has a TLB miss for each word. */
static struct word *slots_new(size_t n)
{
	size_t bytes = n * sizeof(struct word);
	struct word *slots = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		die(EXIT_TEMP, "out of memory");
	if (bytes >= HUGE_PAGE)
		madvise(slots, bytes, MADV_HUGEPAGE); /* advice only */
	return slots;
}

static void set_size(struct words *w, size_t size)
{
	w->size = size;
	w->shift = 64 - (unsigned)__builtin_ctzll(size);
}

void words_start(struct words *w)
{
	set_size(w, FIRST_SIZE);
	w->slots = slots_new(w->size);
	w->used = 0;
}

void words_release(struct words *w)
{
	munmap(w->slots, w->size * sizeof *w->slots);
	w->slots = NULL;
	w->used = w->order_size = 0;
	arena_release(&w->arena);
	free(w->order);
	w->order = NULL;
}

static size_t memory(const struct words *w)
{
	return w->size * sizeof *w->slots + w->arena.bytes + w->order_size * sizeof *w->order;
}

/* The slot for a word with TAG that is known to be absent. */
static struct word *free_slot(struct words *w, uint64_t tag)
{
	size_t i = tag >> w->shift;
	while (w->slots[i].tag)
		i = (i + 1) & (w->size - 1);
	return &w->slots[i];
}

static bool fits(const struct words *w, size_t more)
{
	return !w->max_memory || memory(w) + more <= w->max_memory;
}

/* Double the number of slots; both tables exist for a moment, and count as memory. */
static int grow(struct words *w)
{
	size_t size = w->size;
	struct word *old = w->slots;
	if (!fits(w, 2 * size * sizeof *old))
		return -EDQUOT;
	set_size(w, 2 * size);
	w->slots = slots_new(w->size);
	for (size_t i = 0; i < size; i++)
		if (old[i].tag)
			*free_slot(w, old[i].tag) = old[i];
	munmap(old, size * sizeof *old);
	return 0;
}

static int note_order(struct words *w, uint64_t tag)
{
	if (w->used == w->order_size) {
		size_t size = w->order_size ? 2 * w->order_size : FIRST_SIZE;
		if (!fits(w, size * sizeof *w->order))
			return -EDQUOT;
		w->order = xreallocarray(w->order, size, sizeof *w->order);
		w->order_size = size;
	}
	w->order[w->used] = tag;
	return 0;
}

/* Insert a word that is not in the table. */
static int insert(struct words *w, const struct word_key *key)
{
	int r = w->used >= w->size / 8 * 5 ? grow(w) : 0;
	if (!r && w->sort == SORT_NONE)
		r = note_order(w, key->tag);
	if (r)
		return r;
	uint64_t lo = key->lo;
	if ((key->tag & 31) == LONG_WORD) {
		if (!fits(w, arena_cost(&w->arena, key->hi)))
			return -EDQUOT;
		lo = (uintptr_t)keep_long(w, (const char *)(uintptr_t)lo, key->hi);
	}
	*free_slot(w, key->tag) = (struct word){key->tag, 1, lo, key->hi};
	w->used++;
	return 0;
}

static int count_long(struct words *w, const struct word_key *key)
{
	for (size_t i = key->tag >> w->shift; w->slots[i].tag; i = (i + 1) & (w->size - 1)) {
		if (w->slots[i].tag == key->tag && same_long(w, &w->slots[i], key)) {
			w->slots[i].count++;
			return 0;
		}
	}
	return insert(w, key);
}

static inline int count(struct words *w, const struct word_key *key)
{
	if ((key->tag & 31) == LONG_WORD)
		return count_long(w, key);
	for (size_t i = key->tag >> w->shift;; i = (i + 1) & (w->size - 1)) {
		struct word *slot = &w->slots[i];
		/* one branch for three comparisons, because the word is nearly always in the first slot */
		if (!((slot->tag ^ key->tag) | (slot->lo ^ key->lo) | (slot->hi ^ key->hi))) {
			slot->count++;
			return 0;
		}
		if (!slot->tag)
			return insert(w, key);
	}
}

int words_add_one(struct words *w, const char *s, size_t len)
{
	struct word_key key = len > WORD_INLINE ? long_key(w, s, len) : short_key(w, s, len, w->lower);
	return count(w, &key);
}

/* N words, BATCH at most: all their slots are prefetched, then examined one by one. */
static inline __attribute__((always_inline)) int add_batch(
	struct words *w, const char *s, const uint32_t *edges, size_t n, bool lower)
{
	struct word_key keys[BATCH];
	for (size_t i = 0; i < n; i++) {
		size_t len = edges[2 * i + 1] - edges[2 * i];
		const char *word = s + edges[2 * i];
		keys[i] = len > WORD_INLINE ? long_key(w, word, len) : short_key(w, word, len, lower);
		__builtin_prefetch(&w->slots[keys[i].tag >> w->shift], 1);
	}
	for (size_t i = 0; i < n; i++) {
		int r = count(w, &keys[i]);
		if (r)
			return r;
	}
	return 0;
}

int words_add(struct words *w, const char *s, const uint32_t *edges, size_t n)
{
	int r = 0;
	while (n && !r) {
		size_t part = n < BATCH ? n : BATCH;
		r = w->lower ? add_batch(w, s, edges, part, true) : add_batch(w, s, edges, part, false);
		edges += 2 * part;
		n -= part;
	}
	return r;
}
