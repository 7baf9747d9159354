/* Arenas: see arena.h. */
#include "common/base/arena.h"

#include <stdlib.h>

#include "common/base/alloc.h"

#define BLOCK_MIN (16u << 10)
#define BLOCK_MAX (1u << 20)
#define KEPT_MAX  (64u << 10) /* what arena_clear() keeps */

struct arena_block {
	struct arena_block *next;
	char data[];
};

/*
 * New blocks grow with the total allocated so far, so that a small arena stays small; a large piece gets a block of its
 * own.
 */
static size_t block_size(const struct arena *a, size_t size)
{
	size_t normal = a->bytes < BLOCK_MIN ? BLOCK_MIN : a->bytes > BLOCK_MAX ? BLOCK_MAX : a->bytes;
	return sizeof(struct arena_block) + size > normal ? sizeof(struct arena_block) + size : normal;
}

size_t arena_cost(const struct arena *a, size_t size)
{
	return a->blocks && size <= a->left ? 0 : block_size(a, size);
}

char *arena_bytes(struct arena *a, size_t size)
{
	if (arena_cost(a, size)) {
		size_t total = block_size(a, size);
		struct arena_block *block = xmalloc(total);
		block->next = a->blocks;
		a->blocks = block;
		a->bytes += total;
		/* the large block is full already: go on filling the other one */
		if (total - sizeof *block - size < a->left)
			return block->data;
		a->free = block->data;
		a->left = total - sizeof *block;
	}
	char *p = a->free;
	a->free += size;
	a->left -= size;
	return p;
}

void arena_clear(struct arena *a)
{
	if (a->blocks && !a->blocks->next && a->bytes <= KEPT_MAX) {
		a->free = a->blocks->data;
		a->left = a->bytes - sizeof *a->blocks;
	} else if (a->blocks) {
		arena_release(a);
	}
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
	*a = (struct arena){0};
}
