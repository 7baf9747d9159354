/* What the two halves of spacesaving share. */
#ifndef WEIR_STAT_SPACESAVING_IMPL_H
#define WEIR_STAT_SPACESAVING_IMPL_H

#include "common/stat/spacesaving.h"

/*
 * A counter in the heap.  COUNT may be out of date, which does no harm because counts only grow: it is updated when the
 * counter comes to the top, so that adding to a known key does not touch the heap.
 */
struct spacesaving_node {
	uint64_t count;
	uint32_t tie; /* the upper half of the hash */
	uint32_t entry;
};

/* The entry of the key of KEY, or NULL. */
const struct spacesaving_entry *spacesaving_lookup(const struct spacesaving *s, const struct spacesaving_entry *key);

/* Add an entry with the key (copied), hash and numbers of ENTRY; its key must not have one yet. */
void spacesaving_append(struct spacesaving *s, const struct spacesaving_entry *entry);

/* <0 when A has the smaller counter, >0 when B has: by count, hash, key. */
int spacesaving_compare(const struct spacesaving_entry *a, const struct spacesaving_entry *b);

/* The order of spacesaving_top(): <0 when A comes first. */
int spacesaving_compare_top(const struct spacesaving_entry *a, const struct spacesaving_entry *b);

/* All entries in that order; the caller frees the list. */
const struct spacesaving_entry **spacesaving_sorted(const struct spacesaving *s);

#endif
