/* Open partitions by a 64-bit key and, if keys are hashes of directories, by directory.  For the writers of tables. */
#ifndef WEIR_LAKE_PART_INDEX_H
#define WEIR_LAKE_PART_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct part_index {
	struct part_slot {
		uint64_t key;
		const char *dir; /* NULL: the key alone decides */
		void *part;      /* NULL: free */
	} * slots;
	size_t count, mask;
};
void part_index_release(struct part_index *index);

/* The partition of KEY and DIR, NULL when there is none. */
void *part_index_get(const struct part_index *index, uint64_t key, const char *dir);

/* Add a partition that is not in the index yet; DIR is kept. */
void part_index_add(struct part_index *index, uint64_t key, const char *dir, void *part);

/* A hash of DIR (FNV-1a). */
uint64_t part_index_hash(const char *dir);

#endif
