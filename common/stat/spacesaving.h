/*
 * The most frequent keys, by Space-Saving.
 *
 * Layer: stat (uses hash64, bytes).  Sources: A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent
 * and top-k elements in data streams", ICDT 2005; merging as in M. Cafaro, M. Pulimeno, P. Tempesta, "A parallel space
 * saving algorithm for frequent items", Information Sciences 329 (2016), after Agarwal et al., "Mergeable summaries",
 * PODS 2012.  Up to `capacity` keys have counters; a further key takes over the smallest counter (by count, then hash,
 * then key), whose count is noted as its error.
 *
 * Error: none as long as there were no more than `capacity` distinct keys (spacesaving_is_exact()); until then neither
 * the order nor merges matter, and equal contents give equal bytes.  Beyond that, for a total weight W, every key with
 * more than W / capacity has a counter, and true <= count <= true + error, with error <= W / capacity; which of the
 * rarer keys have counters, and with which error, depends on the order.  (A merge of two keeps true <= count <= true +
 * error; its errors add up.)
 *
 * Time: a look-up in a table and, only above capacity, O(log capacity).  Memory: for each key its length and 48 to 112
 * bytes.  The table uses hash64, so chosen keys can make each addition compare up to `capacity` keys.
 */
#ifndef WEIR_STAT_SPACESAVING_H
#define WEIR_STAT_SPACESAVING_H

#include <stdbool.h>

#include "common/stat/ops.h"

#define SPACESAVING_KEY_MAX  (1u << 31) /* bytes of a key */
#define SPACESAVING_CAPACITY 1000000u   /* at most */

struct spacesaving_entry {
	uint64_t count, error, hash;
	char *key; /* owned; not ended by NUL */
	uint32_t len, room;
};

struct spacesaving {
	uint32_t capacity, n;
	bool dropped;   /* a key was left out, so counts may be too high */
	uint64_t total; /* sum of all weights */
	struct spacesaving_entry *entry;
	struct spacesaving_node *heap; /* the smallest counter first; NULL until it is needed */
	uint32_t *table;               /* by hash: numbers of entries + 1, 0: free */
	uint32_t room;                 /* entries for which there is memory; the table has twice as many places */
};

/* CAPACITY is 1 to SPACESAVING_CAPACITY.  To find the top k reliably take a multiple of k: max(10 * k, 1000). */
void spacesaving_init(struct spacesaving *s, uint32_t capacity);
/* Forget all keys; the capacity stays. */
void spacesaving_release(struct spacesaving *s);

/* Add WEIGHT to the LEN bytes at KEY, which are copied.  Returns 0, or -EMSGSIZE: longer than SPACESAVING_KEY_MAX, not
 * added. */
int spacesaving_add(struct spacesaving *s, const void *key, size_t len, uint64_t weight) MUST_CHECK;

static inline bool spacesaving_is_exact(const struct spacesaving *s)
{
	return !s->dropped;
}

/*
 * The K keys with the largest counts, largest first, of equal counts the smaller key (by bytes) first.
 *
 * RET has room for K; returns how many there are.  They are valid until S is changed.
 */
size_t spacesaving_top(const struct spacesaving *s, size_t k, const struct spacesaving_entry **ret);

/* Both must have the same capacity. */
void spacesaving_merge(struct spacesaving *into, const struct spacesaving *from);
void spacesaving_save(const struct spacesaving *s, struct strbuf *out);
/*
 * S must be initialised with the capacity of the one that was saved; if this fails, it is empty and still initialised.
 */
int spacesaving_load(struct spacesaving *s, struct stat_in *in) MUST_CHECK;
extern const struct stat_ops spacesaving_ops;

#endif
