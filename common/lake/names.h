/*
 * Names in a directory, or paths.
 *
 * Layer: lake (uses base).  A zeroed list is empty; the names are owned.
 */
#ifndef WEIR_LAKE_NAMES_H
#define WEIR_LAKE_NAMES_H

#include <stddef.h>

struct names {
	char **items;
	size_t count, cap;
};

/* Append a copy of NAME. */
void names_add(struct names *names, const char *name);

/* Sort by bytes. */
void names_sort(struct names *names);

/* Free all; the list is empty then. */
void names_release(struct names *names);

#endif
