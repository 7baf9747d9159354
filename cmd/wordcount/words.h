/*
 * The table of wordcount: how often each word was seen.
 *
 * Open addressing with linear probing over slots of 32 bytes, two a cache line.  A word of up to 16 bytes lies in its
 * slot, so that most words cost no pointer; longer ones are in an arena.
 */
#ifndef WEIR_WORDCOUNT_WORDS_H
#define WEIR_WORDCOUNT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/hash.h"

#define WORD_INLINE 16u

struct word {
	uint64_t tag; /* high bits: of the hash; the low five: length + 1, or 31 for a long word; 0: no word */
	uint64_t count;
	uint64_t lo, hi; /* the bytes, zero-padded; of a long word the address and the length */
};

enum word_sort { SORT_COUNT, SORT_WORD, SORT_NONE };

struct words {
	struct word *slots;
	size_t size, used; /* slots in all (a power of two), words */
	unsigned shift;    /* tag >> shift is the slot where a word belongs */
	struct arena arena;
	struct hash_seed seed;
	bool lower;
	enum word_sort sort;
	uint64_t max_memory; /* bytes for slots, words and order; 0: no limit */
	uint64_t *order;     /* SORT_NONE: tags by first appearance */
	size_t order_size;
};

/* SEED, LOWER, SORT and MAX_MEMORY are set by the caller, all else is 0. */
void words_start(struct words *w);

/* Drop all words and free their memory; words_start() begins again. */
void words_release(struct words *w);

/*
 * Count N words: the Ith is S[edges[2I]..edges[2I+1]).  Up to 16 bytes past each are read.
 *
 * Returns 0, or -EDQUOT when max_memory does not suffice; the words counted so far remain.
 */
int words_add(struct words *w, const char *s, const uint32_t *edges, size_t n) MUST_CHECK;

/* Count one word, of any length; the same otherwise. */
int words_add_one(struct words *w, const char *s, size_t len) MUST_CHECK;

/*
 * Sort the words by w->sort; only the first TOP must be in order.  Returns how many there are, TOP at most.  Nothing
 * may be added any more.
 */
size_t words_finish(struct words *w, uint64_t top);

/* The Ith word after words_finish(); call it once for each, in this order. */
struct word words_next(struct words *w, size_t i);

/* The bytes of a word and their number; they lie in WORD itself or in the table's memory. */
const char *word_bytes(const struct word *word, size_t *ret_len);

#endif
