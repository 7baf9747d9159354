/* Sorting in bounded memory: see sorter.h. */
#include "common/io/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/alloc.h"
#include "common/io/sorter_item.h"
#include "common/io/stretches.h"

#define LEAST     (UINT64_C(64) << 10) /* bytes of memory */
#define SORT_COST 2                    /* qsort_r(3) needs as much memory again as the places have */

/* Where an item is in the memory, and the first bytes of its key, which mostly decide. */
struct sorter_place {
	uint64_t prefix;
	uint64_t at;
};

/* Items lie at the beginning of the memory, and their places at its end, the first one last. */
struct sorter {
	char *memory;
	size_t size, used; /* bytes of the memory; of items */
	size_t count;      /* items in the memory */
	size_t next;       /* of them, without stretches, to be given back */
	struct stretches stretches;
};

struct sorter *sorter_new(uint64_t memory)
{
	struct sorter *s = xcalloc(1, sizeof *s);
	uint64_t size = (memory < LEAST ? LEAST : memory) / sizeof(struct sorter_place) * sizeof(struct sorter_place);
	s->size = (size_t)size;
	s->memory = xmalloc(s->size);
	stretches_init(&s->stretches);
	return s;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	stretches_release(&s->stretches);
	free(s->memory);
	free(s);
}

/* --- items in memory ---------------------------------------------------------------------------------------------- */

static struct sorter_place *places(const struct sorter *s)
{
	return (struct sorter_place *)(void *)(s->memory + s->size) - s->count;
}

static uint64_t prefix_of(const char *key, size_t len)
{
	unsigned char first[8] = {0};
	uint64_t n = 0;
	memcpy(first, key, len < sizeof first ? len : sizeof first);
	for (size_t i = 0; i < sizeof first; i++)
		n = n << 8 | first[i];
	return n;
}

static int by_key(const void *a, const void *b, void *memory)
{
	const struct sorter_place *x = a, *y = b;
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	int r = item_compare((char *)memory + x->at, (char *)memory + y->at);
	return r ? r : (x->at > y->at) - (x->at < y->at);
}

static void sort(const struct sorter *s)
{
	qsort_r(places(s), s->count, sizeof(struct sorter_place), by_key, s->memory);
}

/* Write the items in memory as a stretch. */
static int spill(struct sorter *s)
{
	if (!s->count)
		return 0;
	int r = stretches_begin(&s->stretches);
	if (r < 0)
		return r;
	sort(s);
	for (size_t i = 0; r == 0 && i < s->count; i++)
		r = stretches_put(&s->stretches, s->memory + places(s)[i].at);
	if (r == 0)
		r = stretches_end(&s->stretches);
	s->count = s->used = 0;
	return r;
}

int sorter_add(struct sorter *s, const void *key, size_t key_len, const void *data, size_t len)
{
	const struct sorter_head head = {(uint32_t)key_len, (uint32_t)len};
	size_t places_len = SORT_COST * sizeof(struct sorter_place), most = s->size - places_len - sizeof head;
	if (key_len > most || len > most - key_len)
		return -EFBIG;
	size_t need = sizeof head + key_len + len;
	if (s->size - s->used < need + (s->count + 1) * places_len) {
		int r = spill(s);
		if (r < 0)
			return r;
	}
	char *item = s->memory + s->used;
	memcpy(item, &head, sizeof head);
	memcpy(item + sizeof head, key, key_len);
	memcpy(item + sizeof head + key_len, data, len);
	s->count++;
	*places(s) = (struct sorter_place){prefix_of(key, key_len), s->used};
	s->used += need;
	return 0;
}

/* --- giving items back -------------------------------------------------------------------------------------------- */

int sorter_begin(struct sorter *s)
{
	if (!s->stretches.count) {
		sort(s);
		return 0;
	}
	int r = spill(s);
	if (r < 0)
		return r;
	free(s->memory); /* the stretches have all items now */
	s->memory = NULL;
	return stretches_merge(&s->stretches, s->size);
}

int sorter_next(struct sorter *s, const char **ret_data, size_t *ret_len)
{
	const char *item;
	if (s->stretches.count) {
		int r = stretches_next(&s->stretches, &item);
		if (r <= 0)
			return r;
	} else if (s->next == s->count) {
		return 0;
	} else {
		item = s->memory + places(s)[s->next++].at;
	}
	struct sorter_head head = item_head(item);
	*ret_data = item + sizeof head + head.key;
	*ret_len = head.data;
	return 1;
}
