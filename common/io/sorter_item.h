/* The items of a sorter (sorter.h), as they lie in memory and in a file; for sorter.c and stretches.c. */
#ifndef WEIR_IO_SORTER_ITEM_H
#define WEIR_IO_SORTER_ITEM_H

#include <stdint.h>
#include <string.h>

/* An item begins with the lengths of its key and its data, which follow. */
struct sorter_head {
	uint32_t key, data;
};

static inline struct sorter_head item_head(const char *item)
{
	struct sorter_head head;
	memcpy(&head, item, sizeof head);
	return head;
}

static inline size_t item_len(const char *item)
{
	struct sorter_head head = item_head(item);
	return sizeof head + head.key + head.data;
}

/* Compare the keys of two items. */
static inline int item_compare(const char *a, const char *b)
{
	struct sorter_head x = item_head(a), y = item_head(b);
	int r = memcmp(a + sizeof x, b + sizeof y, x.key < y.key ? x.key : y.key);
	return r ? r : (x.key > y.key) - (x.key < y.key);
}

#endif
