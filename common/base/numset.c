/* A set of numbers: see numset.h. */
#include "common/base/numset.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

/* Where N is, or belongs. */
static size_t find(const struct numset *set, uint64_t n)
{
	size_t low = 0, high = set->count;
	if (set->count && set->all[set->count - 1] < n)
		return set->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (set->all[middle] < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool numset_has(const struct numset *set, uint64_t n)
{
	size_t at = find(set, n);
	return at < set->count && set->all[at] == n;
}

bool numset_add(struct numset *set, uint64_t n)
{
	size_t at = find(set, n);
	if (at < set->count && set->all[at] == n)
		return false;
	if (set->count == set->room) {
		set->room = set->room ? 2 * set->room : 16;
		set->all = xreallocarray(set->all, set->room, sizeof *set->all);
	}
	memmove(set->all + at + 1, set->all + at, (set->count - at) * sizeof *set->all);
	set->all[at] = n;
	set->count++;
	return true;
}

void numset_clear(struct numset *set)
{
	free(set->all);
	*set = (struct numset){0};
}
