/*
 * Keys that will be looked up soon: the memory that the look-ups will touch is prefetched.
 *
 * Layer: data (uses groups).  A look-up among many groups misses the caches two or three times, one after the other:
 * first the place in the table, then the slot.  So a few keys are gathered, and the place of each is prefetched; then
 * the slots of all are prefetched; then they are looked up.  detect's zscore by 100,000 keys takes 540 ns a record when
 * each look-up waits for memory, 200 ns with 16 of them in flight.
 */
#ifndef WEIR_DATA_GROUPS_PREFETCH_H
#define WEIR_DATA_GROUPS_PREFETCH_H

#include "common/base/strbuf.h"
#include "common/data/groups.h"

#define GROUPS_PREFETCH 32 /* keys at most */

struct groups_prefetch {
	size_t count;
	struct groups_key keys[GROUPS_PREFETCH];
	size_t at[GROUPS_PREFETCH]; /* of a long key in `text` */
	struct strbuf text;
};

void groups_prefetch_init(struct groups_prefetch *p);
void groups_prefetch_release(struct groups_prefetch *p);

/* Add KEY, which is copied; like all others it will be looked up in G. There must be room.  Returns its number. */
size_t groups_prefetch_add(struct groups_prefetch *p, const struct groups *g, const struct groups_key *key);

/* All keys have been added: prefetch their slots. */
void groups_prefetch_slots(const struct groups_prefetch *p, const struct groups *g);

/* The key of number I, valid until the next one is added or all are forgotten. */
static inline struct groups_key groups_prefetch_key(const struct groups_prefetch *p, size_t i)
{
	struct groups_key key = p->keys[i];

	if (key.s)
		key.s = p->text.s + p->at[i];
	return key;
}

/* Forget all keys. */
static inline void groups_prefetch_clear(struct groups_prefetch *p)
{
	p->count = 0;
	strbuf_clear(&p->text);
}

#endif
