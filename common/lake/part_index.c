/* Open partitions by key: open addressing with linear probing, at most half full. */
#include "common/lake/part_index.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void part_index_release(struct part_index *index)
{
	free(index->slots);
	*index = (struct part_index){0};
}

uint64_t part_index_hash(const char *dir)
{
	uint64_t h = 0xcbf29ce484222325;
	for (; *dir; dir++)
		h = (h ^ (unsigned char)*dir) * 0x100000001b3;
	return h;
}

/* The slot of KEY and DIR, or the free slot for them.  Keys are often consecutive numbers, so their bits are mixed. */
static struct part_slot *slot(const struct part_index *index, uint64_t key, const char *dir)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15) >> 32) & index->mask;
	for (;; i = (i + 1) & index->mask) {
		struct part_slot *s = &index->slots[i];
		if (!s->part || (s->key == key && (!dir || strcmp(s->dir, dir) == 0)))
			return s;
	}
}

void *part_index_get(const struct part_index *index, uint64_t key, const char *dir)
{
	return index->slots ? slot(index, key, dir)->part : NULL;
}

static void grow(struct part_index *index)
{
	struct part_index old = *index;
	index->mask = old.slots ? 2 * old.mask + 1 : 63;
	index->slots = xcalloc(index->mask + 1, sizeof *index->slots);
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].part)
			*slot(index, old.slots[i].key, old.slots[i].dir) = old.slots[i];
	free(old.slots);
}

void part_index_add(struct part_index *index, uint64_t key, const char *dir, void *part)
{
	if (!index->slots || index->count > index->mask / 2)
		grow(index);
	*slot(index, key, dir) = (struct part_slot){key, dir, part};
	index->count++;
}
