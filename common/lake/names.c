/* Lists of names: see names.h. */
#include "common/lake/names.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"

void names_add(struct names *names, const char *name)
{
	if (names->count == names->cap) {
		names->cap = names->cap ? 2 * names->cap : 16;
		names->items = xreallocarray(names->items, names->cap, sizeof *names->items);
	}
	names->items[names->count++] = xstrdup(name);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	if (names->count)
		qsort(names->items, names->count, sizeof *names->items, by_bytes);
}

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){0};
}
