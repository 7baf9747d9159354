/*
 * Finds names by their hashes, where there may be many: the fields of a list in a file, the members of a record.
 *
 * Layer: data (uses groups).  Names are numbered from 0 in the order in which they were added.  A struct name_index is
 * zeroed at first.
 */
#ifndef WEIR_DATA_NAME_INDEX_H
#define WEIR_DATA_NAME_INDEX_H

#include "common/data/groups.h"

#define NAME_INDEX_NONE GROUPS_NONE

struct name_index {
	struct groups groups;
	bool begun;
};

/* The number of the LEN bytes at NAME, which are copied if they are new: *RET_NEW says whether they were. */
uint32_t name_index_add(struct name_index *x, const char *name, size_t len, bool *ret_new);

/* The number of the LEN bytes at NAME; NAME_INDEX_NONE: they were not added. */
static inline uint32_t name_index_find(const struct name_index *x, const char *name, size_t len)
{
	return x->begun ? groups_find(&x->groups, name, len) : NAME_INDEX_NONE;
}

/* Without names again. */
void name_index_release(struct name_index *x);

#endif
