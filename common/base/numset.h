/*
 * A set of numbers, for a few of them: a sorted array.
 *
 * Layer: base (uses alloc, so that out of memory ends the program).
 */
#ifndef WEIR_BASE_NUMSET_H
#define WEIR_BASE_NUMSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numset {        /* zeroed at first */
	uint64_t *all; /* owned; ascending */
	size_t count, room;
};

/* Add N.  False: it is there already.  In constant time if N is larger than those before. */
bool numset_add(struct numset *set, uint64_t n);

bool numset_has(const struct numset *set, uint64_t n);

/* Remove all numbers. */
void numset_clear(struct numset *set);

#endif
