/*
 * Memory for many small things that are freed together.
 *
 * Layer: base (uses alloc: out of memory ends the program).  Invariant: what was returned stays where it is until
 * arena_release().  A zeroed struct is a valid empty arena.
 */
#ifndef WEIR_BASE_ARENA_H
#define WEIR_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *blocks; /* the first block is being filled */
	char *free;
	size_t left;  /* bytes at `free` */
	size_t bytes; /* bytes taken from the system in all */
};

/* SIZE bytes, uninitialised and not aligned; owned by A. */
char *arena_bytes(struct arena *a, size_t size) __attribute__((returns_nonnull));

/* The bytes that arena_bytes(A, SIZE) would take from the system. */
size_t arena_cost(const struct arena *a, size_t size);

/* Everything is free to be used again.  The memory stays A's as far as small arenas need it: no malloc() per record. */
void arena_clear(struct arena *a);

/* Free everything; A is empty and usable again. */
void arena_release(struct arena *a);

#endif
